import { createHash, randomBytes } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DAY, dayOf, HOUR, hourOfDay } from '../timeseries/time';

/**
 * The items of the metrics table: every key and attribute name is here, in ledger-items.ts or in day-items.ts.
 *
 * | item | pk | sk |
 * | --- | --- | --- |
 * | part | `P#<service>#<YYYY-MM-DD>` | `<HH>#<source>#<n>` |
 * | day | `D#<service>#<YYYY-MM>` | `s#<DD>`, and `s#<DD>#<id>#<n>` for what does not fit |
 * | day's sketches | `D#<service>#<YYYY-MM>` | `q#<DD>#<id>#<n>` |
 * | day to recompute | `M#<service>` | `<YYYY-MM-DD>` |
 * | service list | `C` | `<service>` |
 * | metric list | `C#<service>` | `{<hash>}` for metrics that were first seen together, `<metric>` for what is true of one only |
 * | source ledger | `S#<source>` | `-`, and `k#<g>#<n>` for the keys of large objects |
 */
export type Item = Record<string, AttributeValue>;

/** Name of the attribute that DynamoDB expires items by, in epoch seconds. */
export const TTL = 'ttl';

/** The value of the TTL attribute of something that is kept until a time, and so many days longer. */
export function expiry(from: number, days = 0): AttributeValue {
  return { N: String(Math.ceil((from + days * DAY) / 1000)) };
}

/** When an item expires, in milliseconds; Infinity where it never does. */
export function expiryOf(item: Item): number {
  return Number(item[TTL]?.N ?? Infinity) * 1000;
}

/** Expired items stay readable for days: readers leave them out themselves. */
export function isExpired(item: Item, now: number): boolean {
  return expiryOf(item) <= now;
}

/** First and last day on which a service or metric was seen, as `YYYY-MM-DD` in UTC. */
export interface DaysSeen {
  readonly first: string;
  readonly last: string;
}

/** Which part of which source. */
export interface PartId {
  readonly service: string;
  /** Start of the UTC hour, in milliseconds. */
  readonly hour: number;
  readonly n: number;
}

export function partKey({ service, hour, n }: PartId, source: string): Item {
  return { pk: { S: partsOfDay(service, hour) }, sk: { S: `${hourOfDay(hour)}#${source}#${n}` } };
}

/** The partition that holds a service's parts of one day. */
export function partsOfDay(service: string, time: number): string {
  return `P#${service}#${dayOf(time)}`;
}

/** The sort keys of the parts of whole hours, both ends included. `$` follows `#`, so no part's key lies beyond it. */
export function hoursBetween(first: number, last: number): { from: string; to: string } {
  return { from: `${hourOfDay(first)}#`, to: `${hourOfDay(last)}$` };
}

/** Without `data` it is a tombstone: the source no longer holds this part. */
export function partItem(id: PartId, source: string, generation: string, retentionDays: number, data?: Uint8Array): Item {
  const item: Item = {
    ...partKey(id, source),
    g: { S: generation },
    // From the bucket's end on, so that it is a function of the sample's time alone, not of the writer's clock.
    [TTL]: expiry(id.hour + HOUR, retentionDays),
  };
  if (data) item.d = { B: data };
  return item;
}

/** The service list's entry of a service; with the sort key of an entry, the metric list's: a metric's name, or a group's key. */
export function catalogueKey(service: string, entry?: string): Item {
  return entry === undefined ? { pk: { S: 'C' }, sk: { S: service } } : { pk: { S: `C#${service}` }, sk: { S: entry } };
}

/** The sort key of a group of metrics, from their sorted names: who sees the same ones first writes the same item. */
export function groupSortKey(names: readonly string[]): string {
  // No metric's name has a brace.
  return `{${hash96(JSON.stringify(names))}}`;
}

export function daysSeen(item: Item): DaysSeen {
  return { first: item.first.S!, last: item.last.S! };
}

/** 96 bits over bucket and key. The ETag is no part of it: an agent that uploads a grown file again must replace, not add. */
export function objectSource(bucket: string, key: string): string {
  // A bucket's name has no slash, so no two pairs read the same.
  return hash96(`${bucket}/${key}`);
}

/** The source of a request that carries an `Idempotency-Key`. */
export function requestSource(caller: string, idempotencyKey: string): string {
  // JSON keeps the two apart, and no object's source begins with a bracket.
  return hash96(JSON.stringify([caller, idempotencyKey]));
}

/** The source of a request that cannot be told from its repetition. */
export function randomSource(): string {
  return randomBytes(12).toString('hex');
}

/**
 * S3's sequencer as a text that compares as generations do. AWS says: pad the shorter one with zeros, then compare as texts. Without the
 * zeros at its end it compares the same, since no digit comes before 0; and it stands in every part, which padding would double.
 */
export function objectGeneration(sequencer: string): string {
  return sequencer.replace(/0+$/, '');
}

/**
 * The generation of content that was found in a bucket, of which no event is known: `!` comes before every digit, so it follows the event
 * that is known, and precedes every other that S3 may tell. Contents that were found one after the other are told apart by their time; where
 * that does not put this one last (an older version was restored), it is appended.
 *
 * @param known the newest generation in the ledger
 * @param lastModified of the object, in milliseconds; S3 tells it to the second
 */
export function backfillGeneration(known = '', lastModified: number): string {
  const found = `!${String(Math.floor(lastModified / 1000)).padStart(10, '0')}`;
  const afterEvent = known.replace(/!.*/, '') + found;
  return afterEvent > known ? afterEvent : known + found;
}

/** A request's content never changes. */
export const REQUEST_GENERATION = 'request';

function hash96(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

