import { deepStrictEqual, ok } from 'node:assert/strict';
import { faultyClient } from './faults';
import { Crash } from './local-store';
import { MemoryTable } from './memory-table';
import { randomFrom, Scheduler } from './scheduler';
import { NOW, object, pack, type Sample } from './sources';
import { rollDay } from '../../../lambda-src/day-roller/roll-day';
import { hasEnded, readMarkers } from '../../../lambda-src/shared/day-markers';
import { readDays } from '../../../lambda-src/shared/day-reader';
import { readHead } from '../../../lambda-src/shared/ledger';
import { openStore, type Store } from '../../../lambda-src/shared/store';
import { readParts } from '../../../lambda-src/shared/store-reader';
import { storeObject } from '../../../lambda-src/shared/store-writer';
import type { PackedPart } from '../../../lambda-src/timeseries/pack';
import { DAY, floorTo, HOUR } from '../../../lambda-src/timeseries/time';

// Not jest's own assertions: of these there are hundreds of thousands.
/**
 * Workers and rollers in any interleaving, against a plain reference: whoever comes when, and wherever anybody dies, the end is the newest
 * content of every object, and days that say what it comes to.
 */

const SCHEDULES = Number(process.env.SCHEDULES ?? 10_000);
const SEED = Number(process.env.FC_SEED ?? 20261123);
const SERVICES = ['a', 'b'];
const ENDED = floorTo(NOW, DAY) - 2 * DAY;
const hoursBack = (hour: number) => (NOW - ENDED) / HOUR - hour;

/** What each object holds, generation by generation: it grows, moves to other hours and services, shrinks, and empties. Today is among it. */
const CONTENTS: Record<string, Sample[][]> = {
  'logs/one': [
    [['a', 'cpu', hoursBack(3), 1], ['a', 'cpu', 0, 2]],
    [['a', 'cpu', hoursBack(3), 1], ['a', 'cpu', hoursBack(5), 4], ['b', 'cpu', hoursBack(3), -8], ['a', 'cpu', 0, 2]],
    [['a', 'mem', hoursBack(5), 16], ['b', 'cpu', hoursBack(9), 32]],
    [],
  ],
  'logs/two': [
    [['a', 'cpu', hoursBack(3), 64], ['b', 'mem', hoursBack(4), 128]],
    [['a', 'cpu', hoursBack(3), 64], ['a', 'cpu', hoursBack(4), 256], ['a', 'mem', 1, 512]],
  ],
};
const PACKED = new Map<string, PackedPart[]>(Object.entries(CONTENTS).flatMap(([key, all]) => all.map((samples, g) => [`${key} ${g}`, pack(samples)])));
/** With these, an object of two samples is a large one. */
const TINY = { samples: 2, keyBytes: 1_000 };

interface Delivery { readonly key: string; readonly generation: number }

const deliver = (store: Store, { key, generation }: Delivery, limits?: typeof TINY) =>
  storeObject(store, object(`0${generation + 1}`, key), PACKED.get(`${key} ${generation}`)!, limits);

/** Computes every marked day that has ended, however young its marker: an adversary of a roller. */
async function roll(store: Store): Promise<void> {
  for (const service of SERVICES) {
    for (const marker of await readMarkers(store, service)) {
      if (hasEnded(marker.day, store.now())) await rollDay(store, service, marker);
    }
  }
}

/** The samples that there should be: of each object, its newest delivered content. */
function expectedSamples(deliveries: readonly Delivery[]): Sample[] {
  return Object.keys(CONTENTS).flatMap((key) => {
    const generations = deliveries.filter((delivery) => delivery.key === key).map(({ generation }) => generation);
    return generations.length > 0 ? CONTENTS[key][Math.max(...generations)] : [];
  });
}

const text = (samples: readonly Sample[]) => samples.map(String).sort();

async function storedSamples(store: Store): Promise<Sample[]> {
  const found: Sample[] = [];
  for (const service of SERVICES) {
    for (const part of (await readParts(store, service, ENDED, NOW + HOUR, { consistent: true, now: NOW })).parts) {
      for (const [metric, { timestamps, values }] of part) {
        Array.from(values).forEach((value, i) => found.push([service, metric, (NOW - timestamps[i]) / HOUR, value]));
      }
    }
  }
  return found;
}

/** The figures of the ended day, as lines: of what is stored as such, or of plain samples. */
async function storedDay(store: Store, service: string): Promise<string[] | undefined> {
  const day = (await readDays(store, service, { first: ENDED, last: ENDED, sketches: true, now: NOW })).get(ENDED);
  if (!day) return undefined;
  ok([...day.hours.keys()].every((metric) => day.sketches!.has(metric)));
  return [...day.hours].flatMap(([metric, hours]) => hours.flatMap((figures, hour) => (
    figures ? [`${metric} ${hour} ${figures.count} ${figures.sum} ${figures.min} ${figures.max}`] : []
  ))).sort();
}

function plainDay(samples: readonly Sample[], service: string): string[] {
  const hours = new Map<string, number[]>();
  for (const [of, metric, back, value] of samples) {
    const time = NOW - back * HOUR;
    if (of !== service || floorTo(time, DAY) !== ENDED) continue;
    const key = `${metric} ${Math.floor((time - ENDED) / HOUR)}`;
    hours.set(key, [...hours.get(key) ?? [], value]);
  }
  return [...hours].map(([key, values]) => (
    `${key} ${values.length} ${values.reduce((sum, value) => sum + value)} ${Math.min(...values)} ${Math.max(...values)}`
  )).sort();
}

/** What must hold at the end, when everything that died was brought back; and after one pass of a roller. */
async function expectEnd(store: Store, deliveries: readonly Delivery[]): Promise<void> {
  const samples = expectedSamples(deliveries);
  deepStrictEqual(text(await storedSamples(store)), text(samples));
  for (const key of new Set(deliveries.map((delivery) => delivery.key))) {
    const { stale, older } = (await readHead(store, object('', key).source))!;
    deepStrictEqual({ stale, older }, { stale: [], older: [] });
  }
  // A day that is not to be computed anew must be right as it is; one pass of a roller must make all of them so.
  for (const service of SERVICES) {
    const unmarked = await storedDay(store, service);
    if (unmarked) deepStrictEqual(unmarked, plainDay(samples, service));
  }
  await roll(store);
  for (const service of SERVICES) {
    deepStrictEqual((await readMarkers(store, service)).filter(({ day }) => hasEnded(day, NOW)), []);
    deepStrictEqual(await storedDay(store, service) ?? [], plainDay(samples, service));
    // Today goes on: nobody may compute it, and it must not be forgotten either.
    const isToday = samples.some(([of, , back]) => of === service && floorTo(NOW - back * HOUR, DAY) === floorTo(NOW, DAY));
    if (isToday) ok((await readMarkers(store, service)).some(({ day }) => day === floorTo(NOW, DAY)));
  }
}

const openAt = (client: Store['client']) => openStore({ client, table: 'metrics', sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => NOW });

function randomDeliveries(random: (below: number) => number) {
  const keys = Object.keys(CONTENTS);
  return Array.from({ length: 2 + random(4) }, () => {
    const key = keys[random(keys.length)];
    return { key, generation: random(CONTENTS[key].length), limits: random(2) ? TINY : undefined };
  });
}

async function runSchedule(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const table = new MemoryTable();
  const scheduler = new Scheduler(table, random);
  const worker = (client = table.client) => openAt(client);
  const deliveries = randomDeliveries(random).map((delivery) => ({ ...delivery, diesAt: random(3) ? undefined : 1 + random(12) }));
  const died: Delivery[] = [];
  const work = deliveries.map(async ({ limits, diesAt, ...delivery }) => {
    try {
      await deliver(worker(scheduler.client(diesAt, random(2) > 0)), delivery, limits);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      died.push(delivery);
    }
  });
  const rollers = Array.from({ length: 2 + random(3) }, async () => {
    try {
      await roll(worker(scheduler.client(random(3) ? undefined : 1 + random(8), random(2) > 0)));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  });
  await scheduler.run([...work, ...rollers]);
  // The queue brings back what died, and only that.
  for (const delivery of died) await deliver(worker(), delivery, random(2) ? TINY : undefined);

  await expectEnd(worker(), deliveries);
}

/** Everything one after the other, each thing again until it succeeds, on a table that fails more often than not. */
async function runFaults(seed: number): Promise<void> {
  const below = randomFrom(seed);
  const table = new MemoryTable();
  const faulty = openAt(faultyClient(table.client, { throttled: 0.3, answerLost: 0.3, random: () => below(1_000) / 1_000 }));
  const untilItSucceeds = async (work: () => Promise<unknown>) => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!['ProvisionedThroughputExceededException', 'TimeoutError'].includes((error as Error).name)) throw error;
      }
    }
  };
  const deliveries = randomDeliveries(below);
  for (const { limits, ...delivery } of deliveries) {
    await untilItSucceeds(() => deliver(faulty, delivery, limits));
    if (below(2)) await untilItSucceeds(() => roll(faulty));
  }
  await expectEnd(openAt(table.client), deliveries);
}

/** Repeats by its seed what failed. */
async function forEachSeed(count: number, run: (seed: number) => Promise<void>): Promise<void> {
  for (let seed = SEED; seed < SEED + count; seed++) {
    try {
      await run(seed);
    } catch (error) {
      throw new Error(`FC_SEED=${seed} SCHEDULES=1 repeats it`, { cause: error });
    }
  }
}

test(`in ${SCHEDULES} schedules of workers and rollers, the end is what the newest contents come to`, () => forEachSeed(SCHEDULES, runSchedule), 600_000);

test('where calls are throttled, and answers lost, at 30 % each, the end is the same and nothing is lost', () => (
  forEachSeed(Math.min(SCHEDULES, 500), runFaults)
), 600_000);
