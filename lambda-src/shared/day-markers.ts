import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Marker, marker, markerItem, markersOf, randomId } from './day-items';
import type { PartId } from './items';
import { forEachBounded, queryAll, type Store, type StoreTable, unlessConditionFails } from './store';
import { DAY, dayOf, floorTo, MINUTE } from '../timeseries/time';

/**
 * Markers: which days are to be computed anew, because a part of them was written.
 *
 * A marker stands before the part is written, so that no reader takes the day's old figures for true; and, where the day has ended, again
 * after it: a roller may have computed the day, and have taken the first marker away, in between. For a day that goes on, one marker is
 * enough: no roller touches it before it has ended for a while.
 */

/** A roller leaves a day alone for so long after its end, and after its marker was put. */
export const SETTLING = 30 * MINUTE;

/** No function runs for longer, whatever its timeout is: that is Lambda's own limit. */
export const LONGEST_RUN = 15 * MINUTE;

/** The clocks of two functions are never so far apart. */
export const CLOCKS_APART = 5 * MINUTE;

/**
 * For so long after its end a writer still takes a day for one that goes on: the files that arrive just after midnight, each service's last
 * ones of the day, then put no markers of their own.
 *
 * Who looks at its clock before the day's end + GRACE has written its parts before the end + GRACE + LONGEST_RUN, by its clock. By the clock
 * of any roller that is before the end + GRACE + LONGEST_RUN + CLOCKS_APART = the end + SETTLING. Earlier no roller begins with the day, so
 * the marker still stands when the part is written, and the part is there when the roller reads.
 */
export const GRACE = SETTLING - LONGEST_RUN - CLOCKS_APART;

const MARKERS_AT_ONCE = 16;
/** A process that marked more days than this forgets all: a marker too many costs one write. */
const MAX_REMEMBERED = 100_000;

/** Marks the days of parts that are about to be written. */
export async function markBefore(store: Store, ids: readonly PartId[]): Promise<void> {
  if (store.marked.size > MAX_REMEMBERED) store.marked.clear();
  await forEachBounded(daysOf(ids), MARKERS_AT_ONCE, async ([remembered, { service, day }]) => {
    const ended = hasEnded(day, store.now());
    if (!ended && store.marked.has(remembered)) return;
    await putMarker(store, service, day);
    if (!ended) store.marked.add(remembered);
  });
}

/** Marks the days of parts that were written, where they have ended by now. */
export async function markAfter(store: Store, ids: readonly PartId[]): Promise<void> {
  const ended = [...daysOf(ids).values()].filter(({ day }) => hasEnded(day, store.now()));
  await forEachBounded(ended, MARKERS_AT_ONCE, ({ service, day }) => putMarker(store, service, day));
}

/** Whether a writer has to reckon with a roller that has begun with the day. */
export function hasEnded(day: number, now: number): boolean {
  return day + DAY + GRACE <= now;
}

/** The markers of a service's days, read consistently. */
export async function readMarkers(store: StoreTable, service: string, days?: { first: number; last: number }): Promise<Marker[]> {
  const range = days && { from: dayOf(days.first), to: dayOf(days.last) };
  return (await queryAll(store, { pk: markersOf(service), ...range, consistent: true })).map(marker);
}

/** Deletes a marker, unless it was put again since it was read. */
export async function deleteMarker(store: StoreTable, service: string, { day, id }: Marker): Promise<void> {
  await unlessConditionFails(store.client.send(new DeleteItemCommand({
    TableName: store.table,
    Key: { pk: { S: markersOf(service) }, sk: { S: dayOf(day) } },
    ConditionExpression: 'id = :id',
    ExpressionAttributeValues: { ':id': { S: id } },
  })));
}

async function putMarker(store: Store, service: string, day: number): Promise<void> {
  const item = markerItem(service, { day, id: randomId(), at: store.now() }, store.rollupRetentionDays);
  await store.client.send(new PutItemCommand({ TableName: store.table, Item: item }));
}

function daysOf(ids: readonly PartId[]): Map<string, { service: string; day: number }> {
  const days = new Map<string, { service: string; day: number }>();
  for (const { service, hour } of ids) {
    const day = floorTo(hour, DAY);
    days.set(`${day} ${service}`, { service, day });
  }
  return days;
}
