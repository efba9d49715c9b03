import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Synthesises one stack in which `build` makes something. */
export function synth<T>(build: (stack: Stack) => T, props: { region?: string; account?: string; context?: Record<string, unknown> } = {}) {
  const app = new App({ context: props.context });
  const stack = new Stack(app, 'Stack', { env: { region: props.region, account: props.account } });
  const built = build(stack);
  const template = Template.fromStack(stack);
  return { app, stack, built, template, resources: template.toJSON().Resources as Record<string, Resource> };
}

/** The resources of one type. */
export function ofType(resources: Record<string, Resource>, type: string): Resource[] {
  return Object.values(resources).filter((resource) => resource.Type === type);
}

/** A statement of a policy. */
export interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** All statements of the policies of the role of one function, found by its logical id's beginning. */
export function statementsOf(resources: Record<string, Resource>, functionId: RegExp): Statement[] {
  const fn = Object.entries(resources).find(([id, { Type }]) => Type === 'AWS::Lambda::Function' && functionId.test(id));
  if (!fn) {
    throw new Error(`No function matches ${functionId}: ${Object.keys(resources).filter((id) => resources[id].Type === 'AWS::Lambda::Function')}`);
  }
  const role = fn[1].Properties.Role['Fn::GetAtt'][0];
  return ofType(resources, 'AWS::IAM::Policy')
    .filter((policy) => policy.Properties.Roles.some((ref: { Ref: string }) => ref.Ref === role))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}

/** Every action that a function's role is allowed. */
export function actionsOf(resources: Record<string, Resource>, functionId: RegExp): string[] {
  return statementsOf(resources, functionId).flatMap(({ Action }) => Action).sort();
}
