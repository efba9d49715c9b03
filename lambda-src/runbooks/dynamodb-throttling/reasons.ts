import { type Direction, DIRECTIONS, nameOf, type Reason, REASON_NAMES, REASONS, type Resource, seriesId } from './series';
import { round } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import type { Item } from '../framework/evidence';
import type { Look } from '../framework/port';
import type { SeriesFacts } from '../framework/series';

/** Why one direction of one resource was throttled, counted. */
export interface ReasonFacts {
  /** Throttle events in the incident. */
  readonly events: number;
  /** By reason; absent where DynamoDB published none, which says nothing about any of them. */
  readonly byReason?: Record<Reason, number>;
}

const ASK_THE_LOGS = 'Look for ThrottlingReasons in the exceptions that the application logged.';

/**
 * The throttles by reason, as evidence of its own.
 *
 * DynamoDB publishes no point without a throttle, so silence is zero where the consumed capacity shows that the resource was
 * in use, and unknown elsewhere. Throttles without any reason are NOT_AVAILABLE: no cause is inferred from what else was seen.
 */
export function addReasons({ evidence, links }: Context, resources: Resource[], metrics: Item<SeriesFacts>[]): Item<ReasonFacts>[] {
  const series = new Map(metrics.map((item) => [item.id, item]));
  const looks = resources.flatMap((resource) => DIRECTIONS.map((direction) => ({ resource, direction, look: lookAt(series, resource, direction) })));
  const indexTells = (table: string) => looks.some(({ resource, direction, look }) =>
    resource.table === table && resource.index !== undefined && direction === 'write' && look.data?.byReason !== undefined && look.data.events > 0);
  return looks.map(({ resource, direction, look }) => evidence.add({
    id: `${direction}.reasons.${nameOf(resource)}`,
    kind: 'METRIC',
    what: `why ${direction}s of ${nameOf(resource)} were throttled`,
    // Writes that an index holds up are refused at the table, and the reason is filed under the index.
    look: look.status === 'NOT_AVAILABLE' && direction === 'write' && resource.index === undefined && indexTells(resource.table)
      ? { status: 'OK', data: look.data } : look,
    says: reasonsInWords,
    link: links.table(resource.table),
    ...look.status === 'NOT_AVAILABLE' && { fix: ASK_THE_LOGS },
  }));
}

function lookAt(series: Map<string, Item<SeriesFacts>>, resource: Resource, direction: Direction): Look<ReasonFacts> {
  const item = (name: Parameters<typeof seriesId>[2]) => series.get(seriesId(resource, direction, name));
  const count = (name: Reason | 'throttles') => item(name)?.data?.incident.sum ?? 0;
  const byReason = Object.fromEntries(REASON_NAMES.map((reason) => [reason, count(reason)])) as Record<Reason, number>;
  const explained = REASON_NAMES.reduce((total, reason) => total + byReason[reason], 0);
  const events = Math.max(count('throttles'), explained);
  if (explained > 0) return { status: 'OK', data: { events, byReason } };
  const open = ([...REASON_NAMES, 'throttles'] as const).map((name) => item(name)?.status).find((status) => status !== 'OK' && status !== 'NO_DATA');
  if (events > 0) {
    return open === 'INCOMPLETE'
      ? { status: 'INCOMPLETE', data: { events } }
      : { status: 'NOT_AVAILABLE', data: { events }, reason: 'DynamoDB published no reason for these throttles' };
  }
  // What was refused or is late is told by the series themselves.
  const inUse = (item('consumed')?.data?.incident.points ?? 0) > 0;
  return open === undefined && inUse ? { status: 'OK', data: { events: 0, byReason } } : { status: 'NO_DATA' };
}

/** `900 throttle events: key range 880, provisioned capacity 20`. */
export function reasonsInWords({ events, byReason }: ReasonFacts): string {
  if (events === 0) return 'they were not';
  const some = REASON_NAMES.filter((reason) => (byReason?.[reason] ?? 0) > 0).sort((a, b) => byReason![b] - byReason![a]);
  const list = some.map((reason) => `${REASONS[reason].words} ${round(byReason![reason])}`);
  return `${round(events)} throttle events: ${list.join(', ') || 'no reason was published'}`;
}
