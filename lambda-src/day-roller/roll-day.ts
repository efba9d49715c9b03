import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { dayChunkItem, dayChunkKey, type DayHead, dayHead, dayHeadItem, dayKey, type Marker, randomId } from '../shared/day-items';
import { deleteMarker } from '../shared/day-markers';
import type { Item } from '../shared/items';
import { type Store, unlessConditionFails } from '../shared/store';
import { readParts } from '../shared/store-reader';
import { dayOfParts } from '../timeseries/day';
import { encodeDay } from '../timeseries/day-codec';
import { DAY } from '../timeseries/time';

/**
 * `rolled`: the day's items hold what its parts do; `overtaken`: another roller was faster, and the marker is left to whom it belongs;
 * `final`: parts of the day have expired since it was computed, so it is not computed from what is left; `unreadable`: a part is damaged or
 * of a later release's format, and the day is left to be read from its parts.
 */
export type RollOutcome = 'rolled' | 'overtaken' | 'final' | 'unreadable';

/**
 * Computes an ended day of a service from its parts, and puts it provided that nobody else did meanwhile.
 *
 * Days are computed whole and never incremented: whatever was delivered twice, replaced or buried, the parts are the truth. The head is put
 * last and only over the very head that was read, so a roller that was slow cannot put old figures over newer ones.
 */
export async function rollDay(store: Store, service: string, marker: Marker): Promise<RollOutcome> {
  const { day } = marker;
  const now = store.now();
  const found = await readDayHead(store, service, day);
  if (found && found.until <= now) {
    await deleteMarker(store, service, marker);
    return 'final';
  }
  const { parts, unreadable, expires } = await readParts(store, service, day, day + DAY, { consistent: true, now });
  if (unreadable.length > 0) return 'unreadable';

  const { hours, sketches } = encodeDay(dayOfParts(parts, day));
  const head: DayHead = { id: randomId(), stats: hours.length, sketches: sketches.length, until: expires };
  const chunks = [
    ...hours.slice(1).map((bytes, i) => dayChunkItem(dayChunkKey(service, day, 's', head.id, i + 1), day, bytes, store.rollupRetentionDays)),
    ...sketches.map((bytes, n) => dayChunkItem(dayChunkKey(service, day, 'q', head.id, n), day, bytes, store.rollupRetentionDays)),
  ];
  for (const Item of chunks) await store.client.send(new PutItemCommand({ TableName: store.table, Item }));
  if (!await putHead(store, dayHeadItem(service, day, head, hours[0], store.rollupRetentionDays), found?.id)
    // A put that went through although its answer was lost fails when it is tried again.
    && (await readDayHead(store, service, day))?.id !== head.id) {
    await deleteChunks(store, service, day, head);
    return 'overtaken';
  }
  if (found) await deleteChunks(store, service, day, found);
  await deleteMarker(store, service, marker);
  return 'rolled';
}

async function readDayHead(store: Store, service: string, day: number): Promise<DayHead | undefined> {
  const { Item } = await store.client.send(new GetItemCommand({ TableName: store.table, Key: dayKey(service, day), ConsistentRead: true }));
  return Item && dayHead(Item);
}

async function putHead(store: Store, item: Item, over: string | undefined): Promise<boolean> {
  return await unlessConditionFails(store.client.send(new PutItemCommand({
    TableName: store.table,
    Item: item,
    ...(over === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': { S: over } } }),
  }))) !== undefined;
}

/** What belongs to no head any more only costs: nobody reads it, and it expires. */
async function deleteChunks(store: Store, service: string, day: number, { id, stats, sketches }: DayHead): Promise<void> {
  const keys = [
    ...Array.from({ length: stats - 1 }, (_, i) => dayChunkKey(service, day, 's', id, i + 1)),
    ...Array.from({ length: sketches }, (_, n) => dayChunkKey(service, day, 'q', id, n)),
  ];
  for (const Key of keys) await store.client.send(new DeleteItemCommand({ TableName: store.table, Key }));
}
