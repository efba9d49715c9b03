import type { TimelinePosition } from './positions';
import { fromAttributes } from '../../shared/attributes';
import { incidentPk, TIMELINE_PREFIX, type TimelineItem } from '../../shared/incident-items';
import type { Item } from '../../shared/items';
import { queryAll, type StoreTable } from '../../shared/store';

export interface TimelinePage {
  /** The oldest first. */
  readonly entries: TimelineItem[];
  /** Where the page ended, null where nothing is left. */
  readonly end: TimelinePosition | null;
}

/** Past the keys of all entries, and of nothing else. */
const END = `${TIMELINE_PREFIX}~`;
/** The least text that follows a key. */
const after = (sk: string) => `${sk}\0`;

/** What happened in an incident, from the position on. */
export async function readTimeline(table: StoreTable, id: string, limit: number, position?: TimelinePosition): Promise<TimelinePage> {
  const from = position === undefined ? TIMELINE_PREFIX : after(`${TIMELINE_PREFIX}${position.entry}`);
  // One more than the page has tells whether there is another.
  const items = await queryAll(table, { pk: incidentPk(id), from, to: END, limit: limit + 1, consistent: true });
  const page = items.slice(0, limit);
  return {
    entries: page.map(entryOf),
    end: page.length < items.length ? { entry: page[limit - 1].sk.S!.slice(TIMELINE_PREFIX.length) } : null,
  };
}

/** The newest entries, the newest first. */
export async function readNewestEntries(table: StoreTable, id: string, most: number): Promise<TimelineItem[]> {
  const items = await queryAll(table, { pk: incidentPk(id), from: TIMELINE_PREFIX, to: END, descending: true, limit: most, consistent: true });
  return items.map(entryOf);
}

/** An entry as the API tells it: these members, and nothing else that the table has of it. */
function entryOf(item: Item): TimelineItem {
  const { time, type, text, reason, runbook, runId } = fromAttributes<TimelineItem>(item);
  return { time, type, text, reason, runbook, runId };
}
