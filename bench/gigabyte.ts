import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { ask } from './ask';
import { ingest } from './ingest';
import { METRICS, randomFrom } from './samples';
import { SinkTable } from './sink-table';
import { rollDay } from '../lambda-src/day-roller/roll-day';
import { readMarkers } from '../lambda-src/shared/day-markers';
import { openStore, type Store } from '../lambda-src/shared/store';
import { DAY } from '../lambda-src/timeseries/time';
import { MemoryTable } from '../test/lambda-src/shared/memory-table';

/**
 * A gigabyte of lines: with `peak`, as one object into a table that forgets, and the greatest memory that took is told; with `compare`, as one
 * object and as ten thousand, and what the API says of both is told. It prints one JSON object. It is a process of its own, bundled as a
 * handler is, because what else is loaded in a process would count.
 */
const OBJECTS = 10_000;
const LINES_PER_OBJECT = 500;
const SERVICES = Array.from({ length: 20 }, (_, i) => `service-${i}`);
const START = Date.parse('2026-11-20T00:00:00Z');
const LINE_MS = 3 * DAY / (OBJECTS * LINES_PER_OBJECT);
const NOW = START + 3.5 * DAY;

/** The lines of one of the objects: the same whichever way they are put together. */
function linesOf(object: number): Buffer {
  const random = randomFrom(object + 1);
  let text = '';
  for (let i = 0; i < LINES_PER_OBJECT; i++) {
    const line = object * LINES_PER_OBJECT + i;
    const metrics = METRICS.map((metric) => `"${metric}":${(Math.round(1e4 * random()) - 1_000) / 100}`).join(',');
    const timestamp = new Date(Math.floor(START + line * LINE_MS)).toISOString();
    text += `{"service":"${SERVICES[line % SERVICES.length]}","timestamp":"${timestamp}","metrics":{${metrics}}}\n`;
  }
  return Buffer.from(text);
}

function openOn(client: Store['client']): Store {
  return openStore({ client, table: 'metrics', sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => NOW });
}

/** The bytes of the object, and the samples that came of it. */
async function ingestWhole(store: Store): Promise<{ bytes: number; samples: number }> {
  let bytes = 0;
  const content = Readable.from((function* () {
    for (let object = 0; object < OBJECTS; object++) {
      const lines = linesOf(object);
      bytes += lines.length;
      yield lines;
    }
  })());
  const { samples } = await ingest(store, { key: 'whole.ndjson', content, eventTime: NOW });
  return { bytes, samples };
}

/** What the API says of every service's days, by statistic. */
async function answersOf(store: Store): Promise<Record<string, unknown[]>> {
  for (const service of SERVICES) for (const marker of await readMarkers(store, service)) await rollDay(store, service, marker);
  const answers: Record<string, unknown[]> = {};
  for (const stat of ['sum', 'p1', 'p50', 'p99.9']) {
    answers[stat] = [];
    for (const service of SERVICES) {
      const query = { service, stat, step: '1d', from: String(START / 1000), to: String((START + 3 * DAY) / 1000) };
      answers[stat].push(JSON.parse(await ask(store, NOW, query)));
    }
  }
  return answers;
}

async function compare() {
  const whole = openOn(new MemoryTable().client);
  const { bytes, samples } = await ingestWhole(whole);
  const split = openOn(new MemoryTable().client);
  for (let object = 0; object < OBJECTS; object++) {
    await ingest(split, { key: `${object}.ndjson`, content: Readable.from([linesOf(object)]), eventTime: NOW });
  }
  return { bytes, samples, objects: OBJECTS, whole: await answersOf(whole), split: await answersOf(split) };
}

async function peak() {
  const { bytes, samples } = await ingestWhole(openOn(new SinkTable().client));
  return { bytes, samples, peakRssMB: Math.round(peakRssKB() / 1024) };
}

/** Of this program alone: on Linux, `maxRSS` begins with what the process that started it had. */
function peakRssKB(): number {
  const status = '/proc/self/status';
  return existsSync(status) ? Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))![1]) : process.resourceUsage().maxRSS;
}

(process.argv[2] === 'peak' ? peak() : compare()).then((told) => console.log(JSON.stringify(told)), (error) => {
  console.error(error);
  process.exit(1);
});
