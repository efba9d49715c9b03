import { BatchGetItemCommand, type KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { toAttributes } from './attributes';
import type { Key } from './incident-items';
import type { Item } from './items';
import type { StoreTable } from './store';

/** The most keys that DynamoDB takes at once. */
export const MAX_KEYS = 100;
/** With the pauses between them, about a second and a half: longer than a burst, and well within the time of a request. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 50;

export interface BatchOptions {
  /** What is read of the items; all where it is left out. */
  readonly members?: readonly string[];
  /** Whether every write that was acknowledged before is seen; costs twice. Default: no. */
  readonly consistent?: boolean;
}

/** The items of up to `MAX_KEYS` keys, in any order; those that are not there are missing. */
export async function batchGet({ client, table }: StoreTable, keys: readonly Key[], { members, consistent }: BatchOptions = {}): Promise<Item[]> {
  const items: Item[] = [];
  let left: KeysAndAttributes | undefined = keys.length === 0 ? undefined : {
    Keys: keys.map(toAttributes),
    ConsistentRead: consistent,
    ...(members && {
      ProjectionExpression: members.map((member) => `#${member}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(members.map((member) => [`#${member}`, member])),
    }),
  };
  for (let attempt = 0; left; attempt++) {
    if (attempt === ATTEMPTS) throw new Error(`${table}: ${left.Keys?.length} of ${keys.length} items were not given in ${ATTEMPTS} attempts; the table is throttled`);
    if (attempt > 0) await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: left } }));
    items.push(...Responses?.[table] ?? []);
    // DynamoDB gives what it can: what it was too busy for, or what made the answer larger than 16 MB, is asked for again.
    left = UnprocessedKeys?.[table];
  }
  return items;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
