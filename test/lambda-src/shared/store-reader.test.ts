import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { LocalStore } from './local-store';
import { FIRST, GROWN, NOW, object, pack, type Sample } from './sources';
import { readMetrics, readServices } from '../../../lambda-src/shared/catalogue';
import { partItem } from '../../../lambda-src/shared/items';
import { readParts } from '../../../lambda-src/shared/store-reader';
import { storeObject } from '../../../lambda-src/shared/store-writer';
import { DAY, HOUR } from '../../../lambda-src/timeseries/time';
import fc from '../../property';

// For a busy machine: nothing here waits for time to pass.
jest.setTimeout(60_000);

let local: LocalStore;
let table: string;
beforeAll(async () => { local = await LocalStore.start(); });
beforeEach(async () => { table = await local.freshTable(); });
afterAll(() => local.stop());

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
  });

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
    expect(unreadable).toEqual([`P#a#2026-11-23 12#${'f'.repeat(24)}#7: Unreadable part: format 200 is not known to this release, which reads 2`]);
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
