import { ConditionalCheckFailedException, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from './items';
import type { KnownService } from './known-service';

/** The metrics table, for those who read it. */
export interface StoreTable {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** The metrics table, for those who write it; made once per process by `openStore`. */
export interface Store extends StoreTable {
  readonly sampleRetentionDays: number;
  readonly rollupRetentionDays: number;
  /** Milliseconds since the epoch: by it days are judged to have ended, and nothing else. */
  readonly now: () => number;
  /** What this process knows to be in the catalogue, by service, so that most objects write nothing there. */
  readonly seen: Map<string, KnownService>;
  /** The days, not ended yet, whose markers this process has put. */
  readonly marked: Set<string>;
}

export function openStore(settings: Omit<Store, 'seen' | 'marked' | 'now'> & Partial<Pick<Store, 'now'>>): Store {
  return { now: Date.now, ...settings, seen: new Map(), marked: new Set() };
}

/** What a conditional write returned; undefined where its condition did not hold. Every other failure is thrown. */
export async function unlessConditionFails<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Items of one partition, in the order of their sort keys. */
export interface ItemRange {
  readonly pk: string;
  /** The sort keys, both ends included; all where they are left out. */
  readonly from?: string;
  readonly to?: string;
  /** The last first. */
  readonly descending?: boolean;
  /** The most items; all where it is left out. */
  readonly limit?: number;
  readonly consistent?: boolean;
}

/** The items of a range, however many pages it takes. */
export async function queryAll({ client, table }: StoreTable, { pk, from, to, descending, limit, consistent }: ItemRange): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(new QueryCommand({
      TableName: table,
      KeyConditionExpression: from === undefined ? 'pk = :pk' : 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': { S: pk }, ...(from !== undefined && { ':from': { S: from }, ':to': { S: to! } }) },
      ScanIndexForward: descending ? false : undefined,
      Limit: limit === undefined ? undefined : limit - items.length,
      ConsistentRead: consistent,
      ExclusiveStartKey: start,
    }));
    for (const item of page.Items ?? []) items.push(item);
    start = page.LastEvaluatedKey;
  } while (start && (limit === undefined || items.length < limit));
  return items;
}

/** Runs an action over items, a bounded number at a time. After a failure nothing more is started; what runs is awaited. */
export async function forEachBounded<T>(items: Iterable<T>, limit: number, action: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  const work = async (first: IteratorResult<T>) => {
    for (let next = first; !next.done && !failed; next = iterator.next()) {
      try {
        await action(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers: Promise<void>[] = [];
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    workers.push(work(next));
    if (workers.length === limit || failed) break;
  }
  const results = await Promise.allSettled(workers);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
