import { eventOf } from './harness';
import { rollDay } from '../../../lambda-src/day-roller/roll-day';
import { createApi } from '../../../lambda-src/metrics-api/app';
import { planOf } from '../../../lambda-src/metrics-api/plan';
import { readMarkers } from '../../../lambda-src/shared/day-markers';
import { openStore, type Store } from '../../../lambda-src/shared/store';
import { storeObject } from '../../../lambda-src/shared/store-writer';
import { DAY, floorTo, HOUR, MINUTE } from '../../../lambda-src/timeseries/time';
import fc from '../../property';
import { MemoryTable } from '../shared/memory-table';
import { NOW, object, pack, type Sample } from '../shared/sources';

/** Days that have ended are answered from their items: the same answers, from less, and for longer than the samples are kept. */

const TODAY = floorTo(NOW, DAY);

function openAt(table: MemoryTable, now = NOW): Store {
  return openStore({ client: table.client, table: 'metrics', sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => now });
}

async function roll(store: Store, service: string): Promise<void> {
  for (const marker of await readMarkers(store, service)) if (marker.day < TODAY) await rollDay(store, service, marker);
}

async function get(store: Store, query: Record<string, string>) {
  const log = () => undefined;
  const api = createApi({ store, log: { info: log, warn: log, error: log }, version: '0', now: store.now, publish: async () => undefined });
  const { statusCode, body } = await api(eventOf('GET', '/metrics', { query }));
  return { status: statusCode, body: JSON.parse(body) };
}

const iso = (time: number) => new Date(time).toISOString();
const close = (a: number, b: number, within: number) => Math.abs(a - b) <= within * Math.max(Math.abs(a), Math.abs(b));

/** Of the current and six earlier days, at times that are no whole hours. */
const samples = fc.array(fc.tuple(
  fc.constantFrom('a'), fc.constantFrom('cpu', 'mem'), fc.integer({ min: 0, max: 6 * 24 * 12 }).map((fives) => fives / 12), fc.integer({ min: 1, max: 1e6 }).map((n) => n / 100),
), { minLength: 1, maxLength: 60 }) as unknown as fc.Arbitrary<Sample[]>;

test('any question of whole hours has the same answer from days as from parts; percentiles of days are within 1.1 %', async () => {
  const query = fc.record({
    stat: fc.constantFrom('avg', 'sum', 'min', 'max', 'count', 'last', 'p50', 'p99'),
    step: fc.constantFrom('1h', '3h', '1d', '2d', '15m', '90m'),
    from: fc.integer({ min: 0, max: 7 * 24 * 60 }).map((minutes) => NOW - minutes * MINUTE),
    length: fc.integer({ min: 1, max: 7 * 24 * 60 }).map((minutes) => minutes * MINUTE),
  });
  await fc.assert(fc.asyncProperty(samples, samples, fc.array(query, { minLength: 5, maxLength: 5 }), async (first, late, queries) => {
    const table = new MemoryTable();
    const store = openAt(table);
    await storeObject(store, object('01', 'one'), pack(first));
    const asked = queries.map(({ length, from, ...rest }) => ({ ...rest, service: 'a', from: iso(from), to: iso(from + length) }));
    const compare = async () => {
      const fromParts = new MemoryTable();
      for (const item of table.items()) if (!/^D#/.test(item.pk.S!)) fromParts.execute({ input: { Item: item }, constructor: { name: 'PutItemCommand' } });
      for (const question of asked) {
        const [days, parts] = [await get(store, question), await get(openAt(fromParts), question)];
        expect(parts.body.resolution).toBe('raw');
        expect({ ...days.body, resolution: 0, series: 0 }).toEqual({ ...parts.body, resolution: 0, series: 0 });
        const within = days.body.resolution === 'day-sketch' ? 0.011 : 1e-12;
        expect(days.body.series).toHaveLength(parts.body.series.length);
        days.body.series.forEach((series: any, i: number) => {
          const { metric, timestamps, values, summary } = parts.body.series[i];
          expect([series.metric, series.timestamps]).toEqual([metric, timestamps]);
          values.forEach((value: number, j: number) => expect(close(series.values[j], value, within)).toBe(true));
          for (const [name, value] of Object.entries(summary)) expect(close(series.summary[name], value as number, 1e-12)).toBe(true);
        });
      }
    };
    await roll(store, 'a');
    await compare();
    // Days that got late samples are read from their parts, the others from their items.
    await storeObject(store, object('01', 'two'), pack(late));
    await compare();
  }), { numRuns: 40 });
});

describe('what an answer comes from', () => {
  const table = new MemoryTable();
  const store = openAt(table);
  beforeAll(async () => {
    await storeObject(store, object('01'), pack(Array.from({ length: 100 }, (_, i): Sample => ['a', 'cpu', i, i + 1])));
    await roll(store, 'a');
  });
  const range = { service: 'a', from: iso(TODAY - 3 * DAY), to: iso(TODAY) };

  test.each([
    [{ step: '1h' }, 'hour'], [{ step: '1d' }, 'hour'], [{ step: '1d', stat: 'p50' }, 'day-sketch'], [{ step: '1h', stat: 'p50' }, 'raw'],
    [{ step: '30m' }, 'raw'], [{ step: 'raw' }, 'raw'],
  ])('%j of days that have ended: %s', async (question, resolution) => {
    const { status, body } = await get(store, { ...range, ...question });
    expect([status, body.resolution, body.complete]).toEqual([200, resolution, true]);
  });

  test('today is read from its parts, whatever the step', async () => {
    expect((await get(store, { service: 'a', from: iso(TODAY), to: iso(NOW), step: '1h' })).body.resolution).toBe('raw');
  });

  test('an hour that the range cuts is read from its parts, the rest from the day', async () => {
    const { body } = await get(store, { service: 'a', from: iso(TODAY - DAY + 31 * MINUTE), to: iso(TODAY - 1), step: '1h', stat: 'count' });
    // Samples come half past each hour.
    expect(body.series[0].values).toHaveLength(23);
    expect(body.series[0].summary.count).toBe(23);
  });
});

describe('when samples have expired', () => {
  const table = new MemoryTable();
  const later = NOW + 100 * DAY;
  beforeAll(async () => {
    const store = openAt(table);
    await storeObject(store, object('01'), pack(Array.from({ length: 100 }, (_, i): Sample => ['a', 'cpu', i, i + 1])));
    await roll(store, 'a');
  });
  const range = { service: 'a', from: iso(TODAY - 2 * DAY + 5 * HOUR + MINUTE), to: iso(TODAY - 7 * HOUR - MINUTE) };

  test('whole hours are still answered, and the range says how it was widened', async () => {
    const { body } = await get(openAt(table, later), { ...range, step: '1h', stat: 'count' });
    expect([body.from, body.to, body.resolution]).toEqual([iso(TODAY - 2 * DAY + 5 * HOUR), iso(TODAY - 7 * HOUR), 'hour']);
    expect(body.series[0].summary.count).toBe(36);
  });

  test('whole days have percentiles', async () => {
    const { body } = await get(openAt(table, later), { ...range, stat: 'p90', step: '1d' });
    expect([body.from, body.to, body.resolution]).toEqual([iso(TODAY - 2 * DAY), iso(TODAY), 'day-sketch']);
    expect(body.series[0].values).toHaveLength(2);
  });

  describe('in the midst of a day', () => {
    const day = TODAY - 2 * DAY;
    const at = day + 63 * DAY + 12 * HOUR + 30 * MINUTE;

    test.each<[string, Record<string, string>, number, number]>([
      ['a day that is cut there has percentiles of the whole', { stat: 'p90', step: '1d' }, 18 * HOUR, 24 * HOUR],
      ['so it has after the hour before', { stat: 'p90', step: '1d' }, 11 * HOUR, 24 * HOUR],
      ['an hour that is cut there is answered as it is asked for: its samples expire together', { step: '1h' }, 12 * HOUR + 45 * MINUTE, 12 * HOUR + 45 * MINUTE],
      ['an hour that is cut before is whole', { step: '1h' }, 11 * HOUR + 5 * MINUTE, 12 * HOUR],
      ['an hour that is cut later is answered as it is asked for', { step: '1h' }, 18 * HOUR + 45 * MINUTE, 18 * HOUR + 45 * MINUTE],
    ])('%s', async (_, question, to, answered) => {
      const { body } = await get(openAt(table, at), { service: 'a', ...question, from: iso(day), to: iso(day + to) });
      expect(body.to).toBe(iso(day + answered));
      // Samples come half past each hour.
      expect(body.series[0].summary.count).toBe(Math.round(answered / HOUR));
    });

    test('a day that begins with the first hour that is there is answered as it is asked for', async () => {
      const { body } = await get(openAt(table, day + 63 * DAY + 30 * MINUTE), { service: 'a', stat: 'p90', step: '1d', from: iso(day - DAY), to: iso(day + 6 * HOUR) });
      expect([body.to, body.series[0].summary.count]).toEqual([iso(day + 6 * HOUR), 30]);
    });
  });

  test('the step that is taken by itself is one that there are figures for', async () => {
    expect((await get(openAt(table, later), range)).body.step).toBe(3_600);
    expect((await get(openAt(table, later), { ...range, stat: 'p90' })).body.step).toBe(86_400);
  });

  test.each([
    [{ step: '5m' }, 'step', 'Steps of less than an hour'], [{ step: 'raw' }, 'step', 'Steps of less than an hour'],
    [{ step: '6h', stat: 'p90' }, 'stat', 'Percentiles over less than a day'],
  ])('%j is refused, with the reason', async (question, parameter, reason) => {
    const { status, body } = await get(openAt(table, later), { ...range, ...question });
    expect([status, body.parameter]).toEqual([400, parameter]);
    expect(body.detail).toContain(reason);
  });

  test('a day is not computed from what is left, and late samples do not hide it', async () => {
    const store = openAt(table, NOW + 62.5 * DAY);
    await storeObject(store, object('01', 'late'), pack([['a', 'cpu', 70, 1]]));
    const [marker] = await readMarkers(store, 'a');
    expect(await rollDay(store, 'a', marker)).toBe('final');
    expect((await readMarkers(store, 'a')).map(({ day }) => day)).not.toContain(marker.day);
    const { body } = await get(openAt(table, later), { ...range, step: '1h', stat: 'count' });
    expect(body.series[0].summary.count).toBe(36);
  });
});

test('a plan covers the span once, in order, and asks no day for an hour that it cuts', () => {
  const time = fc.integer({ min: 0, max: 20 * 24 * 4 }).map((quarters) => quarters * 15 * MINUTE);
  fc.assert(fc.property(time, time, fc.constantFrom('raw' as const, 'hour' as const, 'day-sketch' as const), fc.uniqueArray(fc.nat(20)), (a, b, tier, stored) => {
    const span = { from: Math.min(a, b), to: Math.max(a, b) + 1 };
    const plan = planOf(span, tier, (day) => stored.includes(day / DAY));
    let at = span.from;
    for (const { from, to, day } of plan) {
      expect(from).toBe(at);
      expect(to).toBeGreaterThan(from);
      at = to;
      if (day === undefined) continue;
      expect([floorTo(from, DAY), floorTo(to - 1, DAY), stored.includes(day / DAY)]).toEqual([day, day, true]);
      expect([from % (tier === 'hour' ? HOUR : DAY), to % (tier === 'hour' ? HOUR : DAY)]).toEqual([0, 0]);
    }
    expect(at).toBe(span.to);
    if (tier === 'raw') expect(plan.every(({ day }) => day === undefined)).toBe(true);
  }));
});
