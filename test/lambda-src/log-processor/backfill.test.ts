import { Readable } from 'node:stream';
import { objectOf } from '../../../lambda-src/log-processor/object-event';
import { processObject } from '../../../lambda-src/log-processor/process-object';
import { readParts } from '../../../lambda-src/shared/store-reader';
import { DAY, HOUR, MINUTE } from '../../../lambda-src/timeseries/time';
import { LocalStore } from '../shared/local-store';

/** Events and backfills of the same objects, in every order: the newest content is what is stored, and a backfill again changes nothing. */
const NOW = Date.parse('2026-11-23T12:30:00Z');
const KEY = 'logs/a.json';

jest.setTimeout(60_000);

let local: LocalStore;
let table: string;
let objects: Map<string, { body: string; etag: string }>;
beforeAll(() => { local = LocalStore.inMemory(); });
beforeEach(async () => {
  table = await local.freshTable();
  objects = new Map();
});
afterAll(() => local.stop());

const line = (value: number, at = NOW) => JSON.stringify({ service: 'checkout', timestamp: new Date(at).toISOString(), metrics: { cpu: value } });

function put(etag: string, ...lines: string[]) {
  objects.set(KEY, { etag, body: lines.join('\n') });
}

const send = async ({ input, constructor }: { input: { Key: string; IfMatch?: string; Body?: string }; constructor: { name: string } }) => {
  if (constructor.name === 'PutObjectCommand') return objects.set(input.Key, { etag: '', body: input.Body! });
  const object = objects.get(input.Key);
  const httpStatusCode = object === undefined ? 404 : 412;
  if (input.IfMatch !== `"${object?.etag}"`) throw Object.assign(new Error(`S3 says ${httpStatusCode}`), { $metadata: { httpStatusCode } });
  return { Body: Readable.from([Buffer.from(object!.body)]) };
};

function process(message: object) {
  const processing = { s3: { send } as never, store: local.worker(table), quarantinePrefix: 'quarantine/', maxObjectBytes: 10_000, maxLineBytes: 1_000 };
  return processObject(processing, objectOf(JSON.stringify(message)));
}

const event = (etag: string, sequencer: string, at = NOW) => process({
  time: new Date(at).toISOString(), detail: { bucket: { name: 'bucket' }, object: { key: KEY, etag, sequencer } },
});
const backfill = (etag: string, lastModified = NOW - HOUR, startedAt = NOW) => process({
  backfill: { bucket: 'bucket', key: KEY, etag, lastModified: new Date(lastModified).toISOString(), startedAt: new Date(startedAt).toISOString() },
});

async function values(from = NOW - 70 * DAY): Promise<number[]> {
  const { parts } = await readParts(local.worker(table), 'checkout', from, NOW + HOUR, { consistent: true, now: NOW });
  return parts.flatMap((part) => Array.from(part.get('cpu')?.values ?? []));
}

const everything = async () => [await local.dump(table), [...objects]];

test('an object of which no event came is stored; a later backfill changes nothing', async () => {
  put('e1', line(1), 'bad', line(2));
  expect(await backfill('e1')).toMatchObject({ outcome: 'stored', samples: 2, quarantined: 1 });
  expect(await values()).toEqual([1, 2]);
  const before = await everything();
  await backfill('e1', NOW - HOUR, NOW + DAY);
  expect(await everything()).toEqual(before);
});

test('an object that its event has brought: a backfill changes nothing', async () => {
  put('e1', line(1), 'bad', line(2));
  await event('e1', '0A00', NOW - MINUTE);
  const before = await everything();
  await backfill('e1');
  await backfill('e1', NOW - HOUR, NOW + 30 * DAY);
  expect(await everything()).toEqual(before);
});

test('a new event of an object that a backfill has brought replaces it', async () => {
  put('e1', line(1), line(2));
  await backfill('e1');
  put('e2', line(1), line(3, NOW - HOUR));
  await event('e2', '0B');
  expect(await values()).toEqual([3, 1]);
  // A backfill's message that comes late finds other content.
  expect(await backfill('e1')).toMatchObject({ outcome: 'superseded' });
  expect(await values()).toEqual([3, 1]);
});

test('content whose event was lost replaces what is known of the object, and gives way to the next event', async () => {
  put('e1', line(1), line(2, NOW - HOUR));
  await event('e1', '0A');
  put('e2', line(4));
  expect(await backfill('e2')).toMatchObject({ outcome: 'stored' });
  expect(await values()).toEqual([4]);
  // An earlier event that comes again finds other content, too.
  expect(await event('e1', '0A')).toMatchObject({ outcome: 'superseded' });
  put('e3', line(5));
  await event('e3', '0A01');
  expect(await values()).toEqual([5]);
});

test('the event of content that a backfill has brought already comes late, and stores the same', async () => {
  put('e1', line(1), line(2));
  await backfill('e1');
  const parts = async () => (await local.dump(table)).filter(({ pk }) => pk.S!.startsWith('P#')).map(({ g: _, ...part }) => part);
  const before = await parts();
  expect(await event('e1', '0A', NOW - HOUR)).toMatchObject({ outcome: 'stored', samples: 2 });
  expect(await parts()).toEqual(before);
});

test('samples are judged by the start of the backfill where no event is known', async () => {
  put('e1', line(1, NOW - 62 * DAY), line(2));
  expect(await backfill('e1', NOW - 60 * DAY, NOW + 1)).toMatchObject({ samples: 1, quarantined: 1 });
  expect(await values()).toEqual([2]);
});

test('samples are judged by the event\'s time where the event is known', async () => {
  put('e1', line(1, NOW - 62 * DAY), line(2));
  await event('e1', '0A', NOW);
  expect(await backfill('e1', NOW - 60 * DAY, NOW + DAY)).toMatchObject({ samples: 2, quarantined: 0 });
  expect(await values()).toEqual([1, 2]);
});

test('an event that comes late is judged by its own time from then on, not by that of the backfill before it', async () => {
  put('e1', line(1, NOW - 62 * DAY), line(2));
  await backfill('e1', NOW - 60 * DAY, NOW + 1);
  expect(await values()).toEqual([2]);
  await event('e1', '0A', NOW);
  expect(await values()).toEqual([1, 2]);
  expect(await backfill('e1', NOW - 60 * DAY, NOW + DAY)).toMatchObject({ samples: 2, quarantined: 0 });
});

test('an object that is deleted before it is read is told of, unless it was stored as a whole', async () => {
  put('e1', line(1));
  await event('e1', '0A');
  objects.clear();
  expect(await backfill('e1')).toMatchObject({ outcome: 'superseded', quarantined: 0 });
  expect(await values()).toEqual([1]);
  table = await local.freshTable();
  expect(await backfill('e1')).toMatchObject({ outcome: 'deleted', quarantined: 1 });
});
