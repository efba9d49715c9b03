import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { recordSeen } from './catalogue';
import { type PartId, partItem, REQUEST_GENERATION } from './items';
import { type ObjectVersion, putHead, takeHead } from './ledger';
import { forEachBounded, type Store, unlessConditionFails } from './store';
import type { PackedPart } from '../timeseries/pack';
import { encodePart } from '../timeseries/part';

/**
 * Writes the parts of one source so that the end state is the same whatever is delivered twice, late, out of order or
 * concurrently, and wherever a worker dies.
 *
 * The order carries the proof: before a part is written its key stands in the ledger, so a later generation that does not
 * hold it any more knows to bury it; and a part never gives way to an older generation, so a slow worker cannot undo it.
 */

/** `superseded`: a newer generation of the source was found, which stores what this one would. */
export type StoreOutcome = 'stored' | 'superseded';

/** Parts are written by so many at a time. */
const WRITES_AT_ONCE = 16;
/** Stores what an object holds, all of its parts. An object without samples is stored too: it may replace one that had some. */
export async function storeObject(store: Store, object: ObjectVersion, parts: readonly PackedPart[]): Promise<StoreOutcome> {
  await recordSeen(store, parts);
  const head = await takeHead(store, object, parts);
  if (!head) return 'superseded';
  const { source, generation } = object;
  if (!await putParts(store, source, generation, parts)) return 'superseded';
  if (head.stale.length === 0) return 'stored';
  if (!await putTombstones(store, source, generation, head.stale)) return 'superseded';
  // A head that changed meanwhile belongs to another worker, who then clears the list.
  await putHead(store, source, { ...head, stale: [], version: randomUUID() }, head.version);
  return 'stored';
}

/**
 * Stores what a request brought. A request's source has one content only, so there is nothing to supersede or to bury;
 * with an `Idempotency-Key`, the request is claimed first (`claimRequest`).
 */
export async function storeRequest(store: Store, source: string, parts: readonly PackedPart[]): Promise<void> {
  await recordSeen(store, parts);
  await putParts(store, source, REQUEST_GENERATION, parts);
}

/** Writes parts, unless one of them has a newer generation: then this worker is stale and stops. */
function putParts(store: Store, source: string, generation: string, parts: readonly PackedPart[]): Promise<boolean> {
  // Encoded one by one as they are written: never all of an object's bytes at a time.
  return putAll(store, source, generation, parts, ({ data }) => encodePart(data));
}

function putTombstones(store: Store, source: string, generation: string, ids: readonly PartId[]): Promise<boolean> {
  return putAll(store, source, generation, ids, () => undefined);
}

async function putAll<T extends PartId>(
  store: Store, source: string, generation: string, ids: readonly T[], dataOf: (id: T) => Uint8Array | undefined,
): Promise<boolean> {
  let superseded = false;
  await forEachBounded(ids, WRITES_AT_ONCE, async (id) => {
    if (superseded) return;
    const written = await unlessConditionFails(store.client.send(new PutItemCommand({
      TableName: store.table,
      Item: partItem(id, source, generation, store.sampleRetentionDays, dataOf(id)),
      ConditionExpression: 'attribute_not_exists(g) OR g <= :g',
      ExpressionAttributeValues: { ':g': { S: generation } },
    })));
    superseded ||= written === undefined;
  });
  return !superseded;
}
