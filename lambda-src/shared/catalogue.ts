import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { itemsToRecord, SERVICE } from './catalogue-plan';
import { catalogueKey, type DaysSeen, daysSeen, expiry, isExpired, TTL } from './items';
import { type CatalogueItem, covers, KnownService, widened } from './known-service';
import { forEachBounded, queryAll, type Store, type StoreTable, unlessConditionFails } from './store';
import type { PackedPart } from '../timeseries/pack';
import { DAY, dayOf } from '../timeseries/time';

/** The catalogue: which services there are, which metrics each has, and when they were first and last seen. */
export interface CatalogueEntry extends DaysSeen {
  readonly name: string;
}

/** The services of the store, by name. */
export async function readServices(store: StoreTable, now = Date.now()): Promise<CatalogueEntry[]> {
  const items = await queryAll(store, { pk: catalogueKey('').pk.S! });
  return items.filter((item) => !isExpired(item, now)).map((item) => ({ name: item.sk.S!, ...daysSeen(item) }));
}

/** The metrics of a service, by name. */
export async function readMetrics(store: StoreTable, service: string, now = Date.now()): Promise<CatalogueEntry[]> {
  const known = new KnownService();
  for (const item of await readMetricList(store, service, now)) known.add(item);
  return known.names.sort().map((name) => ({ name, ...known.daysOf(name)! }));
}

async function readMetricList(store: StoreTable, service: string, now: number): Promise<CatalogueItem[]> {
  const items = await queryAll(store, { pk: catalogueKey(service, '').pk.S! });
  return items.filter((item) => !isExpired(item, now)).map((item) => ({
    key: item.sk.S!, names: item.names?.L!.map(({ S }) => S!) ?? [item.sk.S!], days: daysSeen(item),
  }));
}

/** A process that knows more names than this forgets all: the catalogue itself knows, and memory is bounded. */
const MAX_REMEMBERED = 100_000;

/** Records that these parts' services and metrics were seen, before anything else is written of them. */
export async function recordSeen(store: Store, parts: readonly PackedPart[]): Promise<void> {
  const remembered = [...store.seen.values()].reduce((sum, { size }) => sum + size, 0);
  if (remembered > MAX_REMEMBERED) store.seen.clear();
  const services = sightingsOf(parts);
  const known = new Map<string, KnownService>();
  await forEachBounded(services, 8, async ([service, seen]) => { known.set(service, await knownOf(store, service, seen)); });
  const records = [...services].flatMap(([service, seen]) => (
    itemsToRecord(known.get(service)!, seen, store.rollupRetentionDays).map((item) => ({ service, item }))
  ));
  await forEachBounded(records, 16, ({ service, item }) => record(store, service, known.get(service)!, item));
}

/** By service and name: on which days each was seen. The service itself is among its metrics. */
function sightingsOf(parts: readonly PackedPart[]): Map<string, Map<string, DaysSeen>> {
  const services = new Map<string, Map<string, DaysSeen>>();
  for (const { service, hour, metrics } of parts) {
    const day = dayOf(hour);
    const sighting = { first: day, last: day };
    const seen = services.get(service) ?? new Map<string, DaysSeen>();
    services.set(service, seen);
    for (const name of [SERVICE, ...metrics]) {
      const days = seen.get(name);
      if (!days) seen.set(name, sighting);
      else if (!covers(days, sighting)) seen.set(name, widened(days, sighting));
    }
  }
  return services;
}

/** What is known of a service; of names that this process does not know, the catalogue is asked. */
async function knownOf(store: Store, service: string, seen: ReadonlyMap<string, DaysSeen>): Promise<KnownService> {
  const remembered = store.seen.get(service);
  if (remembered && [...seen.keys()].every((name) => remembered.has(name))) return remembered;
  // A read costs a fifth of a write that turns out needless, and keeps names out of a second group.
  const now = store.now();
  const [{ Item: entry }, metrics] = await Promise.all([
    store.client.send(new GetItemCommand({ TableName: store.table, Key: catalogueKey(service) })),
    readMetricList(store, service, now),
  ]);
  const known = store.seen.get(service) ?? new KnownService();
  store.seen.set(service, known);
  if (entry && !isExpired(entry, now)) known.add({ key: SERVICE, names: [SERVICE], days: daysSeen(entry) });
  for (const item of metrics) known.add(item);
  return known;
}

/** Each end moves by a condition of its own, so that concurrent workers together record the widest span. */
async function record(store: Store, service: string, memory: KnownService, item: CatalogueItem): Promise<void> {
  const { key, names, days } = item;
  const known = memory.item(key)?.days;
  const update = {
    TableName: store.table,
    Key: key === SERVICE ? catalogueKey(service) : catalogueKey(service, key),
  };
  let first = known?.first;
  if (!known || known.last < days.last) {
    const isGroup = names.length > 1;
    const updated = await unlessConditionFails(store.client.send(new UpdateItemCommand({
      ...update,
      // A group's names every time, although they never change: the item may have expired meanwhile.
      UpdateExpression: `SET #first = if_not_exists(#first, :first), #last = :last, #ttl = :ttl${isGroup ? ', #names = :names' : ''}`,
      ConditionExpression: 'attribute_not_exists(#last) OR #last < :last',
      ExpressionAttributeNames: { '#first': 'first', '#last': 'last', '#ttl': TTL, ...(isGroup && { '#names': 'names' }) },
      ExpressionAttributeValues: {
        ':first': { S: days.first },
        ':last': { S: days.last },
        ':ttl': expiry(Date.parse(days.last) + DAY, store.rollupRetentionDays),
        ...(isGroup && { ':names': { L: names.map((name) => ({ S: name })) } }),
      },
      ReturnValues: 'ALL_NEW',
    })));
    first = updated?.Attributes && daysSeen(updated.Attributes).first;
  }
  if (first === undefined || first > days.first) {
    await unlessConditionFails(store.client.send(new UpdateItemCommand({
      ...update,
      UpdateExpression: 'SET #first = :first',
      ConditionExpression: '#first > :first',
      ExpressionAttributeNames: { '#first': 'first' },
      ExpressionAttributeValues: { ':first': { S: days.first } },
    })));
  }
  memory.add(item);
}
