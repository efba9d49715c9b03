import { type DayContent, dayHead, daysBetween, daysOfMonth, type Marker } from './day-items';
import { readMarkers } from './day-markers';
import { isExpired, type Item } from './items';
import { forEachBounded, queryAll, type StoreTable } from './store';
import { type DayHours, type DaySketches, decodeDayHours, decodeDaySketches } from '../timeseries/day-codec';
import { UnreadablePartError } from '../timeseries/part';
import { DAY } from '../timeseries/time';

/** What a day's items hold, as far as it was asked for. */
export interface StoredDay {
  readonly hours: DayHours;
  readonly sketches?: DaySketches;
}

export interface DaysAsked {
  /** Start of the first and of the last day, in milliseconds. */
  readonly first: number;
  readonly last: number;
  /** Whether the sketches are needed, too. */
  readonly sketches: boolean;
  readonly now: number;
}

const MONTHS_AT_ONCE = 8;

/**
 * The days of a service whose items can stand for their parts, by their start. A day that is not among them is to be read from its parts:
 * it has no item, or is to be computed anew, or its items are of different recomputes (one is under way) or of a later release's format.
 */
export async function readDays(store: StoreTable, service: string, { first, last, sketches, now }: DaysAsked): Promise<Map<number, StoredDay>> {
  // Consistently, and first: what was written before the question is then either in the day's items, or its day is marked.
  const marked = new Map((await readMarkers(store, service, { first, last })).map((found) => [found.day, found]));
  const months = new Map<string, { first: number; last: number }>();
  for (let day = first; day <= last; day += DAY) {
    const pk = daysOfMonth(service, day);
    months.set(pk, { first: months.get(pk)?.first ?? day, last: day });
  }
  const found = new Map<number, StoredDay>();
  await forEachBounded(months, MONTHS_AT_ONCE, async ([pk, month]) => {
    const read = (content: DayContent) => queryAll(store, { pk, ...daysBetween(content, month.first, month.last) });
    const [hours, quantiles] = await Promise.all([read('s'), sketches ? read('q') : []]);
    for (const [day, items] of byDay(pk, hours, quantiles)) {
      const stored = storedDay(items, { sketches, now, marker: marked.get(day) });
      if (stored) found.set(day, stored);
    }
  });
  return found;
}

interface DayItems { readonly hours: Item[]; readonly sketches: Item[] }

function byDay(pk: string, hours: readonly Item[], sketches: readonly Item[]): Map<number, DayItems> {
  const days = new Map<number, DayItems>();
  const month = pk.slice(-7);
  const itemsOf = (item: Item) => {
    const day = Date.parse(`${month}-${item.sk.S!.slice(2, 4)}`);
    const items = days.get(day) ?? { hours: [], sketches: [] };
    days.set(day, items);
    return items;
  };
  for (const item of hours) itemsOf(item).hours.push(item);
  for (const item of sketches) itemsOf(item).sketches.push(item);
  return days;
}

function storedDay(
  { hours, sketches: quantiles }: DayItems, { sketches, now, marker }: { sketches: boolean; now: number; marker?: Marker },
): StoredDay | undefined {
  // The head's key is the beginning of all others', so it comes first.
  const [first, ...others] = hours;
  if (!first?.id || isExpired(first, now)) return undefined;
  const head = dayHead(first);
  // What is to be computed anew still can be only while all of the day's parts are there.
  if (marker && now < head.until) return undefined;
  const ofRecompute = (item: Item) => item.sk.S!.slice(4).startsWith(`#${head.id}#`);
  const chunks = [first, ...others.filter(ofRecompute)].map(({ d }) => d.B!);
  const quantileChunks = quantiles.filter(ofRecompute).map(({ d }) => d.B!);
  if (chunks.length !== head.stats || (sketches && quantileChunks.length !== head.sketches)) return undefined;
  try {
    return { hours: decodeDayHours(chunks), ...(sketches && { sketches: decodeDaySketches(quantileChunks) }) };
  } catch (error) {
    if (error instanceof UnreadablePartError) return undefined;
    throw error;
  }
}
