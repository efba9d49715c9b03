import { BEGUN, Cloud, inOrder, MODIFIED } from './fakes';
import { sliceOf } from '../../../lambda-src/backfill/request';
import { type Backfill, runSlice, type SliceAnswer } from '../../../lambda-src/backfill/run-slice';
import fc from '../../property';
import { randomFrom } from '../shared/scheduler';

const run = (backfill: Backfill, payload: object = {}) => runSlice(backfill, sliceOf(payload, backfill.keyPrefix, backfill.now()));

/** Resumes until nothing is left, as the loop of docs/backfill.md does; a slice that fails is invoked again. */
async function runAll(backfill: Backfill, payload: object = {}): Promise<{ answers: SliceAnswer[]; failures: number }> {
  const answers: SliceAnswer[] = [];
  let failures = 0;
  for (let asked: object | undefined = payload; asked;) {
    try {
      const answer: SliceAnswer = await run(backfill, asked);
      answers.push(answer);
      asked = answer.next === null ? undefined : { resume: answer.next };
    } catch {
      failures++;
    }
  }
  return { answers, failures };
}

const keys = (count: number, prefix = 'logs/') => Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(4, '0')}.json`);

test('a message has what the processor asks for: no quotes about the ETag, the last change to the second, the backfill\'s beginning', async () => {
  const cloud = new Cloud().put(['logs/a b+c%20ü.json'], { etag: '9b2cf535f27731c974343645a3985328-2', lastModified: new Date('2026-11-20T08:00:00.900Z') });
  expect(await run(cloud.backfill())).toEqual({ queued: 1, skipped: { quarantine: 0, archived: 0, otherKeys: 0 }, next: null });
  expect(cloud.messages.map(({ body }) => body)).toEqual([{
    backfill: {
      bucket: 'bucket', key: 'logs/a b+c%20ü.json', etag: '9b2cf535f27731c974343645a3985328-2', lastModified: '2026-11-20T08:00:00Z', startedAt: '2026-11-23T12:30:00.123Z',
    },
  }]);
});

test('an empty bucket is done at once', async () => {
  const cloud = new Cloud();
  expect(await run(cloud.backfill())).toEqual({ queued: 0, skipped: { quarantine: 0, archived: 0, otherKeys: 0 }, next: null });
  expect(cloud.batches).toEqual([]);
});

describe('what is skipped', () => {
  const expiry = new Date(BEGUN + 1e9);

  test('our own quarantine, keys that events are not listened to for, and what is archived', async () => {
    const cloud = new Cloud().put(['quarantine/1/a.json', 'logs/a.json', 'logs/b.txt', 'logs/c.json.gz'])
      .put(['logs/frozen.json'], { storageClass: 'GLACIER' })
      .put(['logs/deep.json'], { storageClass: 'DEEP_ARCHIVE' })
      .put(['logs/deep.txt'], { storageClass: 'DEEP_ARCHIVE' });
    expect(await run(cloud.backfill({ keySuffix: '.json' }))).toEqual({ queued: 1, skipped: { quarantine: 1, archived: 2, otherKeys: 3 }, next: null });
    expect(cloud.queued()).toEqual(['logs/a.json']);
  });

  test('what can be read without restoring, or was restored, is not', async () => {
    const cloud = new Cloud().put(['instant'], { storageClass: 'GLACIER_IR' }).put(['rare'], { storageClass: 'STANDARD_IA' })
      .put(['restored'], { storageClass: 'GLACIER', restore: { IsRestoreInProgress: false, RestoreExpiryDate: expiry } })
      .put(['restoring'], { storageClass: 'GLACIER', restore: { IsRestoreInProgress: true } });
    expect(await run(cloud.backfill())).toMatchObject({ queued: 3, skipped: { archived: 1 } });
    expect(cloud.queued()).toEqual(['instant', 'rare', 'restored']);
    expect(cloud.lists[0].OptionalObjectAttributes).toEqual(['RestoreStatus']);
  });

  test('keyPrefix and keySuffix may not overlap, as in the event rule\'s wildcard', async () => {
    const cloud = new Cloud().put(['a.json', 'a.json.json', 'b.json']);
    expect(await run(cloud.backfill({ keyPrefix: 'a.json', keySuffix: '.json' }))).toMatchObject({ queued: 1, skipped: { otherKeys: 1 } });
    expect(cloud.queued()).toEqual(['a.json.json']);
  });

  test('it takes its place in the page all the same: the backfill goes on behind it', async () => {
    const cloud = new Cloud().put(keys(1000, 'quarantine/')).put(['z']);
    const { answers } = await runAll(cloud.backfill(), { perSecond: 1000 });
    expect(answers).toEqual([
      { queued: 0, skipped: { quarantine: 1000, archived: 0, otherKeys: 0 }, next: expect.any(String) },
      { queued: 1, skipped: { quarantine: 0, archived: 0, otherKeys: 0 }, next: null },
    ]);
  });
});

describe('pages', () => {
  test('each slice is one page, and the next begins behind its last key', async () => {
    const cloud = new Cloud().put(keys(2500));
    const { answers } = await runAll(cloud.backfill(), { prefix: 'logs/', perSecond: 500 });
    expect(answers.map(({ queued }) => queued)).toEqual([1000, 1000, 500]);
    expect(cloud.lists.map(({ Prefix, StartAfter, MaxKeys }) => [Prefix, StartAfter, MaxKeys]))
      .toEqual([['logs/', undefined, 1000], ['logs/', 'logs/0999.json', 1000], ['logs/', 'logs/1999.json', 1000]]);
    expect(cloud.queued()).toEqual(keys(2500));
  });

  test('every slice judges by the time at which the first began', async () => {
    const cloud = new Cloud().put(keys(1200));
    await runAll(cloud.backfill(), { perSecond: 20 });
    expect(cloud.messages.at(-1)!.at).toBeGreaterThan(50_000);
    expect(new Set(cloud.messages.map(({ body }) => body.backfill.startedAt))).toEqual(new Set(['2026-11-23T12:30:00.123Z']));
  });

  test('a page without keys that is not the last', async () => {
    const cloud = new Cloud().put(keys(3));
    cloud.emptyPages = 2;
    expect(await run(cloud.backfill())).toMatchObject({ queued: 3, next: null });
    expect(cloud.lists.map(({ ContinuationToken }) => ContinuationToken)).toEqual([undefined, 'beyond', 'beyond']);
  });

  test('objects that come and go meanwhile change nothing for the others', async () => {
    const cloud = new Cloud().put(keys(100));
    const { next } = await run(cloud.backfill(), { perSecond: 1 });
    cloud.objects.delete('logs/0044.json');
    cloud.put(['logs/0044a.json', 'logs/0001a.json']);
    await runAll(cloud.backfill(), { resume: next });
    expect(cloud.queued()).toEqual(inOrder([...keys(100), 'logs/0044a.json']));
  });
});

describe('the rate', () => {
  test('a batch waits until those before it have taken their time, and the slice ends with it', async () => {
    const cloud = new Cloud().put(keys(25));
    await run(cloud.backfill(), { perSecond: 20 });
    expect(cloud.batches.map(({ at, count }) => [at, count])).toEqual([[0, 10], [500, 10], [1000, 5]]);
    expect(cloud.sleeps).toEqual([500, 500, 250]);
  });

  test('what sending takes is part of it', async () => {
    const cloud = new Cloud().put(keys(20));
    const backfill = cloud.backfill();
    const slow = { ...backfill, sqs: { send: async (command: any) => { await backfill.sleep(300); return backfill.sqs.send(command); } } as never };
    await run(slow, { perSecond: 20 });
    expect(cloud.batches.map(({ at }) => at)).toEqual([300, 800]);
  });

  test.each([[1, 45], [20, 900], [22, 990], [23, 1000], [1000, 1000]])('at %d a second a slice has %d objects, and takes 45 s at most', async (perSecond, count) => {
    const cloud = new Cloud().put(keys(1500));
    expect(await run(cloud.backfill(), { perSecond })).toMatchObject({ queued: count });
    const seconds = cloud.sleeps.reduce((sum, ms) => sum + ms, 0) / 1000;
    expect(seconds).toBeCloseTo(count / perSecond, 6);
    expect(seconds).toBeLessThanOrEqual(45);
  });
});

describe('a queue that refuses', () => {
  test('only what was refused is sent again, after growing pauses', async () => {
    const cloud = new Cloud().put(keys(10));
    let asked = 0;
    // Of the first ten entries the second and the fifth; then the first of those two.
    cloud.refuses = () => [2, 5, 11].includes(++asked);
    await run(cloud.backfill(), { perSecond: 1000 });
    expect(cloud.batches.map(({ count }) => count)).toEqual([10, 2, 1]);
    expect(cloud.sleeps.slice(0, 2)).toEqual([100, 200]);
    expect(cloud.queued().sort()).toEqual(keys(10));
  });

  test('for good: the slice fails, says so, and nothing is skipped', async () => {
    const cloud = new Cloud().put(keys(30));
    cloud.refuses = () => cloud.messages.length >= 10;
    await expect(run(cloud.backfill())).rejects.toThrow(
      'SQS did not take 10 of 10 messages in 10 attempts (InternalError: try again). Nothing is skipped: invoke again with the same payload.');
    expect(cloud.batches).toHaveLength(1 + 10);
    expect(cloud.sleeps).toEqual([500, 100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000]);
    cloud.refuses = () => false;
    await run(cloud.backfill());
    expect(new Set(cloud.queued())).toEqual(new Set(keys(30)));
  });

  test('at 30 %: every object is queued at least once, and none that is not there', async () => {
    let again = 0;
    let attempts = 0;
    await fc.assert(fc.asyncProperty(
      fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), { maxLength: 150, size: 'max' }), fc.integer({ min: 1, max: 40 }), fc.nat(),
      async (names, perSecond, seed) => {
        const cloud = new Cloud().put(names);
        const random = randomFrom(seed);
        cloud.refuses = () => random(10) < 3;
        const { answers, failures } = await runAll(cloud.backfill(), { perSecond });
        const wanted = names.filter((name) => !name.startsWith('quarantine/'));
        expect(inOrder(new Set(cloud.queued()))).toEqual(inOrder(wanted));
        expect(answers.reduce((sum, { queued }) => sum + queued, 0)).toBe(wanted.length);
        again += failures;
        attempts += cloud.batches.length;
      },
    ), { numRuns: 300 });
    expect(attempts).toBeGreaterThan(1000);
    // Ten attempts are enough at this rate, but for one batch in fifteen thousand.
    expect(again).toBeLessThan(10);
  });

  test('at 70 %, where slices fail: invoked again, they lose nothing', async () => {
    const cloud = new Cloud().put(keys(120));
    const random = randomFrom(7);
    cloud.refuses = () => random(100) < 70;
    const { failures } = await runAll(cloud.backfill(), { perSecond: 1 });
    expect(failures).toBeGreaterThan(0);
    expect(new Set(cloud.queued())).toEqual(new Set(keys(120)));
  });
});

test('ten of the longest keys fit a batch, whatever is in them, and SQS takes each', async () => {
  const characters = ['\u0001', '"', '\\', 'ü', '\u{1f600}', '\ufffe', '\uffff', '\u007f', '<', ' '];
  const longest = characters.map((character) => character.repeat(1024 / Buffer.byteLength(character)));
  const cloud = new Cloud().put(longest).put(Array.from({ length: 10 }, (_, n) => `${n}${'\u0001'.repeat(1023)}`));
  await run(cloud.backfill());
  expect(inOrder(cloud.queued())).toEqual(inOrder(cloud.objects.keys()));
  expect(Math.max(...cloud.batches.map(({ bytes }) => bytes))).toBeLessThan(256 * 1024);
  expect(cloud.messages.map(({ body }) => body.backfill.lastModified)).toContain(`${MODIFIED.toISOString().slice(0, 19)}Z`);
});
