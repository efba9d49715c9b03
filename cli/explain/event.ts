import type { CompositeAlarm, MetricAlarm, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { AlarmEvent } from '../../lambda-src/runbook-executor/alarm-event';
import { isRefusal, normalise } from '../../lambda-src/runbook-executor/normalise';
import { isObject } from '../../lambda-src/shared/is-object';
import { UsageError } from '../command';
import { parseJson } from '../read-json';

/** Alarms as DescribeAlarms tells them. */
export interface Described {
  readonly MetricAlarms: MetricAlarm[];
  readonly CompositeAlarms: CompositeAlarm[];
}

/** The alarm that a file is about, and what is known of it offline. */
export interface EventFile {
  readonly described: Described;
  readonly name: string;
  /** What the file does not tell, in sentences. */
  readonly notes: readonly string[];
}

type Json = Record<string, unknown>;

/**
 * Reads an alarm's message, in any shape that the executor takes, or what `aws cloudwatch describe-alarms` printed.
 *
 * @param wanted name of the alarm, where there are several
 */
export function readEvent(text: string, path: string, wanted?: string): EventFile {
  const json = parseJson(text, path);
  if (isObject(json) && (Array.isArray(json.MetricAlarms) || Array.isArray(json.CompositeAlarms))) return ofDescription(json, path, wanted);
  if (isObject(json) && typeof json.AlarmName === 'string' && typeof json.StateValue === 'string') {
    return ofDescription('AlarmRule' in json ? { CompositeAlarms: [json] } : { MetricAlarms: [json] }, path, wanted);
  }
  const event = normalise(text);
  if (isRefusal(event)) throw new UsageError(`${path} is neither an alarm's message nor DescribeAlarms' answer: ${event.refusal}`);
  return ofMessage(event, innerOf(json as Json));
}

function ofDescription(
  { MetricAlarms = [], CompositeAlarms = [] }: { [Kind in keyof Described]?: unknown }, path: string, wanted?: string,
): EventFile {
  const described = { MetricAlarms, CompositeAlarms } as Described;
  const names = [...described.MetricAlarms, ...described.CompositeAlarms].map(({ AlarmName }) => AlarmName!);
  // The other alarms of a composite alarm's file are what it watches.
  const name = wanted ?? (described.CompositeAlarms.length === 1 ? described.CompositeAlarms[0].AlarmName! : names[0]);
  if (names.length === 0) throw new UsageError(`${path} describes no alarm`);
  if (!names.includes(name)) throw new UsageError(`${path} describes no alarm ${name}, but ${names.join(', ')}`);
  if (wanted === undefined && names.length > 1 && described.CompositeAlarms.length !== 1) {
    throw new UsageError(`${path} describes ${names.length} alarms: choose one with --alarm (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''})`);
  }
  return { described, name, notes: [] };
}

function ofMessage(event: AlarmEvent, message: Json): EventFile {
  const { region = 'unknown', account = 'unknown' } = event;
  const common = {
    AlarmName: event.name,
    AlarmArn: event.arn ?? `arn:aws:cloudwatch:${region}:${account}:alarm:${event.name}`,
    StateValue: event.newState,
    StateReason: event.reason,
    StateUpdatedTimestamp: new Date(event.stateTime),
  };
  const configuration = configurationOf(message);
  const rule = member(message, 'AlarmRule') ?? member(configuration, 'AlarmRule');
  const notes = event.arn ? [] : ['The message has no ARN: the alarm\'s was made of its region, account and name.'];
  if (typeof rule === 'string') {
    notes.push('A composite alarm\'s message does not tell what its children watch. For METRIC and NAMESPACE matchers, give what describe-alarms says of the alarm and of its children.');
    return { name: event.name, notes, described: { MetricAlarms: [], CompositeAlarms: [{ ...common, AlarmRule: rule }] } };
  }
  return { name: event.name, notes, described: { MetricAlarms: [{ ...common, ...watchedBy(configuration) }], CompositeAlarms: [] } };
}

/** An SNS envelope carries the real message as text. */
function innerOf(outer: Json): Json {
  return outer.Type === 'Notification' && typeof outer.Message === 'string' ? JSON.parse(outer.Message) as Json : outer;
}

/** SNS says what the alarm watches as `Trigger`, EventBridge and a direct action as `configuration`. */
function configurationOf(message: Json): Json {
  const detail = message.detail ?? message.alarmData;
  const configuration = isObject(detail) ? detail.configuration : message.Trigger;
  return isObject(configuration) ? configuration : {};
}

function watchedBy(configuration: Json): Partial<MetricAlarm> {
  const queries = member(configuration, 'Metrics');
  return {
    ...numbers(configuration, 'Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'),
    ComparisonOperator: member(configuration, 'ComparisonOperator') as MetricAlarm['ComparisonOperator'],
    ...(typeof configuration.MetricName === 'string' ? {
      MetricName: configuration.MetricName,
      Namespace: configuration.Namespace as string,
      Dimensions: dimensionsOf(configuration.Dimensions),
      Statistic: statisticOf(configuration.Statistic) as MetricAlarm['Statistic'],
      ExtendedStatistic: configuration.ExtendedStatistic as string | undefined,
    } : { Metrics: Array.isArray(queries) ? queries.filter(isObject).map(queryOf) : [] }),
  };
}

function queryOf(query: Json): MetricDataQuery {
  const stat = member(query, 'MetricStat');
  const metric = isObject(stat) ? member(stat, 'Metric') : undefined;
  return {
    Id: member(query, 'Id') as string,
    Expression: member(query, 'Expression') as string | undefined,
    ReturnData: member(query, 'ReturnData') as boolean | undefined,
    ...(isObject(stat) && isObject(metric) && {
      MetricStat: {
        Metric: {
          Namespace: member(metric, 'Namespace') as string,
          MetricName: (member(metric, 'MetricName') ?? metric.name) as string,
          Dimensions: dimensionsOf(member(metric, 'Dimensions')),
        },
        Period: member(stat, 'Period') as number,
        Stat: member(stat, 'Stat') as string,
      },
    }),
  };
}

/** SNS gives a list of `{name, value}`, the local cloud one of `{Name, Value}`, EventBridge an object. */
function dimensionsOf(dimensions: unknown): { Name: string; Value: string }[] {
  if (isObject(dimensions)) return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value: String(Value) }));
  if (!Array.isArray(dimensions)) return [];
  return dimensions.filter(isObject).map((dimension) => ({ Name: String(member(dimension, 'Name')), Value: String(member(dimension, 'Value')) }));
}

/** SNS writes it in capitals. */
function statisticOf(statistic: unknown): string | undefined {
  const known = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'];
  return known.find((each) => each.toUpperCase() === String(statistic).replace('_', '').toUpperCase());
}

/** The same member is spelled `MetricStat` by SNS and `metricStat` by EventBridge. */
function member(json: Json, name: string): unknown {
  return json[name] ?? json[name.charAt(0).toLowerCase() + name.slice(1)];
}

function numbers(json: Json, ...names: string[]): Record<string, number> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = member(json, name);
    return typeof value === 'number' ? [[name, value]] : [];
  }));
}
