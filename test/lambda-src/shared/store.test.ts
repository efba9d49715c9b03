import type { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Crash, isWrite, LocalStore } from './local-store';
import { FIRST, GROWN, NOW, object, pack, type Sample } from './sources';
import { objectGeneration, objectSource, randomSource, requestSource } from '../../../lambda-src/shared/items';
import { claimRequest, readHead } from '../../../lambda-src/shared/ledger';
import { forEachBounded, type Store } from '../../../lambda-src/shared/store';
import { readParts } from '../../../lambda-src/shared/store-reader';
import { ObjectWriter, storeObject, storeRequest } from '../../../lambda-src/shared/store-writer';
import { DAY, HOUR } from '../../../lambda-src/timeseries/time';

// For a busy machine: nothing here waits for time to pass.
jest.setTimeout(60_000);

let local: LocalStore;
let table: string;
beforeAll(() => { local = LocalStore.inMemory(); });
beforeEach(async () => { table = await local.freshTable(); });
afterAll(() => local.stop());

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

  test('a large object that turns out to be unusable leaves nothing of itself, nor of what was there before', async () => {
    const store = local.worker(table);
    await storeObject(store, object('01'), pack(FIRST));
    const writer = new ObjectWriter(store, object('02'), { samples: 2, keyBytes: 1_000 });
    expect(await writer.add(pack(GROWN))).toBe(true);
    expect((await stored(store)).length).toBeGreaterThan(0);
    expect(await writer.finishEmpty()).toBe('stored');
    expect(await stored(store)).toEqual([]);
  });

  test('one head write and one part write are all that a redelivery of a small object costs', async () => {
    const writes: string[] = [];
    const counting = local.worker(table, async (command, send) => {
      if (isWrite(command)) writes.push(command.constructor.name);
      return send();
    });
    await storeObject(counting, object('01'), pack([FIRST[0]]));
    // The catalogue's two entries and the day's marker: once a day.
    expect(writes).toHaveLength(3 + 2);
    await storeObject(counting, object('01'), pack([FIRST[0]]));
    expect(writes.slice(5)).toEqual(['PutItemCommand', 'PutItemCommand']);
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
        if (isWrite(command)) writes.push(((command as PutItemCommand).input.Item ?? (command as UpdateItemCommand).input.Key)!.pk.S!);
        if (isWrite(command) && writes.length === overtakenAt) await deliver(local.worker(table), 2);
        return send();
      });
      const outcome = await deliver(slow, 1);
      if (writes.length < overtakenAt) break;
      // Overtaken when all of its parts were written, it has nothing left to do but to mark their days.
      const partsBefore = writes.slice(0, overtakenAt - 1).filter((pk) => pk.startsWith('P#')).length;
      expect(outcome).toBe(partsBefore === pack(GROWN).length ? 'stored' : 'superseded');
      expect(await stored(local.worker(table))).toEqual(SHRUNK);
      expect(await readHead(slow, object('02').source)).toMatchObject({ generation: objectGeneration('02'), stale: [] });
    } while (true);
    // The head and four parts at least were tried.
    expect(overtakenAt).toBeGreaterThan(5);
  });
});

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
