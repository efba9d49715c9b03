import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { readServices } from '../shared/catalogue';
import { partsOfDay } from '../shared/items';
import { forEachBounded, type StoreTable } from '../shared/store';
import { decodePart, UnreadablePartError } from '../timeseries/part';
import { DAY, dayOf } from '../timeseries/time';

/** Services that were silent for longer are no sign of trouble any more. */
const LOOKED_AT = 7 * DAY;
const READS_AT_ONCE = 8;

/**
 * The age of the newest sample of all services, in milliseconds, to the hour; undefined where none came within seven days. It tells that
 * nothing arrives any more, from whatever reason, which no error of ours would.
 */
export async function newestSampleAge(store: StoreTable, now: number): Promise<number | undefined> {
  const oldest = dayOf(now - LOOKED_AT);
  const services = (await readServices(store, now)).filter(({ last }) => last >= oldest);
  // Who was last seen on an earlier day than another cannot have the newest sample.
  const lastDay = services.reduce((day, { last }) => (last > day ? last : day), '');
  let newest = -Infinity;
  await forEachBounded(services.filter(({ last }) => last === lastDay), READS_AT_ONCE, async ({ name }) => {
    const found = await newestOf(store, name, Date.parse(lastDay));
    newest = Math.max(newest, found);
  });
  return newest === -Infinity ? undefined : Math.max(now - newest, 0);
}

/** The newest sample in the last part of a day: of several parts of its hour it may not be the newest, by less than an hour. */
async function newestOf({ client, table }: StoreTable, service: string, day: number): Promise<number> {
  const { Items = [] } = await client.send(new QueryCommand({
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: partsOfDay(service, day) } },
    ScanIndexForward: false,
    Limit: 10,
  }));
  // Without data it is a tombstone.
  const last = Items.find(({ d }) => d?.B);
  if (!last) return -Infinity;
  try {
    return Math.max(...[...decodePart(last.d.B!).values()].map(({ timestamps }) => timestamps[timestamps.length - 1]));
  } catch (error) {
    if (error instanceof UnreadablePartError) return -Infinity;
    throw error;
  }
}
