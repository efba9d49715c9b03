import { randomUUID } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expiry, type Item, LEDGER_EXTRA_DAYS, type LedgerHead, ledgerHead, ledgerItem, ledgerKey, type PartId, partText, REQUEST_GENERATION, TTL } from './items';
import { type Store, unlessConditionFails } from './store';

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
/** What the ids of one object's parts may take in its head, which as an item has room for 400 KB. */
const MAX_HEAD_BYTES = 300 * 1024;
/** More parts than this do not fit, however short their services' names are: `2026-11-23T15#0#a` and what DynamoDB adds. */
export const MAX_PARTS = Math.floor(MAX_HEAD_BYTES / 20);

/** Whether one head has room for the ids of so many parts. */
export function fitsLedger(parts: readonly PartId[]): boolean {
  return parts.reduce((sum, part) => sum + 3 + Buffer.byteLength(partText(part)), 0) <= MAX_HEAD_BYTES;
}

/** The ledger's head of a source, read consistently. */
export async function readHead(store: Store, source: string): Promise<LedgerHead | undefined> {
  const { Item } = await store.client.send(new GetItemCommand({ TableName: store.table, Key: ledgerKey(source), ConsistentRead: true }));
  return Item && ledgerHead(Item);
}

/** Puts this generation's head and returns it; undefined where a newer generation's is there. */
export async function takeHead(store: Store, object: ObjectVersion, parts: readonly PartId[]): Promise<LedgerHead | undefined> {
  const { source, ...version } = object;
  const ids = parts.map(({ service, hour, n }) => ({ service, hour, n }));
  const own = new Set(ids.map(partText));
  for (let attempt = 0; attempt < MAX_HEAD_ATTEMPTS; attempt++) {
    const found = await readHead(store, source);
    if (found && found.generation > object.generation) return undefined;
    // Also where the generation is the same: a worker that died may have left stale parts without tombstones.
    const stale = new Map([...found?.parts ?? [], ...found?.stale ?? []].map((id) => [partText(id), id]));
    for (const text of own) stale.delete(text);
    const head: LedgerHead = {
      ...version,
      eventTime: Math.max(object.eventTime, found?.eventTime ?? 0),
      parts: ids,
      stale: [...stale.values()],
      version: randomUUID(),
    };
    if (await putHead(store, source, head, found?.version)) return head;
  }
  throw new Error(`The ledger head of ${object.bucket}/${object.key} changed ${MAX_HEAD_ATTEMPTS} times between read and write`);
}

/** Puts a head, provided that it is still the version that was read. */
export async function putHead(store: Store, source: string, head: LedgerHead, version: string | undefined): Promise<boolean> {
  return await unlessConditionFails(store.client.send(new PutItemCommand({
    TableName: store.table,
    Item: ledgerItem(source, head, store.sampleRetentionDays),
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
    [TTL]: expiry(receivedAt, store.sampleRetentionDays + LEDGER_EXTRA_DAYS),
  };
  const put = await unlessConditionFails(store.client.send(new PutItemCommand({
    TableName: store.table, Item: item, ConditionExpression: 'attribute_not_exists(pk)',
  })));
  if (put) return { receivedAt };
  const { Item: first } = await store.client.send(new GetItemCommand({ TableName: store.table, Key: ledgerKey(source), ConsistentRead: true }));
  if (!first) throw new Error('The ledger entry of this request expired just now; send it again');
  return first.hash.S === bodyHash ? { receivedAt: Number(first.at.N) } : undefined;
}
