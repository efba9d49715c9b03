import { MemoryTable } from './memory-table';
import { randomFrom, Scheduler } from './scheduler';
import { type CatalogueEntry, readMetrics, readServices, recordSeen } from '../../../lambda-src/shared/catalogue';
import { MAX_GROUP_BYTES } from '../../../lambda-src/shared/catalogue-plan';
import type { DaysSeen, Item } from '../../../lambda-src/shared/items';
import { openStore, type Store } from '../../../lambda-src/shared/store';
import type { PackedPart } from '../../../lambda-src/timeseries/pack';
import { DAY, dayOf } from '../../../lambda-src/timeseries/time';
import fc from '../../property';

const START = Date.parse('2026-01-01T00:00:00Z');

let table: MemoryTable;
let now: number;
beforeEach(() => {
  table = new MemoryTable();
  now = START + 30 * DAY;
});

const processAt = (client = table.client, rollupRetentionDays = 455) => (
  openStore({ client, table: 'metrics', sampleRetentionDays: 63, rollupRetentionDays, now: () => now })
);
const entries = (service = 'a') => table.items().filter(({ pk }) => pk.S === `C#${service}`);
const keys = (service?: string) => entries(service).map(({ sk }) => sk.S!);

/** The metrics of a service that were seen on a day, counted from the start. */
type Sighting = readonly [service: string, day: number, metrics: readonly string[]];

/** All of what one object holds. */
const see = (store: Store, ...sightings: readonly Sighting[]) => recordSeen(store, sightings.map(([service, day, metrics]) => (
  { service, hour: START + day * DAY, metrics } as PackedPart
)));

/** The catalogue as anybody would write it: for each name, the first and the last day. */
class NaiveCatalogue {
  private readonly days = new Map<string, DaysSeen>();

  public see(sightings: readonly Sighting[]): void {
    for (const [service, day, metrics] of sightings) {
      const text = dayOf(START + day * DAY);
      for (const name of ['', ...metrics]) {
        const { first, last } = this.days.get(`${service} ${name}`) ?? { first: text, last: text };
        this.days.set(`${service} ${name}`, { first: text < first ? text : first, last: text > last ? text : last });
      }
    }
  }

  public metrics(service: string): CatalogueEntry[] {
    return this.list((name) => name.startsWith(`${service} `) && name.length > 2, (name) => name.slice(2));
  }

  public services(): CatalogueEntry[] {
    return this.list((name) => name.length === 2, (name) => name.slice(0, 1));
  }

  private list(isListed: (name: string) => boolean, asListed: (name: string) => string): CatalogueEntry[] {
    const listed = [...this.days].filter(([name]) => isListed(name)).map(([name, days]) => ({ name: asListed(name), ...days }));
    return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

async function expectSame(naive: NaiveCatalogue): Promise<void> {
  expect(await readServices(processAt(), now)).toEqual(naive.services());
  for (const service of ['a', 'b']) expect(await readMetrics(processAt(), service, now)).toEqual(naive.metrics(service));
}

const anySighting = (days: number): fc.Arbitrary<Sighting> => fc.tuple(
  fc.constantFrom('a', 'b'), fc.nat(days), fc.subarray(['cpu', 'mem', 'Å', '～', '𝒳'], { minLength: 1 }),
);
const anyObject = (days: number) => fc.array(anySighting(days), { minLength: 1, maxLength: 4 });

describe('against a naive catalogue', () => {
  test('it says the same, in at most twice as many items as there are metrics, whichever process sees what in which order', async () => {
    const step = fc.record({ by: fc.nat(2), restarts: fc.boolean(), object: anyObject(9) });
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      table = new MemoryTable();
      const naive = new NaiveCatalogue();
      const processes: Store[] = [];
      for (const { by, restarts, object } of steps) {
        if (restarts || !processes[by]) processes[by] = processAt();
        await see(processes[by], ...object);
        naive.see(object);
        await expectSame(naive);
        for (const service of ['a', 'b']) expect(entries(service).length).toBeLessThanOrEqual(2 * naive.metrics(service).length);
      }
    }), { numRuns: 300 });
  });

  test('it says the same where processes write at the same time', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(anyObject(4), { maxLength: 3 }), { maxLength: 5 }), fc.nat(), async (workers, seed) => {
      table = new MemoryTable();
      const naive = new NaiveCatalogue();
      const scheduler = new Scheduler(table, randomFrom(seed));
      await scheduler.run(workers.map(async (objects) => {
        const store = processAt(scheduler.client());
        for (const object of objects) await see(store, ...object);
      }));
      for (const object of workers.flat()) naive.see(object);
      await expectSame(naive);
    }), { numRuns: 300 });
  });

  test('it says the same of what is seen again and again, although items are deleted as soon as they expire', async () => {
    // A name that is silent for longer, nearly until it is forgotten, may lose the days that only an item which lagged behind had said.
    const [retentionDays, silence, between] = [64, 60, 29];
    const step = fc.record({ after: fc.nat(between), late: fc.nat(20), names: fc.subarray(['cpu', 'mem', 'net'], { minLength: 1 }) });
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      table = new MemoryTable();
      const naive = new NaiveCatalogue();
      const last = new Map<string, number>();
      let day = 30;
      for (const { after, late, names } of steps) {
        day += after;
        now = START + day * DAY + 1;
        for (const item of table.items()) if (Number(item.ttl.N) * 1000 <= now) remove(item);
        const due = [...last.keys()].filter((name) => day + between - last.get(name)! > silence);
        for (const seen of [names, ...due.map((name) => [name])]) {
          await see(processAt(table.client, retentionDays), ['a', day - late, seen]);
          naive.see([['a', day - late, seen]]);
          for (const name of seen) last.set(name, Math.max(last.get(name) ?? 0, day - late));
        }
        await expectSame(naive);
      }
    }), { numRuns: 300 });
  });

  function remove({ pk, sk }: Item): void {
    table.execute({ input: { Key: { pk, sk } }, constructor: { name: 'DeleteItemCommand' } });
  }
});

describe('a group', () => {
  test('of what was seen first together costs one write a day, however many they are', async () => {
    const metrics = Array.from({ length: 20 }, (_, i) => `m${i}`);
    const store = processAt();
    for (const day of [3, 4]) await see(store, ['a', day, metrics]);
    expect(keys()).toEqual([expect.stringMatching(/^\{[0-9a-f]{24}\}$/)]);
    expect(await readMetrics(store, 'a', now)).toEqual(metrics.sort().map((name) => ({ name, first: '2026-01-04', last: '2026-01-05' })));
  });

  test('is left by those that are seen without the others, with all that was known of them', async () => {
    const store = processAt();
    await see(store, ['a', 3, ['cpu', 'mem']]);
    await see(store, ['a', 5, ['cpu']]);
    expect(entries().find(({ sk }) => sk.S === 'cpu')).toMatchObject({ first: { S: '2026-01-04' }, last: { S: '2026-01-06' } });
    expect(keys()).toHaveLength(2);
  });

  test('tells those that left it of what comes late: it may expire before they do', async () => {
    const store = processAt();
    await see(store, ['a', 3, ['cpu', 'mem']]);
    await see(store, ['a', 5, ['cpu']]);
    await see(store, ['a', 2, ['cpu', 'mem']]);
    const groupExpires = START + (4 + 455) * DAY;
    expect(await readMetrics(processAt(), 'a', groupExpires)).toEqual([{ name: 'cpu', first: '2026-01-03', last: '2026-01-06' }]);
  });

  test('has only those that were seen on the same days, and a metric alone has an entry of its own', async () => {
    await see(processAt(), ['a', 3, ['cpu', 'mem', 'net']], ['a', 4, ['cpu', 'mem']]);
    expect(keys().map((key) => key.replace(/\{.+\}/, '{}')).sort()).toEqual(['net', '{}']);
  });

  test('begins earlier where all of it is seen earlier', async () => {
    const store = processAt();
    await see(store, ['a', 5, ['cpu', 'mem']]);
    await see(store, ['a', 3, ['cpu', 'mem']], ['a', 2, ['mem']]);
    expect(entries().map(({ sk, first }) => [sk.S!.length, first.S])).toEqual([[26, '2026-01-04'], [3, '2026-01-03']]);
  });

  test('is as large as an item may be, and no larger', async () => {
    const metrics = Array.from({ length: 1_000 }, (_, i) => `${i}`.padEnd(256, 'x'));
    await see(processAt(), ['a', 3, metrics]);
    expect(keys()).toHaveLength(Math.ceil(1_000 / (MAX_GROUP_BYTES / 256)));
    expect((await readMetrics(processAt(), 'a', now)).map(({ name }) => name)).toEqual(metrics.sort());
  });
});

test('what was not seen for as long as it is kept is left out, with its group or without', async () => {
  await see(processAt(), ['a', 3, ['cpu', 'mem']], ['a', 5, ['cpu']]);
  const namesAt = async (time: number) => (await readMetrics(processAt(), 'a', time)).map(({ name }) => name);
  const memExpires = START + (4 + 455) * DAY;
  expect(await namesAt(memExpires - 1)).toEqual(['cpu', 'mem']);
  expect(await namesAt(memExpires)).toEqual(['cpu']);
  expect(await namesAt(memExpires + 2 * DAY)).toEqual([]);
});

test('an entry that another release wrote for each metric is taken as it is', async () => {
  const days = { first: { S: '2026-01-02' }, last: { S: '2026-01-03' } };
  for (const name of ['cpu', 'mem']) table.execute({ input: { Item: { pk: { S: 'C#a' }, sk: { S: name }, ...days } }, constructor: { name: 'PutItemCommand' } });
  await see(processAt(), ['a', 5, ['cpu', 'mem', 'net']]);
  expect(keys().sort()).toEqual(['cpu', 'mem', 'net']);
  expect((await readMetrics(processAt(), 'a', now)).map(({ name, first }) => [name, first])).toEqual([
    ['cpu', '2026-01-02'], ['mem', '2026-01-02'], ['net', '2026-01-06'],
  ]);
});
