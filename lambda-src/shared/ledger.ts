import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { randomId } from './day-items';
import { expiry, type Item, type PartId, REQUEST_GENERATION, TTL } from './items';
import {
  type ChunkCount, chunkIds, chunkItem, chunkSortKey, ledgerExpiry, type LedgerHead, ledgerHead, ledgerItem, ledgerKey, ledgerOf, partText,
} from './ledger-items';
import { queryAll, type Store, unlessConditionFails } from './store';

/** The ledger: which content of a source is the newest, and which parts it has. Everything about a source begins here. */

/** One content of one log object. */
export interface ObjectVersion {
  /** By `objectSource`. */
  readonly source: string;
  /** By `objectGeneration`. */
  readonly generation: string;
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** The event's own time, in milliseconds. */
  readonly eventTime: number;
}

/** A head that changes between read and write more often than this is no contention but an error. */
const MAX_HEAD_ATTEMPTS = 20;

/** The ledger's head of a source, read consistently. */
export async function readHead(store: Store, source: string): Promise<LedgerHead | undefined> {
  const { Item } = await store.client.send(new GetItemCommand({ TableName: store.table, Key: ledgerKey(source), ConsistentRead: true }));
  return Item && ledgerHead(Item);
}

/**
 * Makes this generation's head the source's, and returns it; undefined where a newer generation's is there.
 *
 * @param parts of the object; empty where they are many and follow in chunks
 */
export function takeHead(store: Store, object: ObjectVersion, parts: readonly PartId[]): Promise<LedgerHead | undefined> {
  const ids = parts.map(({ service, hour, n }) => ({ service, hour, n }));
  const { source: _, ...version } = object;
  return changeHead(store, object, (found) => {
    const isOurs = found?.generation === object.generation;
    // Also where the generation is the same: a worker that died may have left stale parts without tombstones.
    const stale = new Map([...found?.parts ?? [], ...found?.stale ?? []].map((id) => [partText(id), id]));
    for (const id of ids) stale.delete(partText(id));
    return {
      ...version,
      // Whatever came last keeps the entry; the age of this content's samples is judged by its own event.
      expires: Math.max(ledgerExpiry(object.eventTime, store.sampleRetentionDays), found?.expires ?? 0),
      // Chunks of ours that an earlier delivery has counted stay counted: their parts may be there.
      chunks: isOurs ? found.chunks : 0,
      done: false,
      parts: ids,
      stale: [...stale.values()],
      older: [...found?.older ?? [], ...found && !isOurs && found.chunks > 0 ? [{ generation: found.generation, chunks: found.chunks }] : []],
    };
  });
}

/** Records the keys of a large object's next parts, before any of these is written; undefined where a newer generation is there. */
export async function addChunk(store: Store, object: ObjectVersion, n: number, ids: readonly PartId[]): Promise<LedgerHead | undefined> {
  const { source, generation, eventTime } = object;
  const item = chunkItem(source, { generation, n, expires: ledgerExpiry(eventTime, store.sampleRetentionDays) }, ids);
  await store.client.send(new PutItemCommand({ TableName: store.table, Item: item }));
  return changeHead(store, object, (found) => ({ ...found!, chunks: Math.max(found!.chunks, n + 1) }));
}

/** The keys that counted chunks hold, from the given chunk on. */
export async function readChunks(store: Store, source: string, { generation, chunks }: ChunkCount, from = 0): Promise<PartId[]> {
  if (from >= chunks) return [];
  const items = await queryAll(store, {
    pk: ledgerOf(source), from: chunkSortKey(generation, from), to: chunkSortKey(generation, chunks - 1), consistent: true,
  });
  return items.flatMap(chunkIds);
}

/** Says that all is written, and nothing stale is left. A head that changed meanwhile belongs to another worker, who then clears it. */
export async function clearHead(store: Store, source: string, head: LedgerHead): Promise<void> {
  await putHead(store, source, { ...head, done: head.chunks > 0, stale: [], older: [], version: randomId() }, head.version);
}

/** Reads the head, and puts it changed unless it changed meanwhile; then all over again. */
async function changeHead(
  store: Store, { source, generation, bucket, key }: ObjectVersion, change: (found: LedgerHead | undefined) => Omit<LedgerHead, 'version'>,
): Promise<LedgerHead | undefined> {
  for (let attempt = 0; attempt < MAX_HEAD_ATTEMPTS; attempt++) {
    const found = await readHead(store, source);
    if (found && found.generation > generation) return undefined;
    const head = { ...change(found), version: randomId() };
    if (await putHead(store, source, head, found?.version)) return head;
  }
  throw new Error(`The ledger head of ${bucket}/${key} changed ${MAX_HEAD_ATTEMPTS} times between read and write`);
}

/** Puts a head, provided that it is still the version that was read. */
async function putHead(store: Store, source: string, head: LedgerHead, version: string | undefined): Promise<boolean> {
  return await unlessConditionFails(store.client.send(new PutItemCommand({
    TableName: store.table,
    Item: ledgerItem(source, head),
    ...(version === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'v = :v', ExpressionAttributeValues: { ':v': { S: version } } }),
  }))) !== undefined;
}

/** What is known of a request that carries an `Idempotency-Key`. */
export interface RequestClaim {
  /** By `requestSource`. */
  readonly source: string;
  /** Hash of the raw body. */
  readonly bodyHash: string;
  /** In milliseconds. */
  readonly receivedAt: number;
}

/**
 * Claims a request's source before anything of it is written. A repetition gets the time of the first receipt, so that it
 * judges, stores and answers the same; another body under the same key gets undefined.
 */
export async function claimRequest(store: Store, { source, bodyHash, receivedAt }: RequestClaim): Promise<{ receivedAt: number } | undefined> {
  const item: Item = {
    ...ledgerKey(source),
    g: { S: REQUEST_GENERATION },
    hash: { S: bodyHash },
    at: { N: String(receivedAt) },
    [TTL]: expiry(ledgerExpiry(receivedAt, store.sampleRetentionDays)),
  };
  const put = await unlessConditionFails(store.client.send(new PutItemCommand({
    TableName: store.table, Item: item, ConditionExpression: 'attribute_not_exists(pk)',
  })));
  if (put) return { receivedAt };
  const { Item: first } = await store.client.send(new GetItemCommand({ TableName: store.table, Key: ledgerKey(source), ConsistentRead: true }));
  if (!first) throw new Error('The ledger entry of this request expired just now; send it again');
  return first.hash.S === bodyHash ? { receivedAt: Number(first.at.N) } : undefined;
}
