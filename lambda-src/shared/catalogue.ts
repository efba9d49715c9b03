import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { catalogueKey, type DaysSeen, daysSeen, expiry, isExpired, TTL } from './items';
import { forEachBounded, queryAll, type Store, type StoreTable, unlessConditionFails } from './store';
import type { PackedPart } from '../timeseries/pack';
import { DAY, dayOf } from '../timeseries/time';

/** The catalogue: which services there are, which metrics each has, and when they were first and last seen. */
export interface CatalogueEntry extends DaysSeen {
  readonly name: string;
}

/** The services of the store, by name. */
export function readServices(store: StoreTable, now = Date.now()): Promise<CatalogueEntry[]> {
  return readList(store, catalogueKey('').pk.S!, now);
}

/** The metrics of a service, by name. */
export function readMetrics(store: StoreTable, service: string, now = Date.now()): Promise<CatalogueEntry[]> {
  return readList(store, catalogueKey(service, '').pk.S!, now);
}

async function readList(store: StoreTable, pk: string, now: number): Promise<CatalogueEntry[]> {
  const items = await queryAll(store, { pk });
  return items.filter((item) => !isExpired(item, now)).map((item) => ({ name: item.sk.S!, ...daysSeen(item) }));
}

/** A process that saw more than this forgets all: the catalogue itself knows, and memory is bounded. */
const MAX_REMEMBERED = 100_000;
/** Stands for the service itself among its metrics: no metric's name is empty. */
const SERVICE = '';

interface Sighting { readonly service: string; readonly metric: string; readonly days: DaysSeen }

/** Records that these parts' services and metrics were seen, before anything else is written of them. */
export async function recordSeen(store: Store, parts: readonly PackedPart[]): Promise<void> {
  if (store.seen.size > MAX_REMEMBERED) store.seen.clear();
  const sightings = sightingsOf(parts);
  // A service new to this process is read first: a read costs a fifth of a write that turns out needless.
  const unknown = new Set(sightings.map(({ service }) => service).filter((service) => !store.seen.has(rememberedAs(service, SERVICE))));
  await forEachBounded(unknown, 8, (service) => remember(store, service));
  await forEachBounded(sightings, 16, (sighting) => record(store, sighting));
}

function sightingsOf(parts: readonly PackedPart[]): Sighting[] {
  const sightings = new Map<string, Sighting>();
  for (const { service, hour, metrics } of parts) {
    const day = dayOf(hour);
    for (const metric of [SERVICE, ...metrics]) {
      const key = rememberedAs(service, metric);
      const days = sightings.get(key)?.days ?? { first: day, last: day };
      sightings.set(key, { service, metric, days: widened(days, { first: day, last: day }) });
    }
  }
  return [...sightings.values()];
}

async function remember(store: Store, service: string): Promise<void> {
  const [entry, metrics] = await Promise.all([
    store.client.send(new GetItemCommand({ TableName: store.table, Key: catalogueKey(service) })),
    readMetrics(store, service),
  ]);
  if (entry.Item) store.seen.set(rememberedAs(service, SERVICE), daysSeen(entry.Item));
  for (const { name, first, last } of metrics) store.seen.set(rememberedAs(service, name), { first, last });
}

/** Each end moves by a condition of its own, so that concurrent workers together record the widest span. */
async function record(store: Store, { service, metric, days }: Sighting): Promise<void> {
  const known = store.seen.get(rememberedAs(service, metric));
  if (known && known.first <= days.first && days.last <= known.last) return;
  const update = {
    TableName: store.table,
    Key: metric === SERVICE ? catalogueKey(service) : catalogueKey(service, metric),
  };
  let first = known?.first;
  if (!known || known.last < days.last) {
    const updated = await unlessConditionFails(store.client.send(new UpdateItemCommand({
      ...update,
      UpdateExpression: 'SET #first = if_not_exists(#first, :first), #last = :last, #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(#last) OR #last < :last',
      ExpressionAttributeNames: { '#first': 'first', '#last': 'last', '#ttl': TTL },
      ExpressionAttributeValues: {
        ':first': { S: days.first }, ':last': { S: days.last }, ':ttl': expiry(Date.parse(days.last) + DAY, store.rollupRetentionDays),
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
  store.seen.set(rememberedAs(service, metric), known ? widened(known, days) : days);
}

function widened(a: DaysSeen, b: DaysSeen): DaysSeen {
  return { first: a.first < b.first ? a.first : b.first, last: a.last > b.last ? a.last : b.last };
}

function rememberedAs(service: string, metric: string): string {
  // No name holds a control character, so this is unambiguous.
  return `${service}\0${metric}`;
}
