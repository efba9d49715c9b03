import {
  CloudWatchClient, CompositeAlarm, DescribeAlarmsCommand, ListTagsForResourceCommand, MetricAlarm, MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { AlarmEvent } from './alarm-event';
import type { AlarmFacts, AlarmMetric } from '../../src/private/shared/contract';

/** CloudWatch takes so many names in one call; a composite's rule names at most as many. */
const MOST_NAMES = 100;
/** Composites of composites are followed so far: deeper ones say nothing about a resource any more. */
const MOST_DEPTH = 3;

type AnyAlarm = { readonly metric: MetricAlarm } | { readonly composite: CompositeAlarm };

/** The alarm as it is now. */
export interface AlarmRead extends AlarmFacts {
  /** Id that the drill command put into the data of the alarm's state. */
  readonly drill?: string;
}

/**
 * Reads the alarm again. It brings what the message lacks, and nobody who may publish to the topic can invent an alarm.
 *
 * @returns undefined where the account has no such alarm
 */
export async function readAlarm(client: CloudWatchClient, event: Pick<AlarmEvent, 'name' | 'arn' | 'oldState'>): Promise<AlarmRead | undefined> {
  const [alarm] = await describe(client, [event.name]);
  if (!alarm) return undefined;
  const facts = 'metric' in alarm ? metricFacts(alarm.metric) : await compositeFacts(client, alarm.composite);
  // An alarm of the same name in another account or region is not this one.
  if (event.arn && event.arn !== facts.arn) return undefined;
  return { ...facts, previousState: event.oldState, drill: drillIn('metric' in alarm ? alarm.metric.StateReasonData : alarm.composite.StateReasonData) };
}

/** The state of alarms by ARN; those that are gone are missing. */
export async function readStates(client: CloudWatchClient, names: readonly string[]): Promise<Map<string, Pick<AlarmFacts, 'state' | 'stateTimestamp' | 'reason'>>> {
  const states = new Map<string, Pick<AlarmFacts, 'state' | 'stateTimestamp' | 'reason'>>();
  for (let i = 0; i < names.length; i += MOST_NAMES) {
    for (const alarm of await describe(client, names.slice(i, i + MOST_NAMES))) {
      const { arn, state, stateTimestamp, reason } = commonFacts('metric' in alarm ? alarm.metric : alarm.composite);
      states.set(arn, { state, stateTimestamp, reason });
    }
  }
  return states;
}

function drillIn(stateData: string | undefined): string | undefined {
  try {
    const { drill } = JSON.parse(stateData ?? '{}') as { drill?: unknown };
    return typeof drill === 'string' && drill !== '' ? drill : undefined;
  } catch {
    return undefined;
  }
}

/** The alarm's tags: they need a permission of their own, and a run without them is better than none. */
export async function readTags(client: CloudWatchClient, arn: string, onError: (error: unknown) => void): Promise<Record<string, string>> {
  try {
    const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    return Object.fromEntries(Tags.map(({ Key, Value }) => [Key!, Value!]));
  } catch (error) {
    onError(error);
    return {};
  }
}

async function describe(client: CloudWatchClient, names: string[]): Promise<AnyAlarm[]> {
  const answer = await client.send(new DescribeAlarmsCommand({
    AlarmNames: names,
    // Without it, only metric alarms are answered.
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    MaxRecords: MOST_NAMES,
  }));
  return [
    ...(answer.MetricAlarms ?? []).map((metric) => ({ metric })),
    ...(answer.CompositeAlarms ?? []).map((composite) => ({ composite })),
  ];
}

function metricFacts(alarm: MetricAlarm): AlarmFacts {
  const queries = alarm.Metrics ?? [];
  const expression = queries.find((query) => query.Expression && query.ReturnData !== false);
  const periods = queries.map((query) => query.MetricStat?.Period ?? query.Period ?? 0);
  return {
    ...commonFacts(alarm),
    type: 'METRIC',
    threshold: alarm.Threshold,
    comparison: alarm.ComparisonOperator,
    period: alarm.Period ?? (Math.max(0, ...periods) || undefined),
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm,
    expression: expression?.Expression,
    metrics: alarm.MetricName ? [ownMetric(alarm)] : queries.flatMap(queryMetric),
    children: [],
  };
}

/** A composite has no metric of its own: its children's metrics say what it is about. */
async function compositeFacts(client: CloudWatchClient, alarm: CompositeAlarm): Promise<AlarmFacts> {
  const children = childrenOf(alarm);
  const metrics: AlarmMetric[] = [];
  const seen = new Set([alarm.AlarmName!]);
  let names = children;
  for (let depth = 0; depth < MOST_DEPTH && names.length > 0; depth++) {
    const unseen = names.filter((name) => !seen.has(name)).slice(0, MOST_NAMES);
    unseen.forEach((name) => seen.add(name));
    const alarms = unseen.length > 0 ? await describe(client, unseen) : [];
    metrics.push(...alarms.flatMap((child) => 'metric' in child ? metricFacts(child.metric).metrics : []));
    names = alarms.flatMap((child) => 'composite' in child ? childrenOf(child.composite) : []);
  }
  return { ...commonFacts(alarm), type: 'COMPOSITE', metrics, children };
}

function commonFacts(alarm: MetricAlarm | CompositeAlarm) {
  const arn = alarm.AlarmArn!;
  return {
    arn,
    name: alarm.AlarmName!,
    description: alarm.AlarmDescription || undefined,
    state: alarm.StateValue!,
    stateTimestamp: new Date(alarm.StateUpdatedTimestamp ?? 0).toISOString(),
    reason: alarm.StateReason ?? '',
    tags: {},
    accountId: arn.split(':')[4],
    region: arn.split(':')[3],
  };
}

function ownMetric(alarm: MetricAlarm): AlarmMetric {
  return {
    namespace: alarm.Namespace ?? '',
    name: alarm.MetricName!,
    dimensions: dimensions(alarm.Dimensions),
    statistic: alarm.ExtendedStatistic ?? alarm.Statistic ?? 'Average',
    period: alarm.Period ?? 60,
  };
}

function queryMetric({ MetricStat: stat }: MetricDataQuery): AlarmMetric[] {
  if (!stat?.Metric?.MetricName) return [];
  return [{
    namespace: stat.Metric.Namespace ?? '',
    name: stat.Metric.MetricName,
    dimensions: dimensions(stat.Metric.Dimensions),
    statistic: stat.Stat ?? 'Average',
    period: stat.Period ?? 60,
  }];
}

function dimensions(list: MetricAlarm['Dimensions'] = []): Record<string, string> {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name!, Value!]));
}

/** Names in a rule such as `ALARM("a (b)") OR NOT OK(arn:aws:cloudwatch:...:alarm:c)`; a name may be given as an ARN. */
function childrenOf(alarm: CompositeAlarm): string[] {
  const calls = (alarm.AlarmRule ?? '').matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\\?"([^"]+?)\\?"|'([^']+)'|([^)]+?))\s*\)/g);
  const names = [...calls].map(([, double, single, bare]) => (double ?? single ?? bare).replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, ''));
  return [...new Set(names)];
}
