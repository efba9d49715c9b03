import { Readable } from 'node:stream';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ingest } from './ingest';
import { withLocalTable } from './local-dynamo';
import type { Figure } from './main';
import { metered } from './metered-client';
import { documentsOf, LINE_INTERVAL, LogWriter, METRICS } from './samples';
import { openStore } from '../lambda-src/shared/store';
import { DAY, HOUR, MINUTE } from '../lambda-src/timeseries/time';

const START = Date.parse('2026-11-02T00:00:00Z');
const MILLION = 1_000_000;
const SPANS = { m1: MINUTE, m5: 5 * MINUTE, h1: HOUR } as const;
const BARS = {
  one: { services: 1, m1: 44_000, m5: 9_000, h1: 1_800 },
  fifty: { services: 50, m1: 23_000, m5: 6_000, h1: 1_800 },
} as const;
/** So many files are written of each kind, spread evenly over the time in which a million samples come: all of one kind cost the same. */
const FILES_WRITTEN = 240;

/** What storing a million samples takes, everything counted, beside a writer that puts an item for each sample. */
export async function writeFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [kind, { services, ...bars }] of Object.entries(BARS)) {
    for (const [span, length] of Object.entries(SPANS)) {
      const units = await withLocalTable((client, table) => unitsPerMillion(client, table, services, length));
      const value = Object.values(units).reduce((sum, each) => sum + each);
      figures.push({ key: `wruPerMillion.${kind}.${span}`, value, unit: 'WRU', bar: bars[span as keyof typeof SPANS] });
      for (const [part, of] of Object.entries(units)) figures.push({ key: `wruPerMillionOf.${kind}.${span}.${part}`, value: of, unit: 'WRU' });
    }
  }
  figures.push({ key: 'wruPerMillion.naive', value: await withLocalTable(naiveUnitsPerMillion), unit: 'WRU' });
  return figures;
}

/** What is written, by the letter that its partitions begin with. Each file takes its parts and its ledger entry; the rest is written once a day. */
const KINDS = { parts: 'P', ledger: 'S', catalogue: 'C', markers: 'M' } as const;

async function unitsPerMillion(client: DynamoDBClient, table: string, services: number, length: number): Promise<Record<keyof typeof KINDS, number>> {
  const samplesPerFile = services * METRICS.length * length / LINE_INTERVAL;
  const files = Math.ceil(MILLION / samplesPerFile);
  const written = Math.min(files, FILES_WRITTEN);
  const logs = new LogWriter(services);
  const { client: counting, writes } = metered(client);
  let now = START;
  const store = openStore({ client: counting, table, sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => now });
  for (let i = 0; i < written; i++) {
    const from = START + Math.floor(i * files / written) * length;
    now = from + length;
    await ingest(store, { key: `logs/${from}.ndjson`, content: Readable.from([Buffer.from(logs.lines(from, length).join('\n'))]), eventTime: now });
  }
  const perMillion = MILLION / (files * samplesPerFile);
  const ofFiles = (kind: string) => Math.round(writes.of(kind) / written * files * perMillion);
  const ofDays = (kind: string) => Math.round(writes.of(kind) * perMillion);
  return { parts: ofFiles(KINDS.parts), ledger: ofFiles(KINDS.ledger), catalogue: ofDays(KINDS.catalogue), markers: ofDays(KINDS.markers) };
}

async function naiveUnitsPerMillion(client: DynamoDBClient, table: string): Promise<number> {
  const { client: counting, writes } = metered(client);
  const documents = documentsOf(1);
  let samples = 0;
  for (let time = START; samples < 800; time += LINE_INTERVAL) {
    for (const [metric, value] of Object.entries(documents.next().value)) {
      await counting.send(new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: `service-00#${metric}` }, sk: { S: new Date(time).toISOString() }, value: { N: String(value) }, ttl: { N: String((START + 63 * DAY) / 1000) },
        },
      }));
      samples++;
    }
  }
  return Math.round(writes.of() * MILLION / samples);
}
