import type { ReasonFacts } from './reasons';
import { RECOVERY, type RecoveryFacts } from './recovery';
import { resourcesOf } from './resources';
import { descriptionOf, type Direction, DIRECTIONS, nameOf, type Reason, REASON_NAMES, type Resource, seriesId } from './series';
import { THROTTLE_FLOOR } from './thresholds';
import type { ChangeFacts } from '../framework/collect-changes';
import type { CaseFile } from '../framework/definition';
import type { Item } from '../framework/evidence';
import type { CapacityKeys, IndexDescription, ScalingTarget, TableDescription, TableLimits } from '../framework/port-table';
import type { SeriesFacts } from '../framework/series';
import { tablesOf } from '../framework/targets';
import type { Windows } from '../framework/windows';

/** What the rules ask about the reads or the writes of one table or index. */
export interface Side {
  /** `orders`, or `orders/by-customer`. */
  readonly name: string;
  readonly resource: Resource;
  readonly direction: Direction;
  /** `writes of orders`. */
  readonly words: string;
  /** Throttle events in the incident; undefined: unknown, which is not none. */
  readonly events?: number;
  /** By reason; undefined: none was published, and nothing may be inferred. */
  readonly byReason?: Record<Reason, number>;
  readonly reasons?: Item<ReasonFacts>;
  readonly series: Readonly<Partial<Record<Reason | 'throttles' | 'consumed' | 'capacity', Item<SeriesFacts>>>>;
  readonly table?: Item<TableDescription>;
  /** Of the table or the index itself. */
  readonly description?: IndexDescription;
  readonly keys?: Item<CapacityKeys>;
  readonly scaling?: Item<ScalingTarget[]>;
  readonly changes?: Item<ChangeFacts>;
}

export interface ThrottlingFacts {
  readonly windows: Windows;
  readonly tables: string[];
  /** The one with the most throttles first. */
  readonly sides: Side[];
  readonly limits?: Item<TableLimits>;
  readonly recovery?: Item<RecoveryFacts>;
}

export function factsOf(file: CaseFile): ThrottlingFacts {
  const { request, windows, evidence } = file;
  const tables = tablesOf(request);
  const sides = tables.flatMap((target) => resourcesOf(request, target, evidence.data(`table.${target.name}`))
    .flatMap((resource) => DIRECTIONS.map((direction) => sideOf(file, resource, direction))));
  return {
    windows,
    tables: tables.map(({ name }) => name),
    sides: sides.sort((a, b) => (b.events ?? 0) - (a.events ?? 0)),
    limits: evidence.get('limits'),
    recovery: evidence.get(RECOVERY),
  };
}

function sideOf({ evidence }: CaseFile, resource: Resource, direction: Direction): Side {
  const name = nameOf(resource);
  const table = evidence.get<TableDescription>(`table.${resource.table}`);
  const reasons = evidence.get<ReasonFacts>(`${direction}.reasons.${name}`);
  return {
    name,
    resource,
    direction,
    words: `${direction}s of ${name}`,
    ...reasons?.data,
    reasons,
    series: Object.fromEntries([...REASON_NAMES, 'throttles', 'consumed', 'capacity'].map((series) =>
      [series, evidence.get(seriesId(resource, direction, series as Reason))])),
    table,
    description: descriptionOf(resource, table?.data),
    keys: evidence.get(`keys.throttled.${name}`),
    scaling: evidence.get(`scaling.${resource.table}`),
    changes: evidence.get(`changes.${resource.table}`),
  };
}

/** Fewer events are absorbed by the retries of the SDK. */
export const isThrottled = ({ events }: Side) => events !== undefined && events >= THROTTLE_FLOOR;

/** The share of the throttles that have this reason; undefined: no reason was published. */
export function shareOf({ events, byReason }: Side, reason: Reason): number | undefined {
  return byReason && events ? byReason[reason] / events : undefined;
}
