import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DaysSeen } from './items';

/** The metrics table, for those who read it. */
export interface StoreTable {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** The metrics table, for those who write it; made once per process by `openStore`. */
export interface Store extends StoreTable {
  readonly sampleRetentionDays: number;
  readonly rollupRetentionDays: number;
  /** What this process knows to be in the catalogue, so that most objects write nothing there. */
  readonly seen: Map<string, DaysSeen>;
}

export function openStore(settings: Omit<Store, 'seen'>): Store {
  return { ...settings, seen: new Map() };
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

/** Runs an action over items, a bounded number at a time. After a failure nothing more is started; what runs is awaited. */
export async function forEachBounded<T>(items: Iterable<T>, limit: number, action: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      if (failed) return;
      try {
        await action(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: limit }, worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
