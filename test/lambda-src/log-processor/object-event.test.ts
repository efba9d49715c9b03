import { objectOf, versionOf } from '../../../lambda-src/log-processor/object-event';
import { backfillGeneration, objectGeneration, objectSource } from '../../../lambda-src/shared/items';
import { type LedgerHead, ledgerItem } from '../../../lambda-src/shared/ledger-items';
import { openStore } from '../../../lambda-src/shared/store';
import fc from '../../property';

const REQUEST = { bucket: 'bucket', key: 'logs/a b+c%20ü.json', etag: 'e1', lastModified: '2026-11-20T08:00:00Z', startedAt: '2026-11-23T12:30:00.123Z' };
const SECONDS = String(Date.parse(REQUEST.lastModified) / 1000);
const source = objectSource(REQUEST.bucket, REQUEST.key);
const found = objectOf(JSON.stringify({ backfill: REQUEST }));
const event = {
  time: '2026-11-20T08:00:01Z', detail: { bucket: { name: REQUEST.bucket }, object: { key: REQUEST.key, etag: 'e1', sequencer: '00660F837C24FF7000' } },
};

/** The version that a request stands for, with this in the ledger. */
function versionWith(known?: Partial<LedgerHead>) {
  const head: LedgerHead = {
    bucket: REQUEST.bucket, key: REQUEST.key, generation: '0A', etag: 'e0', eventTime: 5, expires: 5, version: 'v', chunks: 0, done: false, parts: [], stale: [], older: [], ...known,
  };
  const client = { send: async () => ({ Item: known && ledgerItem(source, head) }) };
  return versionOf(openStore({ client: client as never, table: 'metrics', sampleRetentionDays: 63, rollupRetentionDays: 455 }), found);
}

describe('a message', () => {
  test('S3\'s event is that very version, whatever the ledger knows', async () => {
    const object = objectOf(JSON.stringify(event));
    expect(object).toEqual({ source, generation: '00660F837C24FF7', bucket: 'bucket', key: REQUEST.key, etag: 'e1', eventTime: Date.parse(event.time) });
    expect(await versionOf(undefined as never, object)).toBe(object);
  });

  test('a backfill\'s request names the object and both times', () => {
    expect(found).toEqual({
      source, bucket: 'bucket', key: REQUEST.key, etag: 'e1', eventTime: Date.parse(REQUEST.startedAt), lastModified: Date.parse(REQUEST.lastModified),
    });
  });

  test.each<[object, string]>([
    [{ backfill: { ...REQUEST, key: '' } }, 'backfill.key is "", expected a text'],
    [{ backfill: { ...REQUEST, etag: undefined } }, 'backfill.etag is undefined, expected a text'],
    [{ backfill: { ...REQUEST, startedAt: 'now' } }, 'The message\'s backfill.startedAt is "now", expected RFC 3339'],
    [{ backfill: { ...REQUEST, lastModified: 7 } }, 'backfill.lastModified is 7, expected a text'],
    [{ backfill: true }, 'backfill.bucket is undefined, expected a text'],
    [{ ...event, detail: {} }, 'detail.bucket.name is undefined, expected a text'],
    [{ ...event, time: 'now' }, 'The message\'s time is "now", expected RFC 3339'],
  ])('that lacks something says what: %j', (message, problem) => {
    expect(() => objectOf(JSON.stringify(message))).toThrow(problem);
  });
});

describe('the version of an object that was found in the bucket', () => {
  test('the same content in the ledger: it is that entry\'s, judged by the same time', async () => {
    expect(await versionWith({ etag: 'e1', generation: '0660F8', eventTime: 1234 })).toEqual({
      source, bucket: 'bucket', key: REQUEST.key, etag: 'e1', generation: '0660F8', eventTime: 1234,
    });
  });

  test('no entry: before any event, judged by the start of the backfill', async () => {
    expect(await versionWith()).toEqual({
      source, bucket: 'bucket', key: REQUEST.key, etag: 'e1', generation: `!${SECONDS}`, eventTime: Date.parse(REQUEST.startedAt),
    });
  });

  test('other content in the ledger: after that', async () => {
    expect(await versionWith({ etag: 'e0', generation: '0660F8', eventTime: 1234 })).toMatchObject({
      generation: `0660F8!${SECONDS}`, eventTime: Date.parse(REQUEST.startedAt),
    });
    // Found before, and found now: told apart by the time of their last change alone, so that generations do not grow.
    expect(await versionWith({ etag: 'e0', generation: '0660F8!1700000000' })).toMatchObject({ generation: `0660F8!${SECONDS}` });
    // An older version of the object was restored.
    expect(await versionWith({ etag: 'e0', generation: '0660F8!9700000000' })).toMatchObject({ generation: `0660F8!9700000000!${SECONDS}` });
  });
});

describe('the order of generations', () => {
  const digit = fc.constantFrom(...'0123456789ABCDEF');
  const digits = (maxLength: number) => fc.array(digit, { maxLength }).map((each) => each.join(''));
  const zeros = fc.nat(8).map((count) => '0'.repeat(count));
  /** Two sequencers that often begin alike and end in zeros. One of zeros alone would tell no time: S3 sends none. */
  const pairs = fc.tuple(digits(18), digits(4), zeros, digits(4), zeros)
    .map(([common, one, oneEnd, other, otherEnd]): [string, string] => [common + one + oneEnd, common + other + otherEnd])
    .filter((pair) => pair.every((each) => /[1-9A-F]/.test(each)));
  const seconds = fc.integer({ min: 0, max: 9_999_999_999 });

  /** As AWS says: the shorter one is padded with zeros at its right, then they compare as texts. */
  function asAwsCompares(a: string, b: string): number {
    const length = Math.max(a.length, b.length);
    return asTexts(a.padEnd(length, '0'), b.padEnd(length, '0'));
  }
  /** As DynamoDB compares, by bytes. */
  function asTexts(a: string, b: string): number {
    return Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  test('without the zeros at their end, sequencers compare as AWS says', () => {
    fc.assert(fc.property(pairs, ([a, b]) => asTexts(objectGeneration(a), objectGeneration(b)) === asAwsCompares(a, b)), { numRuns: 10_000 });
  });

  test('found without an entry: before every event, and in the order of their last change', () => {
    fc.assert(fc.property(pairs, seconds, seconds, ([event1], first, second) => {
      expect(asTexts(backfillGeneration(undefined, first * 1000), objectGeneration(event1))).toBe(-1);
      expect(asTexts(backfillGeneration(undefined, first * 1000), backfillGeneration(undefined, second * 1000))).toBe(Math.sign(first - second));
    }), { numRuns: 10_000 });
  });

  test('found with other content in the ledger: after that, and on the same side of every other event', () => {
    fc.assert(fc.property(pairs, seconds, ([known, other], changed) => {
      const generation = backfillGeneration(objectGeneration(known), changed * 1000);
      expect(asTexts(generation, objectGeneration(known))).toBe(1);
      if (asAwsCompares(known, other) !== 0) expect(asTexts(generation, objectGeneration(other))).toBe(asAwsCompares(known, other));
    }), { numRuns: 10_000 });
  });

  test('the same holds where a backfill had brought the known content', () => {
    fc.assert(fc.property(pairs, seconds, seconds, ([known, other], first, second) => {
      const before = backfillGeneration(objectGeneration(known), first * 1000);
      const generation = backfillGeneration(before, second * 1000);
      expect(asTexts(generation, before)).toBe(1);
      if (asAwsCompares(known, other) !== 0) expect(asTexts(generation, objectGeneration(other))).toBe(asAwsCompares(known, other));
    }), { numRuns: 10_000 });
  });
});
