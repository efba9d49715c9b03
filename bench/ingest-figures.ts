import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { chunksOf, ingest } from './ingest';
import type { Figure } from './main';
import { median } from './median';
import { runGigabyte } from './run-gigabyte';
import { LogWriter } from './samples';
import { SinkTable } from './sink-table';
import { openStore } from '../lambda-src/shared/store';
import { HOUR } from '../lambda-src/timeseries/time';

const START = Date.parse('2026-11-23T00:00:00Z');
const SPAN = 4 * HOUR;
const RUNS = 9;
/** Of the bare JSON.parse of the same documents just before, since the machine's own speed changes meanwhile; unzipping and finding an array's elements take their share. */
const RATIOS = { plain: 0.45, gzip: 0.4, array: 0.37 };

/** How fast bytes become encoded parts, beside what parsing their JSON alone takes, and the memory for a gigabyte of them. */
export async function ingestFigures(): Promise<Figure[]> {
  const lines = new LogWriter(50).lines(START, SPAN);
  const plain = Buffer.from(lines.join('\n'));
  const array = `[${lines.join(',')}]`;
  const forms = {
    plain: { body: plain, parse: () => lines.forEach((line) => JSON.parse(line)) },
    gzip: { body: gzipSync(plain), parse: () => lines.forEach((line) => JSON.parse(line)) },
    array: { body: Buffer.from(array), parse: () => lines.forEach((line) => JSON.parse(line)) },
  };
  const figures: Figure[] = [];
  for (const [name, { body, parse }] of Object.entries(forms)) {
    const ours: number[] = [];
    const ratios: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const bare = await msOf(async () => parse());
      const took = await msOf(async () => {
        const store = openStore({ client: new SinkTable().client, table: 'sink', sampleRetentionDays: 63, rollupRetentionDays: 455 });
        await ingest(store, { key: 'logs/a', content: Readable.from(chunksOf(body)), eventTime: START + SPAN });
      });
      ours.push(took);
      ratios.push(bare / took);
    }
    figures.push({ key: `ingestMBps.${name}`, value: Math.round(plain.length / median(ours) / 1000), unit: 'MB/s' });
    figures.push({
      key: name === 'plain' ? 'ratioToJsonParse' : `ratioToJsonParseOf.${name}`,
      value: Math.round(100 * median(ratios)) / 100,
      unit: '',
      floor: RATIOS[name as keyof typeof RATIOS],
    });
  }
  return [...figures, { key: 'ingestPeakRssMB', value: (await runGigabyte('peak')).peakRssMB, unit: 'MB', bar: 256 }];
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}
