import { deepStrictEqual, ok } from 'node:assert/strict';
import { Crash } from './local-store';
import { MemoryTable } from './memory-table';
import { randomFrom, Scheduler } from './scheduler';
import { NOW, object, pack, type Sample } from './sources';
import { rollDays } from '../../../lambda-src/day-roller/roll-days';
import { CLOCKS_APART, GRACE, LONGEST_RUN, readMarkers, SETTLING } from '../../../lambda-src/shared/day-markers';
import { readDays } from '../../../lambda-src/shared/day-reader';
import type { Item } from '../../../lambda-src/shared/items';
import { openStore, type Store } from '../../../lambda-src/shared/store';
import { readParts } from '../../../lambda-src/shared/store-reader';
import { storeObject } from '../../../lambda-src/shared/store-writer';
import { DAY, floorTo, HOUR, MINUTE } from '../../../lambda-src/timeseries/time';

// Not jest's own assertions: of these there are hundreds of thousands.
/**
 * Writers and rollers while a day ends: in these schedules time passes, processes remember what they have marked, their clocks differ, and
 * a run that takes too long is killed. The day's figures must never be told otherwise than its parts are, and in the end they must be right.
 */

const SCHEDULES = 1_000;
const SEED = Number(process.env.FC_SEED ?? 20261123);
const END = floorTo(NOW, DAY);
const ENDING = END - DAY;
/** Hours back from `NOW`, in the last hour of the day that ends and in the first of the next. */
const [LAST_HOUR, NEXT_DAY] = [13, 12];

/** What an object holds, generation by generation. */
const CONTENTS: Sample[][] = [
  [['a', 'cpu', LAST_HOUR, 1]],
  [['a', 'cpu', LAST_HOUR, 1], ['a', 'cpu', NEXT_DAY, 2]],
  [['a', 'cpu', LAST_HOUR + 1, 4], ['a', 'cpu', LAST_HOUR, 8]],
  [['a', 'cpu', NEXT_DAY, 16]],
];
const PACKED = CONTENTS.map((samples) => pack(samples));

interface Delivery { readonly key: string; readonly generation: number }

/** The run of a function that a process is at: what it does when that has taken too long does not reach the table any more. */
interface Run { killedAt: number }

/** What the day comes to in an hour, by its items; undefined where its parts are to be read. */
async function storedFigures(store: Store): Promise<string[] | undefined> {
  const day = (await readDays(store, 'a', { first: ENDING, last: ENDING, sketches: false, now: store.now() })).get(ENDING);
  return day && [...day.hours].flatMap(([metric, hours]) => hours.flatMap((figures, hour) => (
    figures ? [`${metric} ${hour} ${figures.count} ${figures.sum}`] : []
  )));
}

/** The same, by its parts. */
async function figuresOfParts(store: Store): Promise<string[]> {
  const hours = new Map<number, number[]>();
  for (const part of (await readParts(store, 'a', ENDING, END, { consistent: true, now: store.now() })).parts) {
    for (const { timestamps, values } of part.values()) {
      Array.from(values).forEach((value, i) => {
        const hour = Math.floor((timestamps[i] - ENDING) / HOUR);
        hours.set(hour, [...hours.get(hour) ?? [], value]);
      });
    }
  }
  return [...hours].sort(([a], [b]) => a - b).map(([hour, values]) => `cpu ${hour} ${values.length} ${values.reduce((sum, value) => sum + value)}`);
}

/** What happened in all schedules: that they are about something. */
const met = { partsBeforeEnd: 0, partsInGrace: 0, partsSettling: 0, partsAfterwards: 0, rolled: 0, killed: 0, told: 0 };

function meet(time: number): void {
  if (time < END) met.partsBeforeEnd++;
  else if (time < END + GRACE) met.partsInGrace++;
  else if (time < END + SETTLING) met.partsSettling++;
  else met.partsAfterwards++;
}

async function runSchedule(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const table = new MemoryTable();
  const scheduler = new Scheduler(table, random);
  let clock = END - 10 * MINUTE;
  const openAt = (client: Store['client'], skew = 0) => (
    openStore({ client, table: 'metrics', sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => clock + skew })
  );
  const direct = openAt(table.client);
  const tell = async () => {
    const stored = await storedFigures(direct);
    if (!stored) return;
    met.told++;
    deepStrictEqual(stored, await figuresOfParts(direct));
  };

  const pace = [2_000, 20_000, 120_000][random(3)];
  let isScheduled = false;
  const open = (run: Run, isSlow: boolean) => {
    const send = async (command: { input: { Item?: Item } }) => {
      if (isScheduled) {
        await scheduler.turn(isSlow);
        clock += random(pace);
      }
      if (clock >= run.killedAt) throw new Crash();
      const answer = table.execute(command as never);
      if (command.input.Item?.pk.S!.startsWith('P#')) {
        meet(clock);
        await tell();
      }
      return answer;
    };
    return openAt({ send } as never, random(CLOCKS_APART) - CLOCKS_APART / 2);
  };
  const delivered: Delivery[] = [];
  const died: Delivery[] = [];
  const deliver = (store: Store, { key, generation }: Delivery) => storeObject(store, object(`0${generation + 1}`, key), PACKED[generation]);
  const deliverAny = async (store: Store, run: Run) => {
    const delivery = { key: `logs/${random(4)}`, generation: random(CONTENTS.length) };
    delivered.push(delivery);
    run.killedAt = clock + LONGEST_RUN;
    try {
      await deliver(store, delivery);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      met.killed++;
      died.push(delivery);
    }
  };

  // While the day goes on, each process stores something: so it knows that the day is marked.
  const processes = Array.from({ length: 3 }, () => {
    const run = { killedAt: Infinity };
    return { run, store: open(run, random(3) === 0) };
  });
  for (const { store, run } of processes) await deliverAny(store, run);

  clock = END + random(45 * MINUTE);
  isScheduled = true;
  const wait = async () => { for (let turns = random(20); turns > 0; turns--) await scheduler.turn(); };
  const writers = processes.map(async ({ store, run }) => {
    await wait();
    await deliverAny(store, run);
    // Who was killed is another process when it comes back.
    if (clock < run.killedAt) await deliverAny(store, run);
  });
  const rollers = Array.from({ length: 2 }, async () => {
    await wait();
    try {
      met.rolled += (await rollDays(open({ killedAt: clock + LONGEST_RUN }, random(3) === 0), () => true, () => undefined)).rolled;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  });
  await scheduler.run([...writers, ...rollers]);

  for (const delivery of died) await deliver(direct, delivery);
  await tell();
  clock = Math.max(clock, END + SETTLING) + SETTLING + CLOCKS_APART;
  await rollDays(direct, () => true, () => undefined);
  deepStrictEqual((await readMarkers(direct, 'a')).filter(({ day }) => day === ENDING), []);
  deepStrictEqual(await storedFigures(direct) ?? [], expectedFigures(delivered));
}

/** Those of each object's newest content. */
function expectedFigures(delivered: readonly Delivery[]): string[] {
  const newest = new Map<string, number>();
  for (const { key, generation } of delivered) newest.set(key, Math.max(generation, newest.get(key) ?? 0));
  const samples = [...newest.values()].flatMap((generation) => CONTENTS[generation]);
  return [LAST_HOUR + 1, LAST_HOUR].flatMap((back) => {
    const values = samples.filter(([, , hoursBack]) => hoursBack === back).map(([, , , value]) => value);
    return values.length > 0 ? [`cpu ${Math.floor((NOW - ENDING) / HOUR - back)} ${values.length} ${values.reduce((sum, value) => sum + value)}`] : [];
  });
}

test(`in ${SCHEDULES} schedules around the end of a day, its figures are never told otherwise than its parts are`, async () => {
  for (let seed = SEED; seed < SEED + SCHEDULES; seed++) {
    try {
      await runSchedule(seed);
    } catch (error) {
      throw new Error(`FC_SEED=${seed} repeats it`, { cause: error });
    }
  }
  for (const times of Object.values(met)) ok(times > 20, JSON.stringify(met));
}, 600_000);

describe('a process that has marked the day', () => {
  let table: MemoryTable;
  let now: number;
  beforeEach(() => { table = new MemoryTable(); });

  /** Calls back before each put of an item of the kind. */
  const openAt = (kind = '', before = async () => {}) => {
    const send = async (command: { input: { Item?: Item } }) => {
      if (command.input.Item?.pk.S!.startsWith(`${kind}#`)) await before();
      return table.execute(command as never);
    };
    return openStore({ client: { send } as never, table: 'metrics', sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => now });
  };
  const storeAt = async (store: Store, time: number) => {
    now = time;
    await storeObject(store, object('01', `logs/${time}`), PACKED[0]);
  };

  test.each([
    ['does not mark it again while it goes on, nor in the grace after its end', [END - 1, END, END + GRACE - 1], [0, 0, 0]],
    ['marks it before and after every part from then on', [END + GRACE, END + GRACE + 1], [2, 2]],
  ])('%s', async (_, times, expected) => {
    let puts = 0;
    const store = openAt('M', async () => { puts++; });
    await storeAt(store, END - HOUR);
    const counts: number[] = [];
    for (const time of times) {
      puts = 0;
      await storeAt(store, time);
      counts.push(puts);
    }
    expect(counts).toEqual(expected);
  });

  test('has written, however slow it was, when a roller whose clock is ahead begins with the day', async () => {
    const rolled: number[] = [];
    let isSlow = false;
    const store = openAt('P', async () => {
      if (!isSlow) return;
      now += LONGEST_RUN + CLOCKS_APART;
      // A millisecond later it would begin: the grace could not be longer.
      for (; rolled.length < 2; now++) rolled.push((await rollDays(openAt(), () => true, () => undefined)).rolled);
    });
    await storeAt(store, END - HOUR);
    isSlow = true;
    await storeAt(store, END + GRACE - 1);
    expect(rolled).toEqual([0, 1]);
  });
});
