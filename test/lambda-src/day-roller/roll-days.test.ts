import { newestSampleAge } from '../../../lambda-src/day-roller/newest-sample';
import { rollDay } from '../../../lambda-src/day-roller/roll-day';
import { isDue, rollDays } from '../../../lambda-src/day-roller/roll-days';
import { readMarkers, SETTLING } from '../../../lambda-src/shared/day-markers';
import { readDays } from '../../../lambda-src/shared/day-reader';
import { openStore, type Store } from '../../../lambda-src/shared/store';
import { storeObject } from '../../../lambda-src/shared/store-writer';
import { encodePart } from '../../../lambda-src/timeseries/part';
import { DAY, floorTo, HOUR, MINUTE } from '../../../lambda-src/timeseries/time';
import { MemoryTable } from '../shared/memory-table';
import { NOW, object, pack, type Sample } from '../shared/sources';

const TODAY = floorTo(NOW, DAY);
const YESTERDAY = TODAY - DAY;

let table: MemoryTable;
beforeEach(() => { table = new MemoryTable(); });

function openAt(now: number, client = table.client): Store {
  return openStore({ client, table: 'metrics', sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => now });
}

const told: string[] = [];
const roll = (now: number, hasTime = () => true) => rollDays(openAt(now), hasTime, (outcome, service) => { told.push(`${outcome} ${service}`); });
const days = (service: string, now: number) => readDays(openAt(now), service, { first: YESTERDAY - DAY, last: TODAY, sketches: true, now });
const chunks = () => table.items().filter(({ pk, sk }) => pk.S!.startsWith('D#') && sk.S!.length > 4).map(({ sk }) => sk.S!);
beforeEach(() => { told.length = 0; });

describe('when a day is computed', () => {
  test.each([
    ['half an hour after its end', YESTERDAY, TODAY - HOUR, TODAY + SETTLING, true],
    ['not before', YESTERDAY, TODAY - HOUR, TODAY + SETTLING - 1, false],
    ['not when its marker is young', YESTERDAY, TODAY + HOUR, TODAY + HOUR + SETTLING - 1, false],
    ['not while it goes on', TODAY, TODAY, NOW, false],
  ])('%s', (_, day, at, now, due) => expect(isDue({ day, id: 'x', at }, now)).toBe(due));

  test('every service with something due, and no other', async () => {
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', 24, 1], ['a', 'cpu', 0, 2], ['b', 'cpu', 0, 3]]));
    expect(await roll(NOW + HOUR)).toEqual({ rolled: 1, overtaken: 0, final: 0, unreadable: 0, left: 0 });
    expect([...(await days('a', NOW + HOUR)).keys()]).toEqual([YESTERDAY]);
    // The day that goes on stays marked; when it has ended, it is computed too.
    expect((await readMarkers(openAt(NOW), 'a')).map(({ day }) => day)).toEqual([TODAY]);
    expect(await roll(NOW + DAY)).toMatchObject({ rolled: 2 });
    expect([...(await days('a', NOW + DAY)).keys()]).toEqual([YESTERDAY, TODAY]);
    expect(await roll(NOW + DAY)).toMatchObject({ rolled: 0 });
  });

  test('what there is no time for is left for the next run', async () => {
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', 24, 1], ['b', 'cpu', 24, 2]]));
    let times = 1;
    expect(await roll(NOW + HOUR, () => times-- > 0)).toMatchObject({ rolled: 1, left: 1 });
    expect(await roll(NOW + HOUR)).toMatchObject({ rolled: 1, left: 0 });
  });
});

describe('a day that changes', () => {
  test('is computed anew, and leaves nothing of before', async () => {
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', 24, 1]]));
    await roll(NOW + HOUR);
    const before = chunks();
    await storeObject(openAt(NOW), object('02'), pack([['a', 'cpu', 24, 5]]));
    await roll(NOW + HOUR);
    expect((await days('a', NOW)).get(YESTERDAY)!.hours.get('cpu')![12]).toMatchObject({ count: 1, sum: 5 });
    expect(chunks()).toHaveLength(before.length);
    expect(chunks()).not.toEqual(before);
  });

  test('is stored as empty when nothing of it is left', async () => {
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', 24, 1]]));
    await roll(NOW + HOUR);
    await storeObject(openAt(NOW), object('02'), []);
    await roll(NOW + HOUR);
    expect((await days('a', NOW)).get(YESTERDAY)!.hours.size).toBe(0);
  });

  test('is left as it is by a roller that was overtaken, which takes its own chunks away again', async () => {
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', 24, 1]]));
    const [marker] = await readMarkers(openAt(NOW), 'a');
    let overtaken = false;
    const send = async (command: any) => {
      if (!overtaken && command.input.Item?.sk.S.length === 4) {
        overtaken = true;
        await rollDay(openAt(NOW), 'a', marker);
      }
      return table.execute(command);
    };
    expect(await rollDay(openAt(NOW, { send } as never), 'a', marker)).toBe('overtaken');
    expect(chunks()).toHaveLength(1);
    expect((await days('a', NOW)).has(YESTERDAY)).toBe(true);
  });

  test('was put, although the answer to that got lost: the roller does not take its chunks away', async () => {
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', 24, 1]]));
    const [marker] = await readMarkers(openAt(NOW), 'a');
    const send = async (command: any) => {
      if (command.input.Item?.sk.S.length === 4) table.execute(command);
      return table.execute(command);
    };
    expect(await rollDay(openAt(NOW, { send } as never), 'a', marker)).toBe('rolled');
    expect((await days('a', NOW)).has(YESTERDAY)).toBe(true);
  });

  test('is left to its parts where one of them cannot be read', async () => {
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', 24, 1]]));
    const part = table.items().find(({ pk }) => pk.S!.startsWith('P#'))!;
    part.d = { B: Uint8Array.of(99, 1, 2, 3) };
    expect(await roll(NOW + HOUR)).toMatchObject({ unreadable: 1 });
    expect(told).toEqual(['unreadable a']);
    expect((await readMarkers(openAt(NOW), 'a')).map(({ day }) => day)).toEqual([YESTERDAY]);
  });
});

describe('a day of a thousand series', () => {
  const many = new Map(Array.from({ length: 1_000 }, (_, m) => [`metric-${m}`, {
    timestamps: Array.from({ length: 24 }, (__, hour) => YESTERDAY + hour * HOUR),
    values: Array.from({ length: 24 }, (__, i) => Math.sqrt(m * 24 + i + 2)),
  }]));

  test('takes several items, and is read whole or not at all', async () => {
    await storeObject(openAt(NOW), object('01'), [{
      service: 'a', hour: YESTERDAY, n: 0, samples: 24_000, metrics: [...many.keys()], first: YESTERDAY, last: YESTERDAY + 23 * HOUR, bytes: encodePart(many),
    }]);
    await roll(NOW + HOUR);
    expect(chunks().length).toBeGreaterThan(2);
    for (const { d } of table.items()) expect(d?.B?.length ?? 0).toBeLessThan(400_000);
    const { hours, sketches } = (await days('a', NOW)).get(YESTERDAY)!;
    expect([hours.size, sketches!.size]).toEqual([1_000, 1_000]);
    expect(hours.get('metric-999')![23]!.sum).toBe(many.get('metric-999')!.values[23]);
    const [key] = chunks();
    table.execute({ input: { Key: { pk: { S: 'D#a#2026-11' }, sk: { S: key } } }, constructor: { name: 'DeleteItemCommand' } });
    expect((await days('a', NOW)).has(YESTERDAY)).toBe(false);
  });
});

describe('the age of the newest sample', () => {
  const age = async (now: number) => newestSampleAge(openAt(now), now);

  test('of all services', async () => {
    const samples: Sample[] = [['a', 'cpu', 30, 1], ['b', 'cpu', 5, 2], ['c', 'cpu', 7, 3]];
    await storeObject(openAt(NOW), object('01'), pack(samples));
    expect(await age(NOW)).toBe(5 * HOUR);
    expect(await age(NOW + 3 * DAY + MINUTE)).toBe(3 * DAY + 5 * HOUR + MINUTE);
  });

  test('none where nothing ever came, or not for a week', async () => {
    expect(await age(NOW)).toBeUndefined();
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', 0, 1]]));
    expect(await age(NOW + 8 * DAY)).toBeUndefined();
  });

  test('zero for what is ahead, and by the part before where the last one holds nothing any more', async () => {
    await storeObject(openAt(NOW), object('01'), pack([['a', 'cpu', -1, 1], ['a', 'cpu', 1, 1]]));
    expect(await age(NOW)).toBe(0);
    await storeObject(openAt(NOW), object('02'), pack([['a', 'cpu', 1, 1]]));
    expect(await age(NOW)).toBe(HOUR);
  });
});
