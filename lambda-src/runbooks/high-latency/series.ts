import type { ApiTarget, FunctionTarget, QueueTarget } from '../../../src/private/shared/contract';
import { functionSeries } from '../framework/collect-lambda';
import type { SeriesSpec } from '../framework/collect-metrics';
import type { FunctionVersions } from '../framework/port-lambda';
import { apiDimensions } from '../framework/targets';

/** Percentiles, never averages: one slow call in fifty hides in an average, and an average names no call that anybody made. */
export const PERCENTILES = ['p50', 'p90', 'p99'] as const;
export type Percentile = typeof PERCENTILES[number];

/** Ids: `api.latency.p99`, `api.integration.p50`, `api.latency.maximum`, `api.count`. */
export function apiSeries(api: ApiTarget): SeriesSpec[] {
  const common = { namespace: 'AWS/ApiGateway', dimensions: apiDimensions(api) };
  const times = (id: string, name: string, what: string): SeriesSpec[] => [
    ...PERCENTILES.map((statistic) => ({ ...common, id: `api.${id}.${statistic}`, name, statistic, what: `${statistic} of the ${what} of the API ${api.name}` })),
    // Not for the comparison: only the longest call tells whether a limit ended it.
    { ...common, id: `api.${id}.maximum`, name, statistic: 'Maximum', what: `longest ${what} of the API ${api.name}` },
  ];
  return [
    ...times('latency', 'Latency', 'latency'),
    ...times('integration', 'IntegrationLatency', 'integration latency'),
    { ...common, id: 'api.count', name: 'Count', statistic: 'Sum', what: `requests of the API ${api.name}` },
  ];
}

/** Besides the series that runbooks share (`fn.<name>.duration` is the longest): `fn.<name>.p50` and so on. */
export function latencySeries(target: FunctionTarget): SeriesSpec[] {
  const { name } = target;
  const common = { namespace: 'AWS/Lambda', dimensions: { FunctionName: name } };
  return [
    ...functionSeries(target),
    ...PERCENTILES.map((statistic) => ({ ...common, id: `fn.${name}.${statistic}`, name: 'Duration', statistic, what: `${statistic} of the duration of ${name}` })),
    { ...common, id: `fn.${name}.concurrent`, name: 'ConcurrentExecutions', statistic: 'Maximum', what: `concurrent executions of ${name}` },
    { ...common, id: `fn.${name}.asyncAge`, name: 'AsyncEventAge', statistic: 'Maximum', what: `age of asynchronous events of ${name}` },
  ];
}

/** The middle call of the two newest versions behind an alias: only calls through an alias are measured by version. */
export function versionDurations({ name, alias }: FunctionTarget, { versions, aliases }: FunctionVersions): SeriesSpec[] {
  const used = alias ?? Object.keys(aliases)[0];
  if (!used) return [];
  return versions.slice(-2).map(({ version }) => ({
    id: `version.${name}.${version}`,
    namespace: 'AWS/Lambda',
    name: 'Duration',
    dimensions: { FunctionName: name, Resource: `${name}:${used}`, ExecutedVersion: version },
    statistic: 'p50',
    what: `p50 of the duration of ${name} version ${version}`,
  }));
}

export function queueSeries({ name }: QueueTarget): SeriesSpec[] {
  return [{
    id: `queue.${name}.age`,
    namespace: 'AWS/SQS',
    name: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: name },
    statistic: 'Maximum',
    what: `age of the oldest message in ${name}`,
  }];
}
