import { incidentOf } from './incident-body';
import type { ListPosition } from './positions';
import { batchGet, MAX_KEYS } from '../../shared/batch-get';
import { incidentKey, type IncidentItem, listPk } from '../../shared/incident-items';
import { queryAll, type StoreTable } from '../../shared/store';
import { DAY, dayOf, floorTo } from '../../timeseries/time';
import { MAX_DAYS_LISTED, MAX_INCIDENTS_READ } from '../limits';
import { iso, Range } from '../range';

/** What is read for one page of incidents. */
export interface PageRequest {
  /** Of the time of opening. */
  readonly range: Range;
  /** The most incidents of the page. */
  readonly limit: number;
  /** The position after which the page begins. */
  readonly after?: End;
  readonly now: number;
  wanted(incident: IncidentItem): boolean;
}

type End = Pick<ListPosition, 'opened' | 'id'>;

export interface Page {
  /** The newest first. */
  readonly incidents: IncidentItem[];
  /** Where the page ended, null where everything was given. */
  readonly end: End | null;
}

/** Days whose lists are read at once. */
const FAN_OUT = 10;
/** Even for a short page: where a filter matches little, a call for each few incidents would take long. */
const LEAST_AT_ONCE = 25;
/** No incident is older than the library: a question about all of time must not look through the days before. */
const EARLIEST = Date.UTC(2026, 0);

/**
 * Reads incidents back from the end of the range, until the page is full, nothing is left, or so much was read that a filter that
 * matches little would keep its caller waiting: the page then ends where it is, with what was found.
 */
export async function readIncidents(table: StoreTable, { range, limit, after, now, wanted }: PageRequest): Promise<Page> {
  const span = listedSpan(range, after, now);
  // Of a range that lies ahead, or before the library, nothing is left to ask for: DynamoDB refuses ends in the wrong order.
  if (span.from >= span.to) return { incidents: [], end: null };
  const incidents: IncidentItem[] = [];
  let left = MAX_INCIDENTS_READ;
  const newest = floorTo(span.to - 1, DAY);
  for (let day = newest; day + DAY > span.from; day -= FAN_OUT * DAY) {
    if (newest - day >= MAX_DAYS_LISTED * DAY) return { incidents, end: { opened: day + DAY } };
    const days = Array.from({ length: FAN_OUT }, (_, i) => day - i * DAY).filter((each) => each + DAY > span.from);
    const listed = (await Promise.all(days.map((each) => readDay(table, each, span, left)))).flat().slice(0, left);
    const atOnce = Math.min(MAX_KEYS, Math.max(LEAST_AT_ONCE, limit + 1));
    for (let i = 0; i < listed.length; i += atOnce) {
      const batch = listed.slice(i, i + atOnce);
      const items = new Map((await batchGet(table, batch.map(({ id }) => incidentKey(id)))).map((item) => [item.id.S, item]));
      for (const { id } of batch) {
        const incident = incidentOf(items.get(id), now);
        if (!incident || !wanted(incident)) continue;
        if (incidents.length === limit) return { incidents, end: endAt(incidents[limit - 1]) };
        incidents.push(incident);
      }
    }
    left -= listed.length;
    if (left === 0) return { incidents, end: endAt(listed[listed.length - 1]) };
  }
  return { incidents, end: null };
}

/** What is left of the range, with its end as it compares to the lists' keys. */
interface Span extends Range {
  /** Nothing from here on: of an incident it is the key itself. */
  readonly before: string;
}

function listedSpan(range: Range, after: End | undefined, now: number): Span {
  const from = Math.max(range.from, EARLIEST);
  if (!after) {
    const to = Math.min(range.to, now + DAY);
    return { from, to, before: iso(to) };
  }
  const { opened, id } = after;
  // An id can be any of the incidents that opened in the same millisecond.
  return id === undefined ? { from, to: opened, before: iso(opened) } : { from, to: opened + 1, before: `${iso(opened)}#${id}` };
}

interface Listed { readonly opened: string; readonly id: string }

/** The newest of a day's list. Its keys are small: as many as one page may look at come in one answer. */
async function readDay(table: StoreTable, day: number, { from, before }: Span, most: number): Promise<Listed[]> {
  const items = await queryAll(table, { pk: listPk(dayOf(day)), from: iso(from), to: before, descending: true, limit: most + 1 });
  return items.map(({ sk }) => sk.S!).filter((sk) => sk !== before).map((sk) => {
    const [opened, id] = sk.split('#');
    return { opened, id };
  });
}

function endAt({ opened, id }: Listed): End {
  return { opened: Date.parse(opened), id };
}
