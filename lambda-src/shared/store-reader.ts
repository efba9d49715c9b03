import { expiryOf, hoursBetween, isExpired, type Item, partsOfDay } from './items';
import { forEachBounded, queryAll, type StoreTable } from './store';
import { decodePart, type PartData, UnreadablePartError } from '../timeseries/part';
import { DAY, floorTo, HOUR } from '../timeseries/time';

export interface ReadOptions {
  /** Whether every write that was acknowledged before is seen; costs twice. Default: no. */
  readonly consistent?: boolean;
  /** The time by which expiry is judged, in milliseconds. Default: now. */
  readonly now?: number;
}

/** What the store holds of one service over a span of time. */
export interface ReadParts {
  /** In key order, which is the order to fold them in. Whole hours: their samples reach beyond the span asked for. */
  readonly parts: readonly PartData[];
  /** Parts that cannot be read, by key with the reason: the answer is incomplete without them. */
  readonly unreadable: readonly string[];
  /** When the first of the parts expires, in milliseconds; Infinity where there is none. */
  readonly expires: number;
}

/** How many days are read at a time. */
const DAYS_AT_ONCE = 8;

/** Reads the parts of a service whose hours touch `[from, to)`, in milliseconds. */
export async function readParts(store: StoreTable, service: string, from: number, to: number, options: ReadOptions = {}): Promise<ReadParts> {
  const days: number[] = [];
  for (let day = floorTo(from, DAY); day < to; day += DAY) days.push(day);
  const read = new Map<number, Item[]>();
  await forEachBounded(days, DAYS_AT_ONCE, async (day) => {
    const first = Math.max(floorTo(from, HOUR), day);
    const last = Math.min(floorTo(to - 1, HOUR), day + DAY - HOUR);
    read.set(day, await queryAll(store, { pk: partsOfDay(service, day), ...hoursBetween(first, last), consistent: options.consistent }));
  });

  const now = options.now ?? Date.now();
  const parts: PartData[] = [];
  const unreadable: string[] = [];
  let expires = Infinity;
  for (const item of days.flatMap((day) => read.get(day)!)) {
    // Without data it is a tombstone.
    if (!item.d?.B || isExpired(item, now)) continue;
    expires = Math.min(expires, expiryOf(item));
    try {
      parts.push(decodePart(item.d.B));
    } catch (error) {
      if (!(error instanceof UnreadablePartError)) throw error;
      unreadable.push(`${item.pk.S} ${item.sk.S}: ${error.message}`);
    }
  }
  return { parts, unreadable, expires };
}
