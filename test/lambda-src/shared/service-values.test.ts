import type { PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { LocalStore } from './local-store';
import { Intake } from '../../../lambda-src/shared/intake';
import { objectGeneration, objectSource } from '../../../lambda-src/shared/items';
import { ServiceSpecs } from '../../../lambda-src/shared/service-specs';
import { dueBuckets, publishDue, publishTouched, type ServiceValues, tellUnpublished, touchedBuckets } from '../../../lambda-src/shared/service-values';
import { storeObject } from '../../../lambda-src/shared/store-writer';
import { DAY, HOUR, MINUTE } from '../../../lambda-src/timeseries/time';
import type { ServiceAlarmSpec, ServiceStatisticName } from '../../../src/private/shared/service-alarms';

const NOW = Date.parse('2026-11-23T12:30:00Z');

const spec = (statistic: ServiceStatisticName, more: Partial<ServiceAlarmSpec> = {}): ServiceAlarmSpec => ({
  id: statistic, service: 'checkout', metric: 'errors', statistic, period: 300, uploadDelay: 300, eager: true, ...more,
});

// For a busy machine: nothing here waits for time to pass.
jest.setTimeout(60_000);

let local: LocalStore;
let values: ServiceValues;
let table: string;
/** What CloudWatch was sent: `<id> <minutes from now>: <value>`. */
let sent: string[];
let reads: number;
beforeAll(() => { local = LocalStore.inMemory(); });
beforeEach(async () => {
  table = await local.freshTable();
  sent = [];
  reads = 0;
  const store = local.worker(table, async (command, send) => {
    if ((command.input as { ConsistentRead?: boolean }).ConsistentRead) reads++;
    return send();
  });
  const send = async ({ input: { Namespace, MetricData } }: { input: PutMetricDataCommandInput }) => {
    expect(Namespace).toBe('ServerlessMonitoring/Service');
    expect(MetricData!.length).toBeLessThanOrEqual(500);
    for (const { MetricName, Timestamp, Value, Dimensions } of MetricData!) {
      expect(Dimensions).toBeUndefined();
      sent.push(`${MetricName} ${(Timestamp!.getTime() - NOW) / MINUTE}: ${Value}`);
    }
  };
  values = { store, cloudwatch: { send } as never };
});
afterAll(() => local.stop());

/** Stores an object with samples of `errors`, given as minutes from now and value, and returns its parts. */
async function upload(key: string, samples: readonly (readonly [minutes: number, value: number])[], sequencer = '01') {
  const intake = new Intake({ eventTime: NOW, sampleRetentionDays: 63 });
  for (const [minutes, value] of samples) {
    const { problems } = intake.add({ service: 'checkout', timestamp: new Date(NOW + minutes * MINUTE).toISOString(), metrics: { errors: value } });
    expect(problems).toEqual([]);
  }
  const parts = intake.finish();
  await storeObject(local.worker(table), {
    source: objectSource('b', key), generation: objectGeneration(sequencer), bucket: 'b', key, etag: 'e', eventTime: NOW,
  }, parts);
  return parts;
}

describe('after a write', () => {
  test('the whole bucket\'s value is published at its start, whoever wrote the other samples', async () => {
    await upload('one', [[-4, 1], [-1, 2], [-6, 100]]);
    const parts = await upload('two', [[-2, 3]]);
    expect(await publishTouched(values, [spec('SUM')], parts, NOW)).toEqual({ published: 1, outOfRange: [], unreadable: [] });
    expect(sent).toEqual(['SUM -5: 6']);
  });

  test('again, or after a re-upload, the same is published again', async () => {
    const parts = await upload('one', [[-4, 1], [-1, 2]]);
    await publishTouched(values, [spec('SUM')], parts, NOW);
    await publishTouched(values, [spec('SUM')], await upload('one', [[-4, 1], [-1, 2]]), NOW);
    await publishTouched(values, [spec('SUM')], await upload('one', [[-4, 1], [-1, 2]], '02'), NOW);
    expect(sent).toEqual(['SUM -5: 3', 'SUM -5: 3', 'SUM -5: 3']);
  });

  test('a shrunk object takes back what it held', async () => {
    await upload('one', [[-4, 1], [-3, 5], [-70, 2]]);
    await publishTouched(values, [spec('SUM')], await upload('one', [[-4, 1]], '02'), NOW);
    expect(sent).toEqual(['SUM -5: 1']);
  });

  test('every statistic of the samples, percentiles by nearest rank', async () => {
    const parts = await upload('one', [[-5, 4], [-4, 1], [-3, 3], [-2, 2], [-1, 10]]);
    const statistics: ServiceStatisticName[] = ['SUM', 'COUNT', 'AVERAGE', 'MINIMUM', 'MAXIMUM', 'P50', 'P90', 'P95', 'P99'];
    await publishTouched(values, statistics.map((statistic) => spec(statistic)), parts, NOW);
    expect(sent).toEqual([
      'SUM -5: 20', 'COUNT -5: 5', 'AVERAGE -5: 4', 'MINIMUM -5: 1', 'MAXIMUM -5: 10', 'P50 -5: 3', 'P90 -5: 10', 'P95 -5: 10', 'P99 -5: 10',
    ]);
    // Alarms on one service share what was read.
    expect(reads).toBe(1);
  });

  test('only the eager alarms on what was written', async () => {
    const parts = await upload('one', [[-4, 1]]);
    const others = [spec('SUM', { eager: false }), spec('SUM', { service: 'cart' }), spec('SUM', { metric: 'requests' })];
    expect(await publishTouched(values, others, parts, NOW)).toMatchObject({ published: 0 });
    expect([sent, reads]).toEqual([[], 0]);
  });

  test('buckets longer than the hours that parts are kept by', async () => {
    await upload('one', [[-8 * 60, 1], [-6 * 60, 2]]);
    const parts = await upload('two', [[-3 * 60, 4], [0, 8]]);
    await publishTouched(values, [spec('SUM', { period: 6 * 3600 })], parts, NOW);
    expect(sent).toEqual(['SUM -390: 6', 'SUM -30: 8']);
  });

  test('buckets older than CloudWatch takes are left out', async () => {
    const parts = await upload('one', [[-4, 1], [-14 * 24 * 60, 2], [-13 * 24 * 60, 3]]);
    await publishTouched(values, [spec('SUM')], parts, NOW);
    expect(sent).toEqual([`SUM ${-13 * 24 * 60}: 3`, 'SUM -5: 1']);
  });

  test('values beyond what CloudWatch takes are told and leave the others alone', async () => {
    const parts = await upload('one', [[-1, 1e200], [-6, 1e-200], [-11, -0], [-16, -1e100]]);
    const publication = await publishTouched(values, [spec('SUM')], parts, NOW);
    expect(publication).toEqual({
      published: 2, unreadable: [], outOfRange: ['SUM 2026-11-23T12:20:00.000Z: 1e-200', 'SUM 2026-11-23T12:25:00.000Z: 1e+200'],
    });
    expect(sent).toEqual(['SUM -20: -1e+100', 'SUM -15: 0']);
    const told: unknown[] = [];
    const tell = (...args: unknown[]) => { told.push(args); };
    tellUnpublished(publication, { info: tell, warn: tell, error: tell });
    expect(told).toEqual([[expect.any(String), { count: 2, values: publication.outOfRange }]]);
  });

  test('more values than one request takes go in several', async () => {
    const parts = await upload('one', Array.from({ length: 1_001 }, (_, i) => [-i, 1] as const));
    expect(await publishTouched(values, [spec('COUNT', { period: 60 })], parts, NOW)).toMatchObject({ published: 1_001 });
    expect(new Set(sent).size).toBe(1_001);
  });
});

describe('every minute', () => {
  const waiting = (statistic: ServiceStatisticName, more: Partial<ServiceAlarmSpec> = {}) => spec(statistic, { eager: false, ...more });

  test('a bucket is due when its end plus the delay has passed, for some minutes', () => {
    const due = (now: number, period = 300, uploadDelay = 300) => dueBuckets(waiting('SUM', { period, uploadDelay }), NOW + now * MINUTE).map((start) => (start - NOW) / MINUTE);
    expect(due(4.99)).toEqual([-10]);
    expect(due(5)).toEqual([-5]);
    expect(due(9.99)).toEqual([-5]);
    expect(due(10)).toEqual([0]);
    expect(due(0, 60, 0)).toEqual([-5, -4, -3, -2, -1]);
    expect(due(35, 3600, 300)).toEqual([-30]);
    expect(due(40, 3600, 300)).toEqual([]);
    expect(due(30, 3600, 0)).toEqual([-30]);
  });

  test('at every minute of a day, each bucket becomes due, and none before its time', () => {
    const seen = new Set<number>();
    const one = waiting('SUM', { period: 420, uploadDelay: 90 });
    for (let now = NOW; now < NOW + DAY; now += MINUTE) {
      for (const start of dueBuckets(one, now)) {
        expect(start + 420_000 + 90_000).toBeLessThanOrEqual(now);
        seen.add(start);
      }
    }
    const starts = [...seen].sort((a, b) => a - b);
    expect(starts.length).toBeGreaterThan(200);
    starts.slice(1).forEach((start, i) => expect(start - starts[i]).toBe(420_000));
  });

  test('publishes the alarms that wait, an empty bucket as 0 where it is a sum or a count, else not at all', async () => {
    await upload('one', [[-4, 3], [-3, 5]]);
    const specs = [waiting('AVERAGE'), waiting('SUM'), waiting('COUNT'), waiting('P99'), spec('SUM', { id: 'eager' })];
    await publishDue(values, specs, NOW + 5 * MINUTE);
    expect(sent).toEqual(['AVERAGE -5: 4', 'SUM -5: 8', 'COUNT -5: 2', 'P99 -5: 5']);
    sent.splice(0);
    await publishDue(values, specs, NOW + 10 * MINUTE);
    expect(sent).toEqual(['SUM 0: 0', 'COUNT 0: 0']);
  });

  test('what came late but in time is in it', async () => {
    await upload('one', [[-4, 3]]);
    await upload('late', [[-5, 9]]);
    await publishDue(values, [waiting('AVERAGE')], NOW + 5 * MINUTE);
    expect(sent).toEqual(['AVERAGE -5: 6']);
  });
});

test('the buckets that parts touch, in order', async () => {
  const parts = await upload('one', [[-1, 1], [-6, 1], [-2, 1], [-61, 1]]);
  expect(touchedBuckets(spec('SUM'), parts).map((start) => (start - NOW) / MINUTE)).toEqual([-65, -10, -5]);
});

describe('the list of service alarms', () => {
  const ssm = (pages: unknown[], calls: unknown[] = []) => ({
    send: async ({ input }: { input: unknown }) => {
      calls.push(input);
      const page = pages.shift();
      if (page instanceof Error) throw page;
      return page;
    },
  }) as never;

  test('is read from all parameters and pages, and kept for a minute', async () => {
    const calls: unknown[] = [];
    const specs = new ServiceSpecs(ssm([
      { Parameters: [{ Value: JSON.stringify([spec('SUM')]) }, { Value: JSON.stringify([spec('COUNT')]) }], NextToken: 'more' },
      { Parameters: [{ Value: JSON.stringify([spec('P99')]) }] },
      { Parameters: [] },
    ], calls), '/path');
    for (const now of [NOW, NOW + 59_999]) expect((await specs.list(now)).map(({ id }) => id)).toEqual(['SUM', 'COUNT', 'P99']);
    expect(calls).toEqual([expect.objectContaining({ Path: '/path' }), expect.objectContaining({ NextToken: 'more' })]);
    expect(await specs.list(NOW + 60_000)).toEqual([]);
  });

  test('that could not be read is read again', async () => {
    const specs = new ServiceSpecs(ssm([new Error('throttled'), { Parameters: [] }]), '/path');
    await expect(specs.list(NOW)).rejects.toThrow('throttled');
    expect(await specs.list(NOW)).toEqual([]);
  });

  test('is empty without a path', async () => {
    expect(await new ServiceSpecs(ssm([]), undefined).list(NOW)).toEqual([]);
  });
});

test('a part that cannot be read keeps its buckets from being published', async () => {
  const parts = await upload('one', [[-4, 1], [-64, 2]]);
  await local.client.send(new PutItemCommand({
    TableName: table,
    Item: { pk: { S: 'P#checkout#2026-11-23' }, sk: { S: '12#x#0' }, g: { S: 'g' }, d: { B: Uint8Array.of(9) }, ttl: { N: String((NOW + HOUR) / 1000) } },
  }));
  const { published, unreadable } = await publishTouched(values, [spec('SUM')], parts, NOW);
  expect([published, unreadable.length, sent]).toEqual([1, 1, ['SUM -65: 2']]);
});
