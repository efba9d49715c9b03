import { Readable } from 'node:stream';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ingest } from './ingest';
import { withLocalTable } from './local-dynamo';
import type { Figure } from './main';
import { median } from './median';
import { metered } from './metered-client';
import { LogWriter } from './samples';
import { rollDay } from '../lambda-src/day-roller/roll-day';
import { createApi } from '../lambda-src/metrics-api/app';
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
  h1: { from: String((TODAY + 22 * HOUR) / 1000), to: String((TODAY + 23 * HOUR) / 1000), step: '1m' },
  h24: { timeRange: '24h', step: '5m' },
  d30: { timeRange: '30d', step: '1h' },
  d30p: { timeRange: '30d', step: '1d', stat: 'p99' },
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
      await ask(open(counting, table, NOW), question);
      answers.push(reads.of());
    }
    return answers;
  });
  const figures: Figure[] = [];
  for (const [i, [name, question]] of Object.entries(QUESTIONS).entries()) {
    figures.push({ key: `rru.${name}`, value: units[i], unit: 'RRU', bar: RRU_BARS[name as keyof typeof QUESTIONS] });
    if (name in MS_BARS) figures.push({ key: `query.${name}Ms`, value: await msOf(prefetching(store), question), unit: 'ms', bar: MS_BARS[name as keyof typeof MS_BARS] });
  }
  return figures;
}

/** Answers what was asked before without looking: the table in memory takes longer to look than the handler takes to answer. */
function prefetching(store: Store): Store {
  const answers = new Map<string, Promise<unknown>>();
  const send = (command: any) => {
    const asked = JSON.stringify(command.input);
    const answer = answers.get(asked) ?? store.client.send(command);
    answers.set(asked, answer);
    return answer;
  };
  return { ...store, client: { send } as unknown as DynamoDBClient };
}

async function msOf(store: Store, question: Record<string, string>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 15; run++) {
    const start = process.hrtime.bigint();
    await ask(store, question);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return Math.round(10 * median(times)) / 10;
}

/** Asks the API's handler, as API Gateway would. */
async function ask(store: Store, question: Record<string, string>): Promise<void> {
  const log = () => undefined;
  const api = createApi({
    store, logger: { info: log, warn: log, error: log }, version: '0.0.0', now: () => NOW, publish: async () => undefined,
  });
  const { statusCode, body } = await api({
    httpMethod: 'GET', resource: '/metrics', headers: {}, queryStringParameters: { service: SERVICE, ...question },
  } as unknown as APIGatewayProxyEvent);
  if (statusCode !== 200 || JSON.parse(body).series.length === 0) throw new Error(`${JSON.stringify(question)}: ${statusCode} ${body.slice(0, 300)}`);
}
