import { percentile, Percentile, Statistic } from '../../../lambda-src/timeseries/aggregate';
import { bucketsIn, Evaluation, Question, Samples, TooManySamples } from '../../../lambda-src/timeseries/query';
import fc from '../../property';

const evaluate = (pieces: Samples[], question: Question) => {
  const evaluation = new Evaluation(question);
  pieces.forEach((piece) => evaluation.add(piece));
  return evaluation.results();
};

/** One sample, with its place in key order. */
type Flat = { timestamp: number; value: number };

/** The same statistics, written the slow and obvious way. */
function naiveStatistic(stat: Statistic, samples: Flat[]): number {
  const values = samples.map(({ value }) => value);
  const sum = values.reduce((total, value) => total + value, 0);
  switch (stat) {
    case 'count': return values.length;
    case 'sum': return sum;
    case 'avg': return sum / values.length;
    case 'min': return values.reduce((least, value) => (value < least ? value : least));
    case 'max': return values.reduce((most, value) => (value > most ? value : most));
    case 'last': return samples.reduce((latest, sample) => (sample.timestamp >= latest.timestamp ? sample : latest)).value;
    default: {
      // The least value that at least p percent of all are not above.
      const [whole, tenth = '0'] = stat.slice(1).split('.');
      const needed = BigInt(whole) * 10n + BigInt(tenth);
      const sorted = [...values].sort((a, b) => a - b);
      return sorted.find((_, i) => BigInt(i + 1) * 1000n >= needed * BigInt(sorted.length))!;
    }
  }
}

function naive(pieces: Samples[], { from, to, step, stat }: Question) {
  const names = new Set(pieces.map(({ service, metric }) => JSON.stringify([service, metric])));
  return [...names].sort().flatMap((name) => {
    const [service, metric] = JSON.parse(name);
    const samples = pieces.filter((piece) => piece.service === service && piece.metric === metric)
      .flatMap(({ timestamps, values }) => Array.from(timestamps, (timestamp, i) => ({ timestamp, value: values[i] })))
      .filter(({ timestamp }) => from <= timestamp && timestamp < to);
    if (samples.length === 0) return [];
    const summary = Object.fromEntries((['count', 'sum', 'min', 'max', 'avg', 'last'] as const).map((each) => [each, naiveStatistic(each, samples)]));
    if (step === 'raw') {
      const ordered = samples.map((sample, order) => ({ ...sample, order })).sort((a, b) => a.timestamp - b.timestamp || a.order - b.order);
      return [{ service, metric, summary, timestamps: ordered.map(({ timestamp }) => timestamp), values: ordered.map(({ value }) => value) }];
    }
    const timestamps: number[] = [];
    const values: number[] = [];
    for (let start = from - from % step; start < to; start += step) {
      const inside = samples.filter(({ timestamp }) => start <= timestamp && timestamp < start + step);
      if (inside.length === 0) continue;
      timestamps.push(start);
      values.push(naiveStatistic(stat, inside));
    }
    return [{ service, metric, summary, timestamps, values }];
  });
}

const name = fc.constantFrom('a', 'b', 'c');
const statistic = fc.constantFrom<Statistic>('avg', 'min', 'max', 'sum', 'count', 'last', 'p50', 'p90', 'p99', 'p99.9', 'p0.1');
const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -5, max: 5 }))
  .map((number) => number + 0 || 0);
const piece = fc.record({ service: name, metric: name, samples: fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), value), { maxLength: 40 }) })
  .map(({ service, metric, samples }): Samples => ({
    service, metric, timestamps: samples.map(([timestamp]) => timestamp), values: samples.map(([, each]) => each),
  }));
const question = fc.record({
  from: fc.integer({ min: 0, max: 2_000 }),
  length: fc.integer({ min: 1, max: 2_000 }),
  step: fc.oneof(fc.integer({ min: 1, max: 1_500 }), fc.constant('raw' as const)),
  stat: statistic,
}).map(({ from, length, step, stat }): Question => ({ from, to: from + length, step, stat }));

describe('the read engine', () => {
  test('agrees with a naive evaluator, bit by bit, on any samples, range, step and statistic', () => {
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), question, (pieces, asked) => {
      expect(evaluate(pieces, asked)).toEqual(naive(pieces, asked));
    }), { numRuns: 500 });
  });

  test('the range is half-open, buckets are aligned to the epoch and empty ones left out', () => {
    const samples = { service: 's', metric: 'm', timestamps: [99, 100, 119, 120, 250, 299, 300], values: [1, 2, 4, 8, 16, 32, 64] };
    expect(evaluate([samples], { from: 100, to: 300, step: 60, stat: 'sum' })).toEqual([{
      service: 's',
      metric: 'm',
      summary: { count: 5, sum: 62, min: 2, max: 32, avg: 12.4, last: 32 },
      timestamps: [60, 120, 240],
      values: [6, 8, 48],
    }]);
  });

  test('of samples at the same time, the one later in key order is the last', () => {
    const at = (each: number): Samples => ({ service: 's', metric: 'm', timestamps: [10], values: [each] });
    expect(evaluate([at(1), at(3), at(2)], { from: 0, to: 60, step: 60, stat: 'last' })[0].values).toEqual([2]);
    expect(evaluate([at(1), at(3), at(2)], { from: 0, to: 60, step: 'raw', stat: 'avg' })[0].values).toEqual([1, 3, 2]);
  });

  test('series without a sample in the range are not there', () => {
    expect(evaluate([{ service: 's', metric: 'm', timestamps: [5], values: [1] }], { from: 10, to: 20, step: 10, stat: 'avg' })).toEqual([]);
  });

  test('names made of anything stay apart', () => {
    const samples = (service: string, metric: string): Samples => ({ service, metric, timestamps: [1], values: [1] });
    expect(evaluate([samples('__proto__', 'constructor'), samples('a b', 'c'), samples('a', 'b c')], { from: 0, to: 2, step: 1, stat: 'avg' }))
      .toHaveLength(3);
  });

  test.each([
    ['p50', 1, 1], ['p50', 2, 1], ['p50', 3, 2], ['p90', 10, 9], ['p99', 100, 99], ['p99', 101, 100],
    ['p99.9', 1000, 999], ['p99.9', 1001, 1000], ['p0.1', 1000, 1], ['p0.1', 1001, 2],
  ] as [Percentile, number, number][])('%s of 1 to %d is %d', (stat, count, expected) => {
    expect(percentile(stat, Array.from({ length: count }, (_, i) => count - i))).toBe(expected);
  });

  test('a question that needs every sample stops at its limit; others hold none', () => {
    const samples = { service: 's', metric: 'm', timestamps: [1, 2, 3, 4], values: [1, 2, 3, 4] };
    const limited = (asked: Partial<Question>) => () => new Evaluation({ from: 0, to: 10, step: 5, stat: 'avg', ...asked }, 3).add(samples);
    expect(limited({ stat: 'p50' })).toThrow(TooManySamples);
    expect(limited({ step: 'raw' })).toThrow(TooManySamples);
    expect(limited({})).not.toThrow();
  });

  test('counts the buckets that a range touches', () => {
    expect(bucketsIn(0, 60, 60)).toBe(1);
    expect(bucketsIn(0, 61, 60)).toBe(2);
    expect(bucketsIn(59, 61, 60)).toBe(2);
  });
});
