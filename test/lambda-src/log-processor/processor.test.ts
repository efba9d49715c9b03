import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { readContent } from '../../../lambda-src/log-processor/log-object';
import { objectOf } from '../../../lambda-src/log-processor/object-event';
import { processBatch } from '../../../lambda-src/log-processor/process-batch';
import { processObject, type Processing } from '../../../lambda-src/log-processor/process-object';
import { Quarantine } from '../../../lambda-src/log-processor/quarantine';
import { delayRetry, parseDelays } from '../../../lambda-src/log-processor/retry';
import { readMarkers } from '../../../lambda-src/shared/day-markers';
import { objectGeneration } from '../../../lambda-src/shared/items';
import { selfMetricLine } from '../../../lambda-src/shared/self-metrics';
import { openStore } from '../../../lambda-src/shared/store';
import { readParts } from '../../../lambda-src/shared/store-reader';
import { MAX_SERIES_HOURS, MAX_SERVICE_HOURS } from '../../../lambda-src/timeseries/pack';
import { DAY, floorTo, HOUR } from '../../../lambda-src/timeseries/time';
import { Crash, LocalStore } from '../shared/local-store';
import { MemoryTable } from '../shared/memory-table';

const NOW = Date.parse('2026-11-23T12:30:00Z');

/** A bucket that checks `If-Match`, and refuses what the test says. */
class FakeBucket {
  public readonly objects = new Map<string, { body: Uint8Array; etag: string }>();
  public refusal?: number;
  public reads = 0;
  private puts = 0;

  /** Puts an object and returns the event that EventBridge would send of it. */
  public upload(key: string, body: string | Uint8Array, event: Record<string, unknown> = {}): string {
    const etag = `etag${++this.puts}`;
    this.objects.set(key, { body: Buffer.from(body), etag });
    return JSON.stringify({
      'source': 'aws.s3',
      'detail-type': 'Object Created',
      'time': new Date(NOW).toISOString(),
      'detail': { bucket: { name: 'bucket' }, object: { key, size: body.length, etag, sequencer: `00${this.puts}` } },
      ...event,
    });
  }

  public async send({ input, constructor }: { input: { Key: string; IfMatch?: string; Body?: string }; constructor: { name: string } }) {
    if (constructor.name === 'PutObjectCommand') {
      this.objects.set(input.Key, { body: Buffer.from(input.Body!), etag: '' });
      return {};
    }
    this.reads++;
    const object = this.objects.get(input.Key);
    if (this.refusal) throw failure(this.refusal);
    if (!object) throw failure(404);
    if (input.IfMatch !== `"${object.etag}"`) throw failure(412);
    return { Body: Readable.from([object.body.subarray(0, 2), object.body.subarray(2)]) };
  }

  public text(key: string): string | undefined {
    return this.objects.get(key)?.body.toString();
  }
}

function failure(httpStatusCode: number): Error {
  return Object.assign(new Error(`S3 says ${httpStatusCode}`), { $metadata: { httpStatusCode } });
}

// For a busy machine: nothing here waits for time to pass.
jest.setTimeout(60_000);

let local: LocalStore;
let table: string;
let bucket: FakeBucket;
let processing: Processing;
beforeAll(() => { local = LocalStore.inMemory(); });
beforeEach(async () => {
  table = await local.freshTable();
  bucket = new FakeBucket();
  processing = { s3: bucket as never, store: local.worker(table), quarantinePrefix: 'quarantine/', maxObjectBytes: 10_000, maxLineBytes: 1_000 };
});
afterAll(() => local.stop());

const line = (metric: string, value: unknown, at = NOW) => JSON.stringify({ service: 'checkout', timestamp: new Date(at).toISOString(), metrics: { [metric]: value } });
const run = (event: string) => processObject(processing, objectOf(event));

async function storedValues(metric: string): Promise<number[]> {
  const { parts } = await readParts(processing.store, 'checkout', NOW - HOUR, NOW + HOUR, { consistent: true, now: NOW });
  return parts.flatMap((part) => Array.from(part.get(metric)?.values ?? []));
}

test('a file with two bad lines in ten: eight stored, two in the quarantine, each with its reason and place', async () => {
  const lines = Array.from({ length: 10 }, (_, i) => line('cpu', i));
  lines[3] = '{"service":"checkout", oops';
  lines[7] = '{"service":"checkout","timestamp":"yesterday","metrics":{"cpu":1}}';
  const event = bucket.upload('logs/a b+c%20ü.json', lines.join('\n'));
  const { source } = objectOf(event);
  const processed = await run(event);
  expect(processed).toMatchObject({ outcome: 'stored', samples: 8, quarantined: 2, quarantineKey: `quarantine/${source}/${objectGeneration('001')}.ndjson` });
  expect(await storedValues('cpu')).toEqual([0, 1, 2, 4, 5, 6, 8, 9]);
  const offset = (index: number) => Buffer.byteLength(lines.slice(0, index).join('\n')) + 1;
  expect(bucket.text(processed.quarantineKey!)!.trimEnd().split('\n').map((text) => JSON.parse(text))).toEqual([
    { bucket: 'bucket', key: 'logs/a b+c%20ü.json' },
    { reason: 'not_json', line: 4, offset: offset(3), sample: lines[3], message: expect.any(String) },
    { reason: 'bad_time', line: 8, offset: offset(7), sample: lines[7], path: 'timestamp', message: expect.stringContaining('"yesterday"') },
  ]);
});

test('a bad value in a good line is quarantined with its path, the line\'s others are stored', async () => {
  const event = bucket.upload('a', `{"service":"checkout","timestamp":"${new Date(NOW).toISOString()}","metrics":{"cpu":"high","memory":512}}`);
  const { quarantineKey, samples } = await run(event);
  expect(samples).toBe(1);
  expect(await storedValues('memory')).toEqual([512]);
  expect(bucket.text(quarantineKey!)).toContain('"path":"metrics.cpu"');
});

test('NaN and the infinities, which are no JSON, are bad values too, wherever texts hold the same words', async () => {
  const text = line('cpu', 1).replace('"cpu":1', '"cpu":1,"a\\"NaN":2,"b":NaN,"c":-Infinity').replace('{', '{"note":"NaN, Infinity",');
  const { quarantineKey, samples } = await run(bucket.upload('a', `${text}\n[${text},\n${text}]`));
  expect(samples).toBe(6);
  const problems = bucket.text(quarantineKey!)!.trimEnd().split('\n').slice(1).map((entry) => JSON.parse(entry));
  expect(problems.map(({ reason, line: at, path }) => `${reason} ${at} ${path}`)).toEqual([1, 2, 3].flatMap((at) => (
    [`not_a_number ${at} metrics.b`, `not_a_number ${at} metrics.c`])));
});

test('the same event again changes nothing, in the table or in the quarantine', async () => {
  const event = bucket.upload('a', `${line('cpu', 1)}\nbad`);
  const { quarantineKey } = await run(event);
  const before = [await local.dump(table), bucket.text(quarantineKey!)];
  await run(event);
  await run(event);
  expect([await local.dump(table), bucket.text(quarantineKey!)]).toEqual(before);
});

test('age is judged against the event\'s time, whenever it is processed', async () => {
  const old = NOW - 62 * 24 * HOUR;
  expect(await run(bucket.upload('a', line('cpu', 1, old)))).toMatchObject({ samples: 1, quarantined: 0 });
  expect(await run(bucket.upload('b', line('cpu', 1, old - 1)))).toMatchObject({ samples: 0, quarantined: 1 });
  expect(await run(bucket.upload('c', line('cpu', 1, old - 1), { time: new Date(NOW - 1).toISOString() }))).toMatchObject({ samples: 1, quarantined: 0 });
});

describe('the forms of an object', () => {
  const text = [1, 2, 3].map((value) => line('cpu', value)).join('\n');
  test.each<[string, string | Uint8Array]>([
    ['lines', text],
    ['gzip', gzipSync(text)],
    ['gzip of several members', Buffer.concat([gzipSync(`${line('cpu', 1)}\n${line('cpu', 2)}`), gzipSync('\n'), gzipSync(line('cpu', 3))])],
    ['gzip of an array', gzipSync(`[${text.replaceAll('\n', ',')}]`)],
  ])('%s', async (_, body) => {
    expect(await run(bucket.upload('logs/a.json', body))).toMatchObject({ outcome: 'stored', samples: 3, quarantined: 0 });
    expect(await storedValues('cpu')).toEqual([1, 2, 3]);
  });

  test.each([['an empty file', 'a', ''], ['a blank file', 'a', ' \n\n'], ['a folder marker', 'logs/', ''], ['empty gzip', 'a', gzipSync('')]])(
    '%s is complete with zero samples', async (_, key, body) => {
      expect(await run(bucket.upload(key, body))).toMatchObject({ outcome: 'stored', samples: 0, quarantined: 0 });
      expect(bucket.objects.size).toBe(1);
    },
  );
});

describe('an object that cannot be used', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['truncated gzip', gzipSync(line('cpu', 1).repeat(20)).subarray(0, 60), 'bad_gzip'],
    ['damaged gzip', Buffer.from(gzipSync(line('cpu', 1))).fill(0, 20, 30), 'bad_gzip'],
    ['over the limit', `${line('cpu', 1)}\n`.repeat(200), 'object_too_large'],
    ['a gzip bomb', gzipSync(Buffer.alloc(1_000_000, ' ')), 'object_too_large'],
  ])('%s: the reason is quarantined, and what the key held before is gone', async (_, body, reason) => {
    await run(bucket.upload('a', line('cpu', 7)));
    const { outcome, samples, quarantineKey } = await run(bucket.upload('a', body));
    expect({ outcome, samples }).toEqual({ outcome: 'stored', samples: 0 });
    expect(JSON.parse(bucket.text(quarantineKey!)!.split('\n')[1])).toMatchObject({ reason, line: 0, offset: 0, sample: '' });
    expect(await storedValues('cpu')).toEqual([]);
  });

  test('beyond the limit nothing is read any more', async () => {
    let chunks = 0;
    const endless = (async function* () { for (;;) { chunks++; yield new Uint8Array(1000); } })();
    const read = async () => { for await (const _ of readContent(endless, 5_000)) { /* Only how far it goes. */ } };
    await expect(read()).rejects.toMatchObject({ problem: { code: 'object_too_large' } });
    expect(chunks).toBe(6);
  });

  test('and where S3 tells a size beyond it, nothing is taken of what is not compressed', async () => {
    const taken: Uint8Array[] = [];
    const read = async () => { for await (const chunk of readContent(Readable.from([Buffer.from('{"a":1}')]), 100, 101)) taken.push(chunk); };
    await expect(read()).rejects.toMatchObject({ problem: { code: 'object_too_large' } });
    expect(taken).toEqual([]);
  });

  test('a stream that breaks off is no property of the object: the message comes back', async () => {
    async function* broken() {
      yield gzipSync(line('cpu', 1)).subarray(0, 20);
      throw new Error('aborted');
    }
    const read = async () => { for await (const _ of readContent(broken(), 5_000)) { /* It ends by throwing. */ } };
    await expect(read()).rejects.toThrow('aborted');
  });

  test('more parts than a head has room for: they are written in chunks', async () => {
    const many = Array.from({ length: 900 }, (_, i) => [0, 1].map((hours) => JSON.stringify({
      service: 'é'.repeat(126) + i, timestamp: new Date(NOW - hours * HOUR).toISOString(), metrics: { cpu: 1 },
    })).join('\n')).join('\n');
    const memory = new MemoryTable();
    processing = { ...processing, store: openStore({ ...local.worker(table), client: memory.client }), maxObjectBytes: 10_000_000 };
    expect(await run(bucket.upload('a', many))).toMatchObject({ outcome: 'stored', samples: 1_800, quarantined: 0 });
    expect(memory.items().filter(({ sk }) => sk.S!.startsWith('k#')).length).toBeGreaterThan(2);
    expect(memory.items().filter(({ pk, d }) => pk.S!.startsWith('P#') && d)).toHaveLength(1_800);
  });

  // One line an hour, each of these metrics once.
  const spread = (services: number, hours: number, metrics: string) => Array.from({ length: services * hours }, (_, i) => JSON.stringify({
    service: `s${i % services}`, timestamp: new Date(NOW - Math.floor(i / services) * HOUR).toISOString(), metrics: 'METRICS',
  }).replace('"METRICS"', metrics)).join('\n');

  test.each([
    ['hours', MAX_SERVICE_HOURS, 20, () => spread(20, MAX_SERVICE_HOURS / 20 + 1, '{"a":1}')],
    ['series in hours', MAX_SERIES_HOURS, 5_000, () => (
      spread(5, MAX_SERIES_HOURS / 5_000 + 1, JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`m${i}`, 1])))))],
  ])('more %s than memory has room for: what comes first is stored, the rest is quarantined', async (_, limit, refused, content) => {
    const memory = new MemoryTable();
    const store = openStore({ ...local.worker(table), client: memory.client });
    processing = { ...processing, store, maxObjectBytes: 20_000_000, maxLineBytes: 100_000 };
    const { samples, quarantined, quarantineKey } = await run(bucket.upload('a', content()));
    expect({ samples, quarantined }).toEqual({ samples: limit, quarantined: refused });
    expect(JSON.parse(bucket.text(quarantineKey!)!.split('\n')[1])).toMatchObject({ reason: 'too_many_parts' });
  });
});

describe('an object that is not there any more', () => {
  test('replaced meanwhile: left to its newer content', async () => {
    const late = bucket.upload('a', line('cpu', 1));
    const newer = bucket.upload('a', line('cpu', 2));
    expect(await run(late)).toMatchObject({ outcome: 'superseded', quarantined: 0 });
    expect(await run(newer)).toMatchObject({ outcome: 'stored' });
    expect(await storedValues('cpu')).toEqual([2]);
  });

  test('deleted after it was stored: its metrics stay', async () => {
    const event = bucket.upload('a', line('cpu', 1));
    await run(event);
    bucket.objects.delete('a');
    expect(await run(event)).toMatchObject({ outcome: 'superseded', quarantined: 0 });
    expect(await storedValues('cpu')).toEqual([1]);
  });

  test('deleted when its parts were stored, but their ended days not marked again: that is done now', async () => {
    const event = bucket.upload('a', line('cpu', 1, NOW - 3 * DAY));
    await run(event);
    const before = await readMarkers(processing.store, 'checkout');
    bucket.objects.delete('a');
    expect(await run(event)).toMatchObject({ outcome: 'superseded', quarantined: 0 });
    const after = await readMarkers(processing.store, 'checkout');
    expect(after.map(({ day }) => day)).toEqual([floorTo(NOW - 3 * DAY, DAY)]);
    expect(after[0].id).not.toBe(before[0].id);
  });

  test('deleted when a delivery had died over its parts: that is quarantined', async () => {
    const event = bucket.upload('a', line('cpu', 1));
    // The catalogue has two entries; then come the head, a marker and the part.
    const mortal = local.mortal(table, 5, false);
    await expect(processObject({ ...processing, store: mortal }, objectOf(event))).rejects.toBeInstanceOf(Crash);
    bucket.objects.delete('a');
    const { outcome, quarantineKey } = await run(event);
    expect(outcome).toBe('deleted');
    expect(bucket.text(quarantineKey!)).toContain('source_gone');
  });

  test('deleted before it was ever read: that is quarantined', async () => {
    await run(bucket.upload('a', line('cpu', 1)));
    const event = bucket.upload('a', line('cpu', 2));
    bucket.objects.delete('a');
    const { outcome, quarantineKey } = await run(event);
    expect(outcome).toBe('deleted');
    expect(bucket.text(quarantineKey!)).toContain('source_gone');
  });
});

test('quarantine files are acknowledged unread', async () => {
  expect(await run(bucket.upload('quarantine/x/y.ndjson', line('cpu', 1)))).toMatchObject({ outcome: 'ignored' });
  expect(bucket.reads).toBe(0);
  expect(await local.dump(table)).toEqual([]);
});

test('a quarantine lists the first 10,000 and counts the rest by reason', () => {
  const quarantine = new Quarantine();
  for (let i = 1; i <= 10_003; i++) quarantine.add({ code: i % 2 ? 'not_json' : 'too_old', message: '' }, { line: i, offset: i, sample: (max) => Buffer.alloc(400, 'é').subarray(0, max) });
  const lines = quarantine.content('b', 'k').trimEnd().split('\n').map((text) => JSON.parse(text));
  expect(quarantine.count).toBe(10_003);
  expect(lines).toHaveLength(1 + 10_000 + 2);
  expect(lines[1].sample).toBe('é'.repeat(128));
  expect(lines.slice(-2)).toEqual([{ reason: 'not_json', more: 2 }, { reason: 'too_old', more: 1 }]);
});

describe('a batch', () => {
  const record = (messageId: string, body: string, receives = 1) => ({
    messageId, body, receiptHandle: `handle-${messageId}`, attributes: { ApproximateReceiveCount: String(receives) },
  }) as SQSRecord;
  const counts: number[] = [];
  const delayed: string[] = [];
  const logs: [string, string, Record<string, unknown>][] = [];
  const log = (level: string) => (message: string, fields: Record<string, unknown> = {}) => { logs.push([level, message, fields]); };
  const work = () => ({
    process: (object: ReturnType<typeof objectOf>) => processObject(processing, object),
    delay: async ({ messageId }: SQSRecord) => { delayed.push(messageId); },
    count: (quarantined: number) => { counts.push(quarantined); },
    remainingMs: () => 300_000,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
  });
  beforeEach(() => [counts, delayed, logs].forEach((list) => list.splice(0)));

  test('hands back the failed messages only, and counts what was quarantined', async () => {
    const good = bucket.upload('a', line('cpu', 1));
    const bad = bucket.upload('b', `${line('cpu', 2)}\nbad\nworse`);
    const response = await processBatch({ Records: [record('1', good), record('2', 'no event'), record('3', bad), record('4', '{}')] }, work());
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '4' }] });
    expect(delayed).toEqual(['2', '4']);
    expect(counts).toEqual([2]);
    expect(logs.map(([level, message]) => `${level} ${message.slice(0, 'log object failed'.length)}`)).toEqual([
      'info log object stored', 'error log object failed', 'warn log object stored', 'error log object failed',
    ]);
    expect(logs[0][2]).toMatchObject({ key: 'a', samples: 1, parts: 1 });
  });

  test('hands back unread what there is no time for, instead of being ended with all of it', async () => {
    const times = [121_000, 119_000];
    const records = ['a', 'b', 'c'].map((key) => record(key, bucket.upload(key, line('cpu', 1))));
    const response = await processBatch({ Records: records }, { ...work(), remainingMs: () => times.shift()! });
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'c' }] });
    expect(delayed).toEqual(['c']);
    expect(logs.map(([level]) => level)).toEqual(['info', 'info', 'info']);
    expect(await storedValues('cpu')).toEqual([1, 1]);
  });

  test('reads the first one however little time there is: a function with a short time-out works, too', async () => {
    const message = record('1', bucket.upload('a', line('cpu', 1)));
    expect((await processBatch({ Records: [message] }, { ...work(), remainingMs: () => 3_000 })).batchItemFailures).toEqual([]);
  });

  test.each([403, 500, 503])('fails where S3 answers %i, and succeeds when that is over', async (status) => {
    const message = record('1', bucket.upload('a', line('cpu', 1)));
    bucket.refusal = status;
    expect((await processBatch({ Records: [message] }, work())).batchItemFailures).toHaveLength(1);
    expect(await local.dump(table)).toEqual([]);
    bucket.refusal = undefined;
    expect((await processBatch({ Records: [message] }, work())).batchItemFailures).toEqual([]);
    expect(await storedValues('cpu')).toEqual([1]);
  });

  test('fails the message also where its delay cannot be set', async () => {
    const failing = { ...work(), delay: async () => { throw new Error('no such queue'); } };
    expect((await processBatch({ Records: [record('1', 'no event')] }, failing)).batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
    expect(logs.map(([level]) => level)).toEqual(['error', 'warn']);
  });

  test('waits longer with every receive', async () => {
    const inputs: Record<string, unknown>[] = [];
    const sqs = { send: async ({ input }: { input: Record<string, unknown> }) => { inputs.push(input); } } as unknown as SQSClient;
    for (const receives of [1, 2, 3, 4]) await delayRetry(sqs, 'url', record('m', '', receives), parseDelays(undefined));
    expect(inputs.map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual([10, 30, 90, 90]);
    expect(inputs[0]).toMatchObject({ QueueUrl: 'url', ReceiptHandle: 'handle-m' });
    expect(parseDelays('1,2')).toEqual([1, 2]);
    for (const text of ['', '1,', 'x', '-1', '1.5', '50000']) expect(() => parseDelays(text)).toThrow('expected whole seconds');
  });
});

test.each([
  ['no JSON', 'x', 'Unexpected token'],
  ['another event', '{"time":"2026-11-23T12:30:00Z","detail":{}}', 'detail.bucket.name is undefined'],
  ['no time', '{"time":"x","detail":{"bucket":{"name":"b"},"object":{"key":"k","etag":"e","sequencer":"1"}}}', 'time is "x"'],
])('a message that tells of no object: %s', (_, body, message) => {
  expect(() => objectOf(body)).toThrow(message);
});

test('the metric about ourselves is one line of the embedded metric format', () => {
  expect(JSON.parse(selfMetricLine('QuarantinedLines', 2, 'table', NOW))).toEqual({
    _aws: { Timestamp: NOW, CloudWatchMetrics: [{ Namespace: 'ServerlessMonitoring', Dimensions: [['MetricsTable']], Metrics: [{ Name: 'QuarantinedLines', Unit: 'Count' }] }] },
    MetricsTable: 'table',
    QuarantinedLines: 2,
  });
});
