import { expiryOf, hoursBetween, type Item, partsOfDay } from './items';
import { forEachBounded, queryAll, type StoreTable } from './store';
import { decodePart, type LaidPart, layPart, type PartData, UnreadablePartError } from '../timeseries/part';
import { DAY, floorTo, HOUR } from '../timeseries/time';

export interface ReadOptions {
  /** Whether every write that was acknowledged before is seen; costs twice. Default: no. */
  readonly consistent?: boolean;
  /** The time by which expiry is judged, in milliseconds. Default: now. */
  readonly now?: number;
}

/** What there is to know of the parts that were read. */
export interface FoldedParts {
  /** Parts that cannot be read, by key with the reason: the answer is incomplete without them. */
  readonly unreadable: readonly string[];
  /** When the first of the parts expires, in milliseconds; Infinity where there is none. */
  readonly expires: number;
}

/** What the store holds of one service over a span of time. */
export interface ReadParts extends FoldedParts {
  /** In key order, which is the order to fold them in. Whole hours: their samples reach beyond the span asked for. */
  readonly parts: readonly PartData[];
}

/** How many days are read at a time. */
const DAYS_AT_ONCE = 8;

/** Reads the parts of a service whose hours touch `[from, to)`, in milliseconds, to hold them all. */
export async function readParts(store: StoreTable, service: string, from: number, to: number, options?: ReadOptions): Promise<ReadParts> {
  const parts: PartData[] = [];
  return { ...await eachPart(store, service, from, to, (bytes) => parts.push(decodePart(bytes)), options), parts };
}

/** The same, part by part in key order: each is let go before the next is decoded, which is the faster way for who folds them. */
export async function foldParts(
  store: StoreTable, service: string, from: number, to: number, fold: (part: LaidPart) => void, options?: ReadOptions,
): Promise<FoldedParts> {
  return eachPart(store, service, from, to, (bytes) => fold(layPart(bytes)), options);
}

/** @param take throws UnreadablePartError where the bytes are no part. */
async function eachPart(
  store: StoreTable, service: string, from: number, to: number, take: (bytes: Uint8Array) => void, options: ReadOptions = {},
): Promise<FoldedParts> {
  const days: number[] = [];
  for (let day = floorTo(from, DAY); day < to; day += DAY) days.push(day);
  const read = new Map<number, Item[]>();
  await forEachBounded(days, DAYS_AT_ONCE, async (day) => {
    const first = Math.max(floorTo(from, HOUR), day);
    const last = Math.min(floorTo(to - 1, HOUR), day + DAY - HOUR);
    read.set(day, await queryAll(store, { pk: partsOfDay(service, day), ...hoursBetween(first, last), consistent: options.consistent }));
  });

  const now = options.now ?? Date.now();
  const unreadable: string[] = [];
  let expires = Infinity;
  for (const item of days.flatMap((day) => read.get(day)!)) {
    // Without data it is a tombstone.
    const expiry = expiryOf(item);
    if (!item.d?.B || expiry <= now) continue;
    expires = Math.min(expires, expiry);
    try {
      take(item.d.B);
    } catch (error) {
      if (!(error instanceof UnreadablePartError)) throw error;
      unreadable.push(`${item.pk.S} ${item.sk.S}: ${error.message}`);
    }
  }
  return { unreadable, expires };
}
