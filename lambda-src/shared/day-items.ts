import { randomBytes } from 'node:crypto';
import { expiry, type Item, TTL } from './items';
import { DAY, dayOf } from '../timeseries/time';

/**
 * The items of days: what the parts of one ended UTC day of a service come to, and the markers of days that are to be computed anew.
 *
 * A day's head names the recompute that made it, and with it all other items of that recompute: their keys carry its id. So two rollers
 * never write over each other's items, and what a slow one leaves behind belongs to no head.
 */

/** The partition that holds the days of a service and month. */
export function daysOfMonth(service: string, day: number): string {
  return `D#${service}#${dayOf(day).slice(0, 7)}`;
}

/** What a day's items hold: `s` for the figures of its hours, `q` for its sketches. */
export type DayContent = 's' | 'q';

export function dayKey(service: string, day: number, content: DayContent = 's', suffix = ''): Item {
  return { pk: { S: daysOfMonth(service, day) }, sk: { S: `${content}#${dayOf(day).slice(8)}${suffix}` } };
}

/** The sort keys of all items of the days of one month, both ends included. `$` follows `#`, so no item's key lies beyond it. */
export function daysBetween(content: DayContent, first: number, last: number): { from: string; to: string } {
  return { from: dayKey('', first, content).sk.S!, to: dayKey('', last, content, '$').sk.S! };
}

export interface DayHead {
  /** Of the recompute. */
  readonly id: string;
  /** How many chunks of hours there are; the head holds the first. */
  readonly stats: number;
  readonly sketches: number;
  /** The earliest expiry of the parts that the day was made from, in milliseconds: from then on it cannot be computed anew. */
  readonly until: number;
}

/** Says that a day is to be computed anew. */
export interface Marker {
  readonly day: number;
  /** Random, renewed by every put: a marker is only deleted while it is the one that was read. */
  readonly id: string;
  /** When it was put, in milliseconds. */
  readonly at: number;
}

/** Short, because it stands in keys; 72 bits are enough for the few recomputes of one day. */
export function randomId(): string {
  return randomBytes(9).toString('base64url');
}

export function dayHeadItem(service: string, day: number, { id, stats, sketches, until }: DayHead, first: Uint8Array, retentionDays: number): Item {
  return {
    ...dayKey(service, day),
    id: { S: id },
    stats: { N: String(stats) },
    sketches: { N: String(sketches) },
    ...(until !== Infinity && { until: { N: String(until) } }),
    d: { B: first },
    [TTL]: expiry(day + DAY, retentionDays),
  };
}

export function dayHead(item: Item): DayHead {
  return { id: item.id.S!, stats: Number(item.stats.N), sketches: Number(item.sketches.N), until: Number(item.until?.N ?? Infinity) };
}

export function dayChunkKey(service: string, day: number, content: DayContent, id: string, n: number): Item {
  return dayKey(service, day, content, `#${id}#${String(n).padStart(3, '0')}`);
}

export function dayChunkItem(key: Item, day: number, bytes: Uint8Array, retentionDays: number): Item {
  return { ...key, d: { B: bytes }, [TTL]: expiry(day + DAY, retentionDays) };
}

/** The partition that holds the markers of a service. */
export function markersOf(service: string): string {
  return `M#${service}`;
}

export function markerItem(service: string, { day, id, at }: Marker, retentionDays: number): Item {
  return {
    pk: { S: markersOf(service) },
    sk: { S: dayOf(day) },
    id: { S: id },
    at: { N: String(at) },
    [TTL]: expiry(Math.max(day, at), retentionDays),
  };
}

export function marker(item: Item): Marker {
  return { day: Date.parse(item.sk.S!), id: item.id.S!, at: Number(item.at.N) };
}
