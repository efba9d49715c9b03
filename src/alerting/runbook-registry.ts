import { Annotations, Duration } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AlarmMatcher } from './alarm-matcher';
import { BUILT_IN_MATCHES } from './built-in-matches';
import { RunbookDocumentation } from './runbook-documentation';
import { RunbookBindOptions, RunbookHandlerBinding } from './runbook-handler';
import { RunbookRegistration } from './runbook-registration';
import { RunbookTarget } from './runbook-target';
import { ParameterList } from '../private/parameter-list';
import { BUILT_IN_RUNBOOKS, RunbookEntry, TABLE_PATH } from '../private/shared/runbook-table';

/** A run must leave the executor time to store and report: its own limit is 5 minutes. */
export const MAX_RUN_TIMEOUT = Duration.minutes(4);

/** What the registry binds handlers with. */
export interface RunbookRegistryProps {
  readonly parameterPrefix: string;
  readonly entries: ParameterList<RunbookEntry>;
  readonly bind: Omit<RunbookBindOptions, 'runbookName' | 'timeout'>;
}

interface Registered {
  readonly entry: RunbookEntry;
  readonly registration: RunbookRegistration;
  readonly binding: RunbookHandlerBinding;
  readonly builtIn: boolean;
  readonly scope: Construct;
  readonly withdraw: () => void;
}

/** The runbooks of one deployment: binds their handlers, publishes their links, and shows them what they may look at. */
export class RunbookRegistry extends Construct {
  /** The monitored resources. */
  public readonly targets: RunbookTarget[] = [];
  private readonly registered = new Map<string, Registered>();
  private order = 0;

  constructor(scope: Construct, id: string, private readonly props: RunbookRegistryProps) {
    super(scope, id);
  }

  /** The registered runbooks' names, in order of registration. */
  public names(): string[] {
    return [...this.registered.keys()];
  }

  /** The runbooks as the executor knows them. */
  public entries(): RunbookEntry[] {
    return [...this.registered.values()].map(({ entry }) => entry);
  }

  /** Functions that the executor invokes. */
  public handlerArns(): string[] {
    return [...this.registered.values()].flatMap(({ binding }) => binding.handlerFunction?.functionArn ?? []);
  }

  /** Express state machines that the executor starts. */
  public stateMachineArns(): string[] {
    return [...this.registered.values()].flatMap(({ binding }) => binding.stateMachine?.stateMachineArn ?? []);
  }

  /** Registers a runbook; one of a built-in's name takes that built-in's place. */
  public add(registration: RunbookRegistration, builtIn = false) {
    this.check(registration);
    const { name } = registration;
    const earlier = this.registered.get(name);
    if (earlier && !earlier.builtIn) {
      throw new Error(`${this.node.path}: the runbook '${name}' is registered twice. Give each runbook its own name.`);
    }
    if (earlier) {
      earlier.withdraw();
      this.node.tryRemoveChild(name);
    }
    if (!builtIn && !registration.documentation && !isBuiltInName(name)) {
      Annotations.of(this).addWarningV2('cdk-serverless-monitoring:runbookWithoutDocumentation',
        `${this.node.path}: the runbook '${name}' has no documentation, so its link is the general page. Set documentation: RunbookDocumentation.url(...).`);
    }
    // The binding's own folder, so that a replaced built-in leaves nothing behind.
    const scope = new Construct(this, name);
    const timeout = registration.timeout ?? Duration.seconds(60);
    const binding = registration.handler.bind(scope, { ...this.props.bind, runbookName: name, timeout });
    this.checkBinding(name, binding);
    new StringParameter(scope, 'Link', {
      parameterName: `${this.props.parameterPrefix}/${name}`,
      simpleName: false,
      description: `Written runbook of ${name}: reports carry this link. Change it here at any time.`,
      stringValue: this.pageOf(registration),
    });
    const entry: RunbookEntry = {
      name,
      order: this.order++,
      functionArn: binding.handlerFunction?.functionArn,
      stateMachineArn: binding.stateMachine?.stateMachineArn,
      matches: (registration.matches ?? BUILT_IN_MATCHES[name] ?? []).map((matcher: AlarmMatcher) => matcher._render()),
      severity: registration.severity,
      timeout: timeout.toSeconds(),
      cooldown: (registration.cooldown ?? Duration.minutes(15)).toSeconds(),
      maxRunsPerHour: registration.maxRunsPerHour ?? 10,
      parameters: registration.parameters ?? {},
    };
    const withdraw = this.props.entries.add(entry);
    this.registered.set(name, { entry, registration, binding, builtIn, scope, withdraw });
    this.targets.forEach((target) => binding.targetAccess?.grantTarget(target));
  }

  /** Shows a monitored resource to every runbook, also to those registered later. */
  public addTarget(target: RunbookTarget) {
    this.targets.push(target);
    this.registered.forEach(({ binding }) => binding.targetAccess?.grantTarget(target));
  }

  /** Address of a runbook's written page, with the section where the runbook is a built-in. */
  public page(name: string): string {
    const found = this.registered.get(name);
    return found ? this.pageOf(found.registration) : RunbookDocumentation.packaged()._render(name);
  }

  private pageOf(registration: RunbookRegistration): string {
    return (registration.documentation ?? RunbookDocumentation.packaged())._render(registration.name);
  }

  private check(registration: RunbookRegistration) {
    const { name, timeout } = registration;
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name) || name === TABLE_PATH) {
      throw new Error(`${this.node.path}: the runbook name '${name}' must be 1 to 64 of a-z, 0-9 and '-', and not '${TABLE_PATH}': it becomes the parameter ${this.props.parameterPrefix}/<name>.`);
    }
    if (timeout && timeout.toSeconds() > MAX_RUN_TIMEOUT.toSeconds()) {
      throw new Error(`${this.node.path}: the runbook '${name}' has a timeout of ${timeout.toSeconds()} s; the executor stops after 5 minutes, so at most ${MAX_RUN_TIMEOUT.toSeconds()} s.`);
    }
  }

  private checkBinding(name: string, binding: RunbookHandlerBinding) {
    // A Python attribute without @property, or a method that returns nothing, arrives here as undefined.
    if (!binding || (binding.handlerFunction && !binding.handlerFunction.functionArn)) {
      throw new Error(`${this.node.path}: bind() of the runbook '${name}' must return a RunbookHandlerBinding whose handlerFunction is a Lambda function (or is left out); found ${JSON.stringify(binding)}.`);
    }
    if (!binding.stateMachine) return;
    if (binding.handlerFunction) {
      throw new Error(`${this.node.path}: bind() of the runbook '${name}' returned both a handlerFunction and a stateMachine; return the one that answers with the result.`);
    }
    const { stateMachineType } = binding.stateMachine as Partial<StateMachine>;
    if (stateMachineType === StateMachineType.STANDARD) {
      throw new Error(`${this.node.path}: the state machine of the runbook '${name}' is of the type STANDARD, which cannot be waited for; set stateMachineType: StateMachineType.EXPRESS.`);
    }
  }
}

function isBuiltInName(name: string): boolean {
  return (BUILT_IN_RUNBOOKS as readonly string[]).includes(name);
}
