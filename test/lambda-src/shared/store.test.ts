import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { Crash, isWrite, LocalStore } from './local-store';
import { readMetrics, readServices } from '../../../lambda-src/shared/catalogue';
import { Intake } from '../../../lambda-src/shared/intake';
import { objectGeneration, objectSource, partItem, randomSource, requestSource } from '../../../lambda-src/shared/items';
import { claimRequest, fitsLedger, readHead } from '../../../lambda-src/shared/ledger';
import { forEachBounded, type Store } from '../../../lambda-src/shared/store';
import { readParts } from '../../../lambda-src/shared/store-reader';
import { storeObject, storeRequest } from '../../../lambda-src/shared/store-writer';
import type { PackedPart } from '../../../lambda-src/timeseries/pack';
import { DAY, HOUR } from '../../../lambda-src/timeseries/time';

const NOW = Date.parse('2026-11-23T12:30:00Z');
const RULES = { eventTime: NOW, sampleRetentionDays: 63 };

let local: LocalStore;
let table: string;
beforeAll(async () => { local = await LocalStore.start(); });
beforeEach(async () => { table = await local.freshTable(); });
afterAll(() => local.stop());

/** A sample as a test writes it: service, metric, hours back, value. */
type Sample = readonly [service: string, metric: string, hoursBack: number, value: number];

function pack(samples: readonly Sample[]): PackedPart[] {
  const intake = new Intake(RULES);
  for (const [service, metric, hoursBack, value] of samples) {
    const { problems } = intake.add({ service, timestamp: new Date(NOW - hoursBack * HOUR).toISOString(), metrics: { [metric]: value } });
    expect(problems).toEqual([]);
  }
  return intake.finish();
}

const object = (sequencer: string, key = 'logs/a.json') => ({
  source: objectSource('bucket', key), generation: objectGeneration(sequencer), bucket: 'bucket', key, etag: `etag-${sequencer}`, eventTime: NOW,
});

/** What a reader finds, in a fixed order. */
async function stored(store: Store): Promise<Sample[]> {
  const found: Sample[] = [];
  for (const service of ['a', 'b', 'c']) {
    const { parts, unreadable } = await readParts(store, service, NOW - 5 * DAY, NOW + DAY, { consistent: true, now: NOW });
    expect(unreadable).toEqual([]);
    for (const part of parts) {
      for (const [metric, { timestamps, values }] of part) {
        Array.from(values).forEach((value, i) => found.push([service, metric, (NOW - timestamps[i]) / HOUR, value]));
      }
    }
  }
  return found.sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

const FIRST: Sample[] = [['a', 'cpu', 0, 1], ['a', 'cpu', 1, 2], ['b', 'cpu', 0, 3]];
const GROWN: Sample[] = [...FIRST, ['a', 'memory', 0, 4], ['a', 'cpu', 30, 5]];
const SHRUNK: Sample[] = [['a', 'cpu', 1, 2], ['c', 'cpu', 0, 6]];

describe('one source', () => {
  test('the same event three times makes the same state as once', async () => {
    await storeObject(local.worker(table), object('01'), pack(FIRST));
    const once = await local.dump(table);
    const again = local.worker(table);
    expect(await storeObject(again, object('01'), pack(FIRST))).toBe('stored');
    expect(await storeObject(again, object('01'), pack(FIRST))).toBe('stored');
    expect(await local.dump(table)).toEqual(once);
    expect(await stored(again)).toEqual(FIRST);
  });

  test('a grown object replaces what it held', async () => {
    const store = local.worker(table);
    await storeObject(store, object('01'), pack(FIRST));
    await storeObject(store, object('02'), pack(GROWN));
    expect(await stored(store)).toEqual([...GROWN].sort((a, b) => (String(a) < String(b) ? -1 : 1)));
  });

  test('a shrunk object leaves tombstones, and the head lists nothing stale', async () => {
    const store = local.worker(table);
    await storeObject(store, object('01'), pack(FIRST));
    await storeObject(store, object('02'), pack(SHRUNK));
    expect(await stored(store)).toEqual(SHRUNK);
    const tombstones = (await local.dump(table)).filter(({ pk, d }) => pk.S!.startsWith('P#') && !d);
    expect(tombstones.map(({ pk, g }) => [pk.S, g.S])).toEqual([
      ['P#a#2026-11-23', objectGeneration('02')], ['P#b#2026-11-23', objectGeneration('02')],
    ]);
    const { source } = object('02');
    expect(await readHead(store, source)).toMatchObject({ stale: [], generation: objectGeneration('02'), etag: 'etag-02', bucket: 'bucket', key: 'logs/a.json' });
  });

  test('an emptied object holds nothing, and its late predecessor does not come back', async () => {
    const store = local.worker(table);
    await storeObject(store, object('02'), []);
    expect(await storeObject(store, object('01'), pack(FIRST))).toBe('superseded');
    expect(await stored(store)).toEqual([]);
  });

  test('an older generation that arrives late loses, whatever the lengths of the sequencers', async () => {
    const store = local.worker(table);
    await storeObject(store, object('0055AED6DCD90281E6'), pack(GROWN));
    const before = await local.dump(table);
    expect(await storeObject(local.worker(table), object('0055AED6DCD90281E5FF'), pack(SHRUNK))).toBe('superseded');
    expect((await local.dump(table)).filter(({ pk }) => !pk.S!.startsWith('C'))).toEqual(before.filter(({ pk }) => !pk.S!.startsWith('C')));
  });

  test('two objects of the same content are two sources', async () => {
    const store = local.worker(table);
    await storeObject(store, object('01', 'one'), pack(FIRST));
    await storeObject(store, object('01', 'two'), pack(FIRST));
    expect(await stored(store)).toHaveLength(2 * FIRST.length);
  });

  test('one head write and one part write are all that a redelivery of a small object costs', async () => {
    await storeObject(local.worker(table), object('01'), pack([FIRST[0]]));
    const writes: string[] = [];
    const counting = local.worker(table, async (command, send) => {
      if (isWrite(command)) writes.push(command.constructor.name);
      return send();
    });
    await storeObject(counting, object('01'), pack([FIRST[0]]));
    expect(writes).toEqual(['PutItemCommand', 'PutItemCommand']);
  });
});

/** What must hold at the end: the newest generation's samples, and nothing else. */
const CONTENTS = [FIRST, GROWN, SHRUNK, [['b', 'cpu', 2, 7]] as Sample[], []];
const deliver = (store: Store, i: number) => storeObject(store, object(`0${i}`), pack(CONTENTS[i]));

describe('a worker that dies', () => {
  // Each generation over its predecessor's state, with a death at each write it makes, redelivered until it is through.
  test.each([[0, false], [0, true], [1, false], [1, true], [2, false], [2, true], [4, false], [4, true]])(
    'at any write of generation %i (write done: %s): redelivery makes the state of an undisturbed run', async (generation, done) => {
      const prepare = async () => {
        table = await local.freshTable();
        if (generation > 0) await deliver(local.worker(table), generation - 1);
      };
      await prepare();
      await deliver(local.worker(table), generation);
      const undisturbed = await local.dump(table);
      let deaths = 0;
      for (let write = 1; ; write++) {
        await prepare();
        const mortal = local.mortal(table, write, done);
        const end = await deliver(mortal, generation).catch((error) => error);
        if (!mortal.died()) {
          expect(end).toBe('stored');
          break;
        }
        expect(end).toBeInstanceOf(Crash);
        deaths++;
        await deliver(local.worker(table), generation);
        expect(await local.dump(table)).toEqual(undisturbed);
      }
      // At least the head and a part; an emptied object writes its head, its tombstone, and clears the head.
      expect(deaths).toBeGreaterThanOrEqual(2);
    },
  );

  test('and is redelivered only after a newer generation: what it left behind is buried', async () => {
    for (let write = 1; ; write++) {
      table = await local.freshTable();
      const mortal = local.mortal(table, write, true);
      await deliver(mortal, 1).catch(() => undefined);
      await deliver(local.worker(table), 2);
      expect(await deliver(local.worker(table), 1)).toBe('superseded');
      expect(await stored(local.worker(table))).toEqual(SHRUNK);
      if (!mortal.died()) break;
    }
  });
});

describe('a slow worker that a newer generation overtakes', () => {
  // Overtaken just before each of its writes: to the catalogue, of the head, of each part.
  test.each([['on a new source', false], ['on a source with a head', true]])('stops, and undoes nothing: %s', async (_, known) => {
    let writes: string[];
    let overtakenAt = 0;
    do {
      overtakenAt++;
      table = await local.freshTable();
      if (known) await deliver(local.worker(table), 0);
      writes = [];
      const slow = local.worker(table, async (command, send) => {
        if (isWrite(command)) writes.push(command.constructor.name);
        if (isWrite(command) && writes.length === overtakenAt) await deliver(local.worker(table), 2);
        return send();
      });
      const outcome = await deliver(slow, 1);
      if (writes.length < overtakenAt) break;
      expect(outcome).toBe('superseded');
      expect(await stored(local.worker(table))).toEqual(SHRUNK);
      expect(await readHead(slow, object('02').source)).toMatchObject({ generation: objectGeneration('02'), stale: [] });
    } while (true);
    // The head and four parts at least were tried.
    expect(overtakenAt).toBeGreaterThan(5);
  });
});

test('whatever workers do at the same time and die of: the newest generation is what is stored', async () => {
  const delivery = fc.record({ generation: fc.nat({ max: 3 }), diesAt: fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }) });
  await fc.assert(fc.asyncProperty(fc.array(delivery, { minLength: 2, maxLength: 4 }), fc.scheduler(), async (deliveries, scheduler) => {
    table = await local.freshTable();
    const died: number[] = [];
    // Every request to the table waits for its turn, which the scheduler picks.
    const work = deliveries.map(async ({ generation, diesAt }) => {
      const inner = diesAt ? local.mortal(table, diesAt, generation % 2 === 0) : local.worker(table);
      const send = scheduler.scheduleFunction((command: never) => inner.client.send(command));
      await deliver({ ...inner, client: { send } as never }, generation).catch((error) => {
        expect(error).toBeInstanceOf(Crash);
        died.push(generation);
      });
    });
    await scheduler.waitFor(Promise.all(work));
    // The queue brings back what died, and only that: what is stored must stay right by itself.
    for (const generation of died) await deliver(local.worker(table), generation);
    const store = local.worker(table);
    const newest = Math.max(...deliveries.map(({ generation }) => generation));
    expect(await stored(store)).toEqual([...CONTENTS[newest]].sort((a, b) => (String(a) < String(b) ? -1 : 1)));
    expect(await readHead(store, object('00').source)).toMatchObject({ generation: objectGeneration(`0${newest}`), stale: [] });
  }), { numRuns: 40 });
}, 60_000);

describe('requests', () => {
  const source = requestSource('arn:aws:iam::123456789012:user/a', 'key-1');

  test('a repetition gets the time of the first receipt, another body nothing', async () => {
    const store = local.worker(table);
    expect(await claimRequest(store, { source, bodyHash: 'h1', receivedAt: NOW })).toEqual({ receivedAt: NOW });
    expect(await claimRequest(store, { source, bodyHash: 'h1', receivedAt: NOW + 5 })).toEqual({ receivedAt: NOW });
    expect(await claimRequest(store, { source, bodyHash: 'h2', receivedAt: NOW + 5 })).toBeUndefined();
  });

  test('stored twice under one source they are there once; under random ones, as often as sent', async () => {
    const store = local.worker(table);
    await storeRequest(store, source, pack(FIRST));
    await storeRequest(store, source, pack(FIRST));
    expect(await stored(store)).toEqual(FIRST);
    await storeRequest(store, randomSource(), pack(FIRST));
    await storeRequest(store, randomSource(), pack(FIRST));
    expect(await stored(store)).toHaveLength(3 * FIRST.length);
  });

  test('sources tell callers, keys and objects apart, whatever stands in them', () => {
    const sources = [
      requestSource('a', 'b'), requestSource('a,b', ''), requestSource('', 'a,b'), requestSource('a"', ',"b'), objectSource('a', 'b'),
      objectSource('a', '/b'), objectSource('a', 'b/'),
    ];
    expect(new Set(sources).size).toBe(sources.length);
    for (const found of [...sources, randomSource()]) expect(found).toMatch(/^[0-9a-f]{24}$/);
  });
});

describe('the catalogue', () => {
  test('knows services and metrics with their first and last day, across workers', async () => {
    await storeObject(local.worker(table), object('01', 'one'), pack([['a', 'cpu', 24, 1], ['a', 'memory', 0, 1], ['b', 'cpu', 48, 1]]));
    await storeObject(local.worker(table), object('01', 'two'), pack([['a', 'cpu', 0, 1], ['a', 'memory', 72, 1]]));
    const store = local.worker(table);
    expect(await readServices(store, NOW)).toEqual([
      { name: 'a', first: '2026-11-20', last: '2026-11-23' }, { name: 'b', first: '2026-11-21', last: '2026-11-21' },
    ]);
    expect(await readMetrics(store, 'a', NOW)).toEqual([
      { name: 'cpu', first: '2026-11-22', last: '2026-11-23' }, { name: 'memory', first: '2026-11-20', last: '2026-11-23' },
    ]);
    expect(await readServices(store, NOW + 456 * DAY)).toEqual([]);
  });

  test('holds the widest span where workers that know nothing of each other write at the same time', async () => {
    await fc.assert(fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      table = await local.freshTable();
      const work = [0, 24, 48].map((hoursBack) => {
        const inner = local.worker(table);
        const send = scheduler.scheduleFunction((command: never) => inner.client.send(command));
        return storeObject({ ...inner, client: { send } as never }, object('01', `${hoursBack}`), pack([['a', 'cpu', hoursBack, 1]]));
      });
      await scheduler.waitFor(Promise.all(work));
      expect(await readMetrics(local.worker(table), 'a', NOW)).toEqual([{ name: 'cpu', first: '2026-11-21', last: '2026-11-23' }]);
    }), { numRuns: 20 });
  }, 30_000);

  test('is not written again by a worker that wrote it, nor by one that read it', async () => {
    const updates: string[] = [];
    const counting = () => local.worker(table, async (command, send) => {
      if (command.constructor.name === 'UpdateItemCommand') updates.push(JSON.stringify(command.input));
      return send();
    });
    const warm = counting();
    await storeObject(warm, object('01'), pack(FIRST));
    expect(updates).toHaveLength(4);
    await storeObject(warm, object('02'), pack(FIRST));
    await storeObject(counting(), object('03'), pack(FIRST));
    expect(updates).toHaveLength(4);
  });
});

describe('reading', () => {
  test('takes the hours that the span touches, in key order, over days and pages', async () => {
    await storeObject(local.worker(table), object('01', 'other'), pack([['a', 'cpu', 0, 9], ['a', 'cpu', 0, 8]]));
    await storeObject(local.worker(table), object('01'), pack(GROWN));
    const pages: unknown[] = [];
    const oneAPage = local.worker(table, async (command, send) => {
      pages.push(Object.assign(command.input, { Limit: 1 }));
      return send();
    });
    const valuesOf = async (from: number, to: number, store = oneAPage) => (
      (await readParts(store, 'a', from, to, { now: NOW })).parts.map((part) => Array.from(part.get('cpu')!.values))
    );
    const inKeyOrder = object('01', 'other').source < object('01').source ? [[9, 8], [1]] : [[1], [9, 8]];
    expect(await valuesOf(NOW, NOW + 1)).toEqual(inKeyOrder);
    expect(pages.length).toBeGreaterThan(1);
    expect(await valuesOf(NOW - 30 * HOUR, NOW - 29 * HOUR)).toEqual([[5]]);
    expect(await valuesOf(NOW - HOUR, NOW - HOUR + 1)).toEqual([[2]]);
    expect(await valuesOf(NOW - 2 * HOUR, NOW - 1.5 * HOUR)).toEqual([]);
    // The hour that begins where the span ends is outside.
    expect(await valuesOf(NOW - 1.5 * HOUR, NOW - 0.5 * HOUR)).toEqual([[2]]);
    expect(await valuesOf(NOW - 3 * DAY, NOW + DAY)).toEqual([[5], [2], ...inKeyOrder]);
    expect(await valuesOf(NOW - 3 * DAY, NOW + DAY, local.worker(table))).toEqual([[5], [2], ...inKeyOrder]);
  });

  test('leaves out what is past its hour\'s end plus the retention', async () => {
    const store = local.worker(table);
    await storeObject(store, object('01'), pack([FIRST[0]]));
    const hourEnd = Date.parse('2026-11-23T13:00:00Z');
    const found = async (now: number) => (await readParts(store, 'a', NOW, NOW + 1, { now })).parts.length;
    expect(await found(hourEnd + 63 * DAY - 1)).toBe(1);
    expect(await found(hourEnd + 63 * DAY)).toBe(0);
  });

  test('says which parts it cannot read, and reads the others', async () => {
    const store = local.worker(table);
    await storeObject(store, object('01'), pack(FIRST));
    const id = { service: 'a', hour: Date.parse('2026-11-23T12:00:00Z'), n: 7 };
    await local.client.send(new PutItemCommand({ TableName: table, Item: partItem(id, 'f'.repeat(24), 'g', 63, Uint8Array.of(200, 1, 2)) }));
    const { parts, unreadable } = await readParts(store, 'a', NOW, NOW + 1, { now: NOW });
    expect(parts).toHaveLength(1);
    expect(unreadable).toEqual([`P#a#2026-11-23 12#${'f'.repeat(24)}#7: Unreadable part: format 200 is not known to this release, which reads 1`]);
  });

  test('a service whose name holds the key\'s own separators is itself only', async () => {
    const store = local.worker(table);
    const odd: Sample[] = [['a', 'cpu', 0, 1], ['a#2026-11-23', 'cpu', 0, 2], ['a#2026-11-23#12#x', 'cpu', 0, 3]];
    await storeObject(store, object('01'), pack(odd));
    await storeObject(store, object('02'), pack(odd.slice(0, 1)));
    for (const [service, metric] of odd.slice(1)) {
      expect((await readParts(store, service, NOW, NOW + 1, { now: NOW })).parts.map((part) => part.get(metric))).toEqual([]);
    }
    expect((await readParts(store, 'a', NOW, NOW + 1, { now: NOW })).parts).toHaveLength(1);
  });
});

test('one head has room for the parts of any request, and says when an object has more', () => {
  const parts = (count: number) => Array.from({ length: count }, (_, n) => ({ service: 'é'.repeat(128), hour: NOW, n }));
  expect(fitsLedger(parts(1_000))).toBe(true);
  expect(fitsLedger(parts(1_200))).toBe(false);
});

test('after a failure nothing more is started, and what runs is awaited', async () => {
  const started: number[] = [];
  const ended: number[] = [];
  const run = forEachBounded([1, 2, 3, 4, 5, 6], 2, async (item) => {
    started.push(item);
    await Promise.resolve();
    if (item === 2) throw new Error('no more');
    await new Promise(setImmediate);
    ended.push(item);
  });
  await expect(run).rejects.toThrow('no more');
  expect([started, ended]).toEqual([[1, 2], [1]]);
});
