import type { SeriesSpec } from '../framework/collect-metrics';
import type { IndexDescription, TableDescription } from '../framework/port-table';

/** Reads and writes have capacities of their own, and are throttled apart. */
export const DIRECTIONS = ['read', 'write'] as const;
export type Direction = typeof DIRECTIONS[number];

/** Why DynamoDB throttled, by the metric that counts it, and in the words of a report. */
export const REASONS = {
  provisioned: { metric: 'ProvisionedThroughputThrottleEvents', words: 'provisioned capacity' },
  keyRange: { metric: 'KeyRangeThroughputThrottleEvents', words: 'key range' },
  maxOnDemand: { metric: 'MaxOnDemandThroughputThrottleEvents', words: 'maximum on-demand throughput' },
  accountLimit: { metric: 'AccountLimitThrottleEvents', words: 'account limit' },
} as const;
export type Reason = keyof typeof REASONS;
export const REASON_NAMES = Object.keys(REASONS) as Reason[];

/** A table, or one of its global secondary indexes: each has its own capacity and its own metrics. */
export interface Resource {
  readonly table: string;
  readonly index?: string;
}

/** `orders`, or `orders/by-customer`. */
export const nameOf = ({ table, index }: Resource) => index === undefined ? table : `${table}/${index}`;

/** Id of a series: `write.throttles.orders`. */
export const seriesId = (resource: Resource, direction: Direction, series: Reason | 'throttles' | 'consumed' | 'capacity') =>
  `${direction}.${series}.${nameOf(resource)}`;

/** The throttles of a resource and its use: what silence means needs both. */
export function useSeries(resource: Resource): SeriesSpec[] {
  return DIRECTIONS.flatMap((direction) => [
    { ...base(resource, direction, 'throttles'), name: `${metricWord(direction)}ThrottleEvents`, what: `throttled ${direction}s of ${nameOf(resource)}` },
    { ...base(resource, direction, 'consumed'), name: `Consumed${metricWord(direction)}CapacityUnits`, what: `consumed ${direction} capacity of ${nameOf(resource)}` },
  ]);
}

/** Everything that is measured about a resource; `description` is absent where it was not seen. */
export function resourceSeries(resource: Resource, description: TableDescription | undefined): SeriesSpec[] {
  return [
    ...useSeries(resource),
    ...DIRECTIONS.flatMap((direction) => [
      ...REASON_NAMES.map((reason) => ({
        ...base(resource, direction, reason),
        name: `${metricWord(direction)}${REASONS[reason].metric}`,
        what: `${direction}s of ${nameOf(resource)} throttled by ${REASONS[reason].words}`,
      })),
      // An on-demand table has no provisioned capacity to measure.
      ...description?.billing === 'PAY_PER_REQUEST' ? [] : [{
        ...base(resource, direction, 'capacity'),
        name: `Provisioned${metricWord(direction)}CapacityUnits`,
        statistic: 'Average',
        what: `provisioned ${direction} capacity of ${nameOf(resource)}`,
      }],
    ]),
  ];
}

/** The table's own description, or that of the index. */
export function descriptionOf({ index }: Resource, table: TableDescription | undefined): IndexDescription | undefined {
  return index === undefined ? table : table?.indexes[index];
}

function base(resource: Resource, direction: Direction, series: Parameters<typeof seriesId>[2]) {
  const { table, index } = resource;
  return {
    id: seriesId(resource, direction, series),
    namespace: 'AWS/DynamoDB',
    dimensions: { TableName: table, ...(index !== undefined && { GlobalSecondaryIndexName: index }) },
    statistic: 'Sum',
  };
}

const metricWord = (direction: Direction) => direction === 'read' ? 'Read' : 'Write';
