import { createHash, randomBytes } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DAY, dayOf, HOUR, hourOfDay } from '../timeseries/time';

/**
 * The items of the metrics table: one place for every key and attribute name.
 *
 * | item | pk | sk |
 * | --- | --- | --- |
 * | part | `P#<service>#<YYYY-MM-DD>` | `<HH>#<source>#<n>` |
 * | service list | `C` | `<service>` |
 * | metric list | `C#<service>` | `<metric>` |
 * | source ledger | `S#<source>` | `-` |
 */
export type Item = Record<string, AttributeValue>;

/** Name of the attribute that DynamoDB expires items by, in epoch seconds. */
export const TTL = 'ttl';

/** The value of the TTL attribute of something that is kept for so many days from a time on. */
export function expiry(from: number, days: number): AttributeValue {
  return { N: String(Math.ceil((from + days * DAY) / 1000)) };
}

/** Expired items stay readable for days: readers leave them out themselves. */
export function isExpired(item: Item, now: number): boolean {
  return Number(item[TTL]?.N ?? Infinity) * 1000 <= now;
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

/** The service list's entry of a service; with a metric, the metric list's entry of that metric. */
export function catalogueKey(service: string, metric?: string): Item {
  return metric === undefined ? { pk: { S: 'C' }, sk: { S: service } } : { pk: { S: `C#${service}` }, sk: { S: metric } };
}

export function daysSeen(item: Item): DaysSeen {
  return { first: item.first.S!, last: item.last.S! };
}

export function ledgerKey(source: string): Item {
  return { pk: { S: `S#${source}` }, sk: { S: '-' } };
}

/** What the ledger knows about the source of an object. */
export interface LedgerHead {
  readonly bucket: string;
  readonly key: string;
  readonly generation: string;
  readonly etag: string;
  /** The event's own time, in milliseconds: what samples' age is judged against. */
  readonly eventTime: number;
  /** The parts of this generation. */
  readonly parts: readonly PartId[];
  /** Parts of earlier generations that still await their tombstone. */
  readonly stale: readonly PartId[];
  /** Random, renewed by every write: a head is only put while it is the one that was read. */
  readonly version: string;
}

/** The ledger outlives its parts by so much: a late delivery must still find it. */
export const LEDGER_EXTRA_DAYS = 3;

export function ledgerItem(source: string, head: LedgerHead, retentionDays: number): Item {
  return {
    ...ledgerKey(source),
    bucket: { S: head.bucket },
    key: { S: head.key },
    g: { S: head.generation },
    etag: { S: head.etag },
    at: { N: String(head.eventTime) },
    parts: { L: head.parts.map((id) => ({ S: partText(id) })) },
    stale: { L: head.stale.map((id) => ({ S: partText(id) })) },
    v: { S: head.version },
    [TTL]: expiry(head.eventTime, retentionDays + LEDGER_EXTRA_DAYS),
  };
}

export function ledgerHead(item: Item): LedgerHead {
  const ids = (list: AttributeValue) => (list.L ?? []).map(({ S }) => partId(S!));
  return {
    bucket: item.bucket.S!,
    key: item.key.S!,
    generation: item.g.S!,
    etag: item.etag.S!,
    eventTime: Number(item.at.N),
    parts: ids(item.parts),
    stale: ids(item.stale),
    version: item.v.S!,
  };
}

/** `<YYYY-MM-DD>T<HH>#<n>#<service>`: the service comes last because its name may contain anything. */
export function partText({ service, hour, n }: PartId): string {
  return `${dayOf(hour)}T${hourOfDay(hour)}#${n}#${service}`;
}

function partId(text: string): PartId {
  const [, hour, n, service] = /^(.{13})#(\d+)#(.*)$/su.exec(text)!;
  return { service, hour: Date.parse(`${hour}:00Z`), n: Number(n) };
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

/** S3's sequencer, padded so that comparing texts compares generations. */
export function objectGeneration(sequencer: string): string {
  return sequencer.padEnd(64, '0');
}

/** A request's content never changes. */
export const REQUEST_GENERATION = 'request';

function hash96(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

