import { type DaysSeen, groupSortKey } from './items';
import { type CatalogueItem, covers, type KnownService, widened } from './known-service';
import { DAY, dayOf } from '../timeseries/time';

/**
 * What has to be written so that the catalogue says that names were seen: a function of what is known and of what was seen, and of nothing else.
 *
 * A metric is seen every day, and nearly always with those that it was first seen with. So these are one item, a group, of which one write a
 * day says that all of its names were seen. What is true of some of them only, their own entries say; a name's days are what all of its items
 * say together. A name stays in the group that it was first seen in, so there are at most as many groups as names, and as many own entries.
 */

/** Stands for the service itself among its metrics: no metric's name is empty. */
export const SERVICE = '';

/** Of the names of a group, in bytes: an item holds 400 KB, and what it says of a name beside it is less than the name may take. */
export const MAX_GROUP_BYTES = 64 * 1024;

/** Of the time that an item is kept after its last day: so far it may fall behind what its names' other items say. */
const MAY_LAG = 1 / 16;

/** The items to record, with the days that they have to cover. */
export function itemsToRecord(known: KnownService, seen: ReadonlyMap<string, DaysSeen>, retentionDays: number): CatalogueItem[] {
  const unknown: [string, DaysSeen][] = [];
  const outdated: [string, DaysSeen][] = [];
  for (const [name, days] of seen) {
    const knownDays = known.daysOf(name);
    if (!knownDays) unknown.push([name, days]);
    else if (!covers(knownDays, days)) outdated.push([name, days]);
  }
  const groups = groupsSeen(known, seen, outdated);
  return [...newItems(unknown), ...groups.values(), ...ownEntries(known, groups, outdated, retentionDays)];
}

/** What was seen on the same days, together; a name alone has its own entry at once. */
function newItems(unknown: readonly [string, DaysSeen][]): CatalogueItem[] {
  const alike = new Map<string, { days: DaysSeen; names: string[] }>();
  for (const [name, days] of unknown) {
    // The service is an entry of another list.
    const together = name === SERVICE ? SERVICE : `${days.first} ${days.last}`;
    const { names } = alike.get(together) ?? alike.set(together, { days, names: [] }).get(together)!;
    names.push(name);
  }
  return [...alike.values()].flatMap(({ days, names }) => split(names.sort()).map((group) => ({
    key: group.length === 1 ? group[0] : groupSortKey(group), names: group, days,
  })));
}

function split(names: readonly string[]): string[][] {
  const groups: string[][] = [];
  let bytes = Infinity;
  for (const name of names) {
    bytes += Buffer.byteLength(name);
    if (bytes > MAX_GROUP_BYTES) {
      groups.push([]);
      bytes = Buffer.byteLength(name);
    }
    groups.at(-1)!.push(name);
  }
  return groups;
}

/** The groups all of whose names were seen later, or earlier, than their items say. By key. */
function groupsSeen(
  known: KnownService, seen: ReadonlyMap<string, DaysSeen>, outdated: readonly [string, DaysSeen][],
): Map<string, CatalogueItem> {
  const groups = new Map<string, CatalogueItem>();
  for (const group of new Set(outdated.flatMap(([name]) => known.itemsOf(name).filter(({ key }) => key !== name)))) {
    const days = group.names.map((name) => seen.get(name));
    if (!days.every((each) => each !== undefined)) continue;
    // What is true of all: each end by itself.
    const ofAll = days.reduce((a, b) => ({ first: a.first > b.first ? a.first : b.first, last: a.last < b.last ? a.last : b.last }));
    if (!covers(group.days, ofAll)) groups.set(group.key, { ...group, days: widened(group.days, ofAll) });
  }
  return groups;
}

/** The own entries of those of which the groups do not say all. They say all that is known of the name: the groups may expire before them. */
function ownEntries(
  known: KnownService, groups: ReadonlyMap<string, CatalogueItem>, outdated: readonly [string, DaysSeen][], retentionDays: number,
): CatalogueItem[] {
  return outdated.flatMap(([name, seen]) => {
    const items = known.itemsOf(name).map((item) => groups.get(item.key) ?? item);
    const days = items.reduce((all, item) => widened(all, item.days), seen);
    // What only an item says that is not moved any more would be forgotten with it, though the name is still seen.
    const oldest = dayOf(Date.parse(days.last) - retentionDays * MAY_LAG * DAY);
    const lasting = items.filter(({ days: { last } }) => last >= oldest);
    const isSaid = lasting.some(({ days: { first } }) => first === days.first) && lasting.some(({ days: { last } }) => last === days.last);
    const own = known.item(name);
    return isSaid && (!own || own.days.first === days.first) ? [] : [{ key: name, names: [name], days }];
  });
}
