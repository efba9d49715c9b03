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

/** What runbooks can look at, by the metrics' namespace: the dimension that names it, and how it is registered. */
const RESOURCES = [
  { namespace: 'AWS/Lambda', dimension: 'FunctionName', what: 'function', method: 'monitorFunction' },
  { namespace: 'AWS/ApiGateway', dimension: 'ApiName', what: 'API', method: 'monitorApi' },
  { namespace: 'AWS/DynamoDB', dimension: 'TableName', what: 'table', method: 'monitorTable' },
];

/**
 * Looks, at the end of synthesis, at which runbooks the alarms would get: more than run fail it, and one that could not see what its
 * alarm watches is warned of. Of imported alarms nothing is known then.
 */
export function checkAlarms(scope: Construct, { alarms, runbooks, targets }: Registered): string[] {
  const seen = new Set(targets.flatMap(namesOf).map((name) => told(scope, name)));
  return alarms.filter(({ entry }) => !entry.own).flatMap(({ alarm, entry }) => {
    const facts = factsOf(alarm);
    if (!facts) return [];
    const { runbooks: matched, candidates } = matchRunbooks(runbooks, facts, entry);
    warnOfUnseen(scope, entry.key, facts, matched, seen);
    const fits = candidates.filter(({ outcome }) => outcome === 'RUNS' || outcome === 'TOO_MANY');
    if (fits.length <= MOST_RUNBOOKS) return [];
    const each = fits.map(({ runbook, reason }) => `${runbook} (${reason})`).join(', ');
    return [`${scope.node.path}: ${fits.length} runbooks match the alarm '${entry.key}', and at most ${MOST_RUNBOOKS} run: ${each}. `
      + 'Name one of them for the alarm, or narrow what they match.'];
  });
}

function warnOfUnseen(scope: Construct, key: string, alarm: SynthesisedAlarm, matched: readonly RunbookEntry[], seen: Set<string>) {
  const resource = RESOURCES.find(({ namespace, dimension }) => alarm.metrics.some((metric) => (
    metric.namespace === namespace && dimension in metric.dimensions && !seen.has(told(scope, metric.dimensions[dimension])))));
  if (!resource) return;
  // The general one looks at metrics and changes alone, and a written one at nothing.
  for (const { name } of matched.filter((runbook) => runbook.name !== 'general' && (runbook.functionArn ?? runbook.stateMachineArn))) {
    Annotations.of(scope).addWarningV2(`cdk-serverless-monitoring:runbookCannotSee:${key}`,
      `${scope.node.path}: the runbook '${name}' investigates the alarm '${key}', but cannot see the ${resource.what} that it watches. `
      + `Register it with ${resource.method}; the alarm that this makes can be switched off in alarmOverrides.`);
  }
}

function namesOf({ lambdaFunction, restApi, table }: RunbookTarget): string[] {
  const functions = [...lambdaFunction ? [lambdaFunction] : [], ...restApi?.functions ?? []].map((fn) => wholeFunction(fn).fn.functionName);
  return [...functions, ...restApi ? [restApi.apiName] : [], ...table ? [table.tableName] : []];
}

/** A name, or the reference that stands for it, so that two of the same can be told. */
function told(scope: Construct, name: unknown): string {
  return JSON.stringify(Stack.of(scope).resolve(name));
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
