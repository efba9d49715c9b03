import { Annotations, CfnResource, Stack, TagManager } from 'aws-cdk-lib';
import { CfnAlarm, IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RoutedAlarm } from './alarm-registry';
import { RunbookTarget } from './runbook-target';
import { MatchedAlarm, matchRunbooks, MOST_RUNBOOKS } from '../private/shared/matcher';
import { RunbookEntry } from '../private/shared/runbook-table';
import { wholeFunction } from '../private/whole-function';

/** What is registered when the app is synthesised. */
export interface Registered {
  readonly alarms: readonly RoutedAlarm[];
  readonly runbooks: readonly RunbookEntry[];
  readonly targets: readonly RunbookTarget[];
}

/** An alarm as far as it can be told before it is deployed. */
interface SynthesisedAlarm extends MatchedAlarm {
  readonly metrics: { readonly namespace: string; readonly name: string; readonly dimensions: Readonly<Record<string, unknown>> }[];
}

/** What runbooks can look at. */
interface Resource {
  readonly namespace: string;
  /** The metrics' dimension that names it. */
  readonly dimension: string;
  readonly what: string;
  /** How it is registered. */
  readonly method: string;
}

const RESOURCES: Resource[] = [
  { namespace: 'AWS/Lambda', dimension: 'FunctionName', what: 'function', method: 'monitorFunction' },
  { namespace: 'AWS/ApiGateway', dimension: 'ApiName', what: 'API', method: 'monitorApi' },
  { namespace: 'AWS/DynamoDB', dimension: 'TableName', what: 'table', method: 'monitorTable' },
];

/**
 * Looks, at the end of synthesis, at which runbooks the alarms would get: more than run fail it, and one that could not see what its
 * alarm watches is warned of. Of imported alarms nothing is known then.
 */
export function checkAlarms(scope: Construct, { alarms, runbooks, targets }: Registered): string[] {
  const sees = among(targets.flatMap(namesOf));
  return alarms.filter(({ entry }) => !entry.own).flatMap(({ alarm, entry }) => {
    const facts = factsOf(alarm);
    if (!facts) return [];
    const { runbooks: matched, candidates } = matchRunbooks(runbooks, facts, entry);
    const unseen = RESOURCES.find(({ namespace, dimension }) => facts.metrics.some((metric) => (
      metric.namespace === namespace && dimension in metric.dimensions && !sees(Stack.of(alarm), metric.dimensions[dimension]))));
    if (unseen) warnOf(scope, unseen, entry.key, matched);
    const fits = candidates.filter(({ outcome }) => outcome === 'RUNS' || outcome === 'TOO_MANY');
    if (fits.length <= MOST_RUNBOOKS) return [];
    const each = fits.map(({ runbook, reason }) => `${runbook} (${reason})`).join(', ');
    return [`${scope.node.path}: ${fits.length} runbooks match the alarm '${entry.key}', and at most ${MOST_RUNBOOKS} run: ${each}. `
      + 'Name one of them for the alarm, or narrow what they match.'];
  });
}

function warnOf(scope: Construct, resource: Resource, key: string, matched: readonly RunbookEntry[]) {
  // The general one looks at metrics and changes alone, and a written one at nothing.
  for (const { name } of matched.filter((runbook) => runbook.name !== 'general' && (runbook.functionArn ?? runbook.stateMachineArn))) {
    Annotations.of(scope).addWarningV2(`cdk-serverless-monitoring:runbookCannotSee:${key}`,
      `${scope.node.path}: the runbook '${name}' investigates the alarm '${key}', but cannot see the ${resource.what} that it watches. `
      + `Register it with ${resource.method}; the alarm that this makes can be switched off in alarmOverrides.`);
  }
}

/** Whether a name is among these. One and the same is one reference in its own stack, and another in a stack that imports it. */
function among(names: readonly string[]): (stack: Stack, name: unknown) => boolean {
  const byStack = new Map<Stack, Set<string>>();
  return (stack, name) => {
    const told = (each: unknown) => JSON.stringify(stack.resolve(each));
    const known = byStack.get(stack) ?? new Set(names.map(told));
    byStack.set(stack, known);
    return known.has(told(name));
  };
}

function namesOf({ lambdaFunction, restApi, table }: RunbookTarget): string[] {
  const functions = [...lambdaFunction ? [lambdaFunction] : [], ...restApi?.functions ?? []].map((fn) => wholeFunction(fn).fn.functionName);
  return [...functions, ...restApi ? [restApi.apiName] : [], ...table ? [table.tableName] : []];
}

/** Undefined where it is not made in this app. */
function factsOf(alarm: IAlarm): SynthesisedAlarm | undefined {
  const resource = alarm.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) return undefined;
  // A composite has the members of no metric, but of the rest.
  const { alarmName, metrics, namespace, metricName, dimensions } = resource as CfnAlarm;
  const resolved = Stack.of(alarm).resolve({ metrics, own: { namespace, metricName, dimensions } }) as { metrics?: CfnQuery[]; own: CfnMetric };
  const watched = [resolved.own, ...(resolved.metrics ?? []).map(({ metricStat }) => metricStat?.metric)];
  return {
    arn: alarm.alarmArn,
    // One that CloudFormation names has no name yet: no pattern but `*` fits it.
    name: alarmName ?? '',
    tags: TagManager.of(resource)?.tagValues() ?? {},
    metrics: watched.flatMap((metric) => (metric?.metricName === undefined ? [] : [{
      namespace: metric.namespace ?? '',
      name: metric.metricName,
      dimensions: Object.fromEntries((metric.dimensions ?? []).map((dimension) => [dimension.name, dimension.value])),
    }])),
  };
}

/** Members of a template's alarm, resolved. */
interface CfnMetric { readonly namespace?: string; readonly metricName?: string; readonly dimensions?: CfnAlarm.DimensionProperty[] }
interface CfnQuery { readonly metricStat?: { readonly metric?: CfnMetric } }
