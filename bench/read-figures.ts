import { Readable } from 'node:stream';
import { serialize } from 'node:v8';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ask } from './ask';
import { ingest } from './ingest';
import { withLocalTable } from './local-dynamo';
import type { Figure } from './main';
import { metered } from './metered-client';
import type { Questions } from './questions';
import { runBundled } from './run-bundled';
import { LogWriter } from './samples';
import { rollDay } from '../lambda-src/day-roller/roll-day';
import { readMarkers } from '../lambda-src/shared/day-markers';
import { openStore, type Store } from '../lambda-src/shared/store';
import { DAY, HOUR, MINUTE } from '../lambda-src/timeseries/time';
import { MemoryTable } from '../test/lambda-src/shared/memory-table';

const SERVICE = 'service-00';
const TODAY = Date.parse('2026-11-23T00:00:00Z');
/** The dearest time of the day: nearly all of it is read from its parts. */
const NOW = TODAY + DAY - MINUTE;
const DAYS = 30;

const QUESTIONS = {
  // A whole hour: parts are read by hours, so one that begins within an hour reads two.
  h1: { service: SERVICE, from: String((TODAY + 22 * HOUR) / 1000), to: String((TODAY + 23 * HOUR) / 1000), step: '1m' },
  h24: { service: SERVICE, timeRange: '24h', step: '5m' },
  d30: { service: SERVICE, timeRange: '30d', step: '1h' },
  d30p: { service: SERVICE, timeRange: '30d', step: '1d', stat: 'p99' },
} as const;
const RRU_BARS = { h1: 2, h24: 50, d30: 60, d30p: 70 };
const MS_BARS: Partial<typeof RRU_BARS> = { h1: 5, h24: 30, d30: 30 };

/** What questions about one service take that sends a file a minute: read units, and the handler's time when all items are there at once. */
export async function readFigures(): Promise<Figure[]> {
  const memory = new MemoryTable();
  const open = (client: DynamoDBClient, table: string, now: number) => (
    openStore({ client, table, sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => now }));
  const logs = new LogWriter(1);
  for (let from = TODAY - DAYS * DAY; from < NOW; from += MINUTE) {
    const content = Readable.from([Buffer.from(logs.lines(from, MINUTE).join('\n'))]);
    await ingest(open(memory.client, 'memory', from + MINUTE), { key: `logs/${from}.ndjson`, content, eventTime: from + MINUTE });
  }
  const store = open(memory.client, 'memory', NOW);
  for (const marker of await readMarkers(store, SERVICE)) if (marker.day < TODAY) await rollDay(store, SERVICE, marker);

  const units = await withLocalTable(async (client, table) => {
    // Parts of days that have ended are not looked at; the few hours that the range's beginning cuts are.
    const wanted = memory.items().filter(({ pk }) => !/^[PS]#/.test(pk.S!) || pk.S!.endsWith('2026-11-23') || pk.S!.endsWith('2026-10-24'));
    for (const Item of wanted) await client.send(new PutItemCommand({ TableName: table, Item }));
    const answers = [];
    for (const question of Object.values(QUESTIONS)) {
      const { client: counting, reads } = metered(client);
      await ask(open(counting, table, NOW), NOW, question);
      answers.push(reads.of());
    }
    return answers;
  });
  const times = await msOfQuestions(store);
  const figures: Figure[] = [];
  for (const [i, name] of Object.keys(QUESTIONS).entries()) {
    figures.push({ key: `rru.${name}`, value: units[i], unit: 'RRU', bar: RRU_BARS[name as keyof typeof QUESTIONS] });
    if (name in MS_BARS) figures.push({ key: `query.${name}Ms`, value: Math.round(10 * times[name]) / 10, unit: 'ms', bar: MS_BARS[name as keyof typeof MS_BARS] });
  }
  return figures;
}

/** The handler's time for each question that has a bar, in milliseconds. */
async function msOfQuestions(store: Store): Promise<Record<string, number>> {
  const asked = Object.fromEntries(Object.entries(QUESTIONS).filter(([name]) => name in MS_BARS));
  const answers = new Map<string, unknown>();
  const send = async (command: any) => {
    const answer = await store.client.send(command);
    answers.set(JSON.stringify(command.input), answer);
    return answer;
  };
  for (const question of Object.values(asked)) await ask({ ...store, client: { send } as unknown as DynamoDBClient }, NOW, question);
  const questions: Questions = { now: NOW, questions: asked, answers };
  return runBundled('questions', { input: serialize(questions) });
}
