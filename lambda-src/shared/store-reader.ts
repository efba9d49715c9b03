import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { hoursBetween, isExpired, type Item, partsOfDay } from './items';
import { forEachBounded, type StoreTable } from './store';
import { decodePart, type PartData, UnreadablePartError } from '../timeseries/part';
import { DAY, floorTo, HOUR } from '../timeseries/time';

export interface ReadOptions {
  /** Whether every write that was acknowledged before is seen; costs twice. Default: no. */
  readonly consistent?: boolean;
  /** The time by which expiry is judged, in milliseconds. Default: now. */
  readonly now?: number;
}

/** What the store holds of one service over a span of time. */
export interface ReadParts {
  /** In key order, which is the order to fold them in. Whole hours: their samples reach beyond the span asked for. */
  readonly parts: readonly PartData[];
  /** Parts that cannot be read, by key with the reason: the answer is incomplete without them. */
  readonly unreadable: readonly string[];
}

/** How many days are read at a time. */
const DAYS_AT_ONCE = 8;

/** Reads the parts of a service whose hours touch `[from, to)`, in milliseconds. */
export async function readParts(store: StoreTable, service: string, from: number, to: number, options: ReadOptions = {}): Promise<ReadParts> {
  const days: number[] = [];
  for (let day = floorTo(from, DAY); day < to; day += DAY) days.push(day);
  const read = new Map<number, Item[]>();
  await forEachBounded(days, DAYS_AT_ONCE, async (day) => {
    const first = Math.max(floorTo(from, HOUR), day);
    const last = Math.min(floorTo(to - 1, HOUR), day + DAY - HOUR);
    read.set(day, await queryHours(store, service, first, last, options.consistent));
  });

  const now = options.now ?? Date.now();
  const parts: PartData[] = [];
  const unreadable: string[] = [];
  for (const item of days.flatMap((day) => read.get(day)!)) {
    // Without data it is a tombstone.
    if (!item.d?.B || isExpired(item, now)) continue;
    try {
      parts.push(decodePart(item.d.B));
    } catch (error) {
      if (!(error instanceof UnreadablePartError)) throw error;
      unreadable.push(`${item.pk.S} ${item.sk.S}: ${error.message}`);
    }
  }
  return { parts, unreadable };
}

async function queryHours({ client, table }: StoreTable, service: string, first: number, last: number, consistent?: boolean): Promise<Item[]> {
  const { from, to } = hoursBetween(first, last);
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': { S: partsOfDay(service, first) }, ':from': { S: from }, ':to': { S: to } },
      ConsistentRead: consistent,
      ExclusiveStartKey: start,
    }));
    items.push(...page.Items ?? []);
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}
