import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { expiry, expiryOf, type Item, type PartId, TTL } from './items';
import { DAY, dayOf, hourOfDay } from '../timeseries/time';

/** The items of the source ledger: a head for each source, and chunks with the keys of those whose keys the head cannot hold. */

export function ledgerKey(source: string): Item {
  return { pk: { S: ledgerOf(source) }, sk: { S: '-' } };
}

/** The partition that holds what the ledger knows of a source. */
export function ledgerOf(source: string): string {
  return `S#${source}`;
}

/** So many chunks of a generation's keys are counted: those with a number below it. */
export interface ChunkCount {
  readonly generation: string;
  readonly chunks: number;
}

/** What the ledger knows about the source of an object. */
export interface LedgerHead extends ChunkCount {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** The event's own time, in milliseconds: what samples' age is judged against. */
  readonly eventTime: number;
  /** When the entry expires, in milliseconds. */
  readonly expires: number;
  /** The parts of this generation; those of a large object are in its chunks. */
  readonly parts: readonly PartId[];
  /** Of a large object: whether its last chunk is counted, and all of its parts are written. */
  readonly done: boolean;
  /** Parts of which some may still await their tombstone, because this generation does not have them. */
  readonly stale: readonly PartId[];
  /** Chunks of earlier generations, whose parts are to be treated as stale ones. */
  readonly older: readonly ChunkCount[];
  /** Random, renewed by every write: a head is only put while it is the one that was read. */
  readonly version: string;
}

/** The ledger outlives its parts by so much: a late delivery must still find it. */
const LEDGER_EXTRA_DAYS = 3;

/** When the ledger's entry of a source expires whose latest event came at the given time; all in milliseconds. */
export function ledgerExpiry(eventTime: number, retentionDays: number): number {
  return eventTime + (retentionDays + LEDGER_EXTRA_DAYS) * DAY;
}

/** Empty lists are left out: most heads have none, and all have to fit the 1 KB that one write unit pays for. */
export function ledgerItem(source: string, head: LedgerHead): Item {
  return {
    ...ledgerKey(source),
    bucket: { S: head.bucket },
    key: { S: head.key },
    g: { S: head.generation },
    etag: { S: head.etag },
    at: { N: String(head.eventTime) },
    v: { S: head.version },
    ...(head.chunks > 0 && { chunks: { N: String(head.chunks) } }),
    ...(head.done && { done: { BOOL: true } }),
    ...(head.parts.length > 0 && { parts: idList(head.parts) }),
    ...(head.stale.length > 0 && { stale: idList(head.stale) }),
    ...(head.older.length > 0 && { older: { L: head.older.map(({ generation, chunks }) => ({ S: `${chunks}#${generation}` })) } }),
    [TTL]: expiry(head.expires),
  };
}

export function ledgerHead(item: Item): LedgerHead {
  return {
    bucket: item.bucket.S!,
    key: item.key.S!,
    generation: item.g.S!,
    etag: item.etag.S!,
    eventTime: Number(item.at.N),
    expires: expiryOf(item),
    version: item.v.S!,
    chunks: Number(item.chunks?.N ?? 0),
    done: item.done?.BOOL ?? false,
    parts: idsOf(item.parts),
    stale: idsOf(item.stale),
    older: (item.older?.L ?? []).map(({ S }) => {
      const [, chunks, generation] = /^(\d+)#(.*)$/s.exec(S!)!;
      return { generation, chunks: Number(chunks) };
    }),
  };
}

/** The sort key of a chunk; of one generation they sort by their number. */
export function chunkSortKey(generation: string, n: number): string {
  return `k#${generation}#${String(n).padStart(6, '0')}`;
}

export function chunkItem(
  source: string, { generation, n, expires }: { generation: string; n: number; expires: number }, ids: readonly PartId[],
): Item {
  return {
    pk: { S: ledgerOf(source) },
    sk: { S: chunkSortKey(generation, n) },
    parts: idList(ids),
    [TTL]: expiry(expires),
  };
}

export function chunkIds(item: Item): PartId[] {
  return idsOf(item.parts);
}

function idList(ids: readonly PartId[]): AttributeValue {
  return { L: ids.map((id) => ({ S: partText(id) })) };
}

function idsOf(list: AttributeValue | undefined): PartId[] {
  return (list?.L ?? []).map(({ S }) => partId(S!));
}

/** `<YYYY-MM-DD>T<HH>#<n>#<service>`: the service comes last because its name may contain anything. */
export function partText({ service, hour, n }: PartId): string {
  return `${dayOf(hour)}T${hourOfDay(hour)}#${n}#${service}`;
}

function partId(text: string): PartId {
  const [, hour, n, service] = /^(.{13})#(\d+)#(.*)$/su.exec(text)!;
  return { service, hour: Date.parse(`${hour}:00Z`), n: Number(n) };
}
