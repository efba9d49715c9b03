import { percentile, Percentile, Statistic } from '../../../lambda-src/timeseries/aggregate';
import { dayOfParts } from '../../../lambda-src/timeseries/day';
import { PartData } from '../../../lambda-src/timeseries/part';
import {
  bucketsIn, coarser, Evaluation, Question, Resolution, Samples, SeriesPoints, tierOf, TooManySamples,
} from '../../../lambda-src/timeseries/query';
import { DAY, floorTo, HOUR } from '../../../lambda-src/timeseries/time';
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

describe('the tier of a question', () => {
  const plain = ['avg', 'min', 'max', 'sum', 'count', 'last'] as const;
  const percentiles = ['p50', 'p99.9'] as const;
  const tier = (step: number | 'raw', stats: readonly Statistic[]) => [...new Set(stats.map((stat) => tierOf({ step, stat })))];

  test('is hours for plain statistics of whole hours, sketches for percentiles of whole days, else samples', () => {
    for (const step of [HOUR, 2 * HOUR, 5 * HOUR, DAY, 7 * DAY]) expect(tier(step, plain)).toEqual(['hour']);
    for (const step of [DAY, 2 * DAY, 7 * DAY]) expect(tier(step, percentiles)).toEqual(['day-sketch']);
    for (const step of ['raw', 1, HOUR - 1, HOUR / 2, HOUR * 1.5] as const) expect(tier(step, [...plain, ...percentiles])).toEqual(['raw']);
    for (const step of [HOUR, 12 * HOUR, 36 * HOUR]) expect(tier(step, percentiles)).toEqual(['raw']);
  });

  test('has an order', () => {
    expect(coarser('raw', 'hour')).toBe('hour');
    expect(coarser('day-sketch', 'hour')).toBe('day-sketch');
    expect(coarser('raw', 'raw')).toBe('raw');
  });
});

describe('over ended days', () => {
  const START = Date.parse('2026-11-23T00:00:00Z');
  const DAYS = 9;
  interface Placed { readonly metric: string; readonly minute: number; readonly value: number }
  interface Stored { readonly samples: Placed[]; readonly ended: boolean[] }

  const number = fc.oneof(
    fc.integer({ min: -500, max: 5_000 }).map((hundredths) => hundredths / 100), fc.double({ min: -1e9, max: 1e9, noNaN: true }));
  /** Many at the same time, so that their order counts. */
  const anyMinute = fc.oneof(fc.nat(DAYS * 24 * 60 - 1), fc.nat(DAYS * 4 - 1).map((quarter) => quarter * 6 * 60));
  const placed = fc.record({ metric: fc.constantFrom('a', 'b'), minute: anyMinute, value: number.map((each) => each + 0) });
  /** Some days have ended and been rolled: these are read from what they came to. */
  const stored: fc.Arbitrary<Stored> = fc.record({
    samples: fc.array(placed, { maxLength: 120, size: 'max' }),
    ended: fc.array(fc.boolean(), { minLength: DAYS, maxLength: DAYS }),
  });
  const border = fc.oneof(
    fc.nat(DAYS).map((day) => day * DAY), fc.nat(DAYS * 24).map((hour) => hour * HOUR), fc.nat(DAYS * 24 * 60).map((minute) => minute * 60_000),
  ).map((offset) => START + offset);
  const range = fc.tuple(border, border).filter(([a, b]) => a !== b).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

  /** One part per hour, in key order. */
  function partsOf({ samples }: Stored): { hour: number; data: PartData }[] {
    const hours = [...new Set(samples.map(({ minute }) => Math.floor(minute / 60)))].sort((a, b) => a - b);
    return hours.map((hour) => {
      const ofHour = samples.filter(({ minute }) => Math.floor(minute / 60) === hour);
      const data = new Map([...new Set(ofHour.map(({ metric }) => metric))].map((metric) => {
        const ofMetric = ofHour.filter((sample) => sample.metric === metric);
        return [metric, { timestamps: ofMetric.map(({ minute }) => START + minute * 60_000), values: ofMetric.map(({ value: each }) => each) }];
      }));
      return { hour: START + hour * HOUR, data };
    });
  }

  /** Reads as the API does: from what ended days came to where that answers, and from parts where not, or where the range cuts. */
  function evaluateTiers(given: Stored, asked: Question) {
    const evaluation = new Evaluation(asked);
    const tier = tierOf(asked);
    const unit = tier === 'day-sketch' ? DAY : HOUR;
    const parts = partsOf(given);
    given.ended.forEach((hasEnded, i) => {
      const start = START + i * DAY;
      const ofDay = parts.filter(({ hour }) => floorTo(hour, DAY) === start);
      const isRolled = hasEnded && tier !== 'raw';
      if (isRolled) {
        for (const [metric, { hours, sketch }] of dayOfParts(ofDay.map(({ data }) => data), start)) {
          if (tier === 'hour') evaluation.addHours('s', metric, start, hours);
          else evaluation.addSketch('s', metric, start, sketch, hours);
        }
      }
      for (const { hour, data } of ofDay) {
        const isWhole = asked.from <= floorTo(hour, unit) && floorTo(hour, unit) + unit <= asked.to;
        if (isRolled && isWhole) continue;
        for (const [metric, samples] of data) evaluation.add({ service: 's', metric, ...samples });
      }
    });
    return { series: evaluation.results(), resolution: evaluation.resolution };
  }

  function inRange(given: Stored, { from, to }: Question, metric: string): { time: number; value: number }[] {
    return given.samples.filter((sample) => sample.metric === metric)
      .map(({ minute, value: each }) => ({ time: START + minute * 60_000, value: each })).filter(({ time }) => from <= time && time < to);
  }

  function naiveSeries(given: Stored, asked: Question): SeriesPoints[] {
    return naive(partsOf(given).flatMap(({ data }) => [...data].map(([metric, samples]) => ({ service: 's', metric, ...samples }))), asked) as never;
  }

  const close = (found: number, expected: number, tolerance: number) => expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance);
  const size = (samples: { value: number }[]) => samples.reduce((sum, sample) => sum + Math.abs(sample.value), 0);

  test('plain statistics are the same as from samples, and sums but for rounding', () => {
    const asked = fc.record({
      range,
      step: fc.constantFrom(HOUR, 2 * HOUR, 5 * HOUR, 6 * HOUR, DAY, 7 * DAY, 90 * 60_000, 60_000),
      stat: fc.constantFrom<Statistic>('avg', 'min', 'max', 'sum', 'count', 'last'),
    }).map(({ range: { from, to }, step, stat }): Question => ({ from, to, step, stat }));
    fc.assert(fc.property(stored, asked, (given, over) => {
      const { series } = evaluateTiers(given, over);
      const expected = naiveSeries(given, over);
      expect(series.map(({ metric, timestamps }) => [metric, timestamps])).toEqual(expected.map(({ metric, timestamps }) => [metric, timestamps]));
      series.forEach(({ metric, summary, timestamps, values }, i) => {
        const samples = inRange(given, over, metric);
        const { sum, avg, ...exact } = summary;
        const { sum: expectedSum, avg: expectedAvg, ...expectedExact } = expected[i].summary;
        expect(exact).toEqual(expectedExact);
        close(sum, expectedSum, 1e-12 * size(samples));
        close(avg, expectedAvg, 1e-12 * size(samples) / summary.count);
        if (over.stat !== 'sum' && over.stat !== 'avg') return expect(values).toEqual(expected[i].values);
        return values.forEach((found, point) => {
          const inside = samples.filter(({ time }) => floorTo(time, over.step as number) === timestamps[point]);
          close(found, expected[i].values[point], 1e-12 * size(inside) / (over.stat === 'avg' ? inside.length : 1));
        });
      });
    }), { numRuns: 200 });
  });

  test('percentiles of whole days are within 1.09 % where a day came as a sketch, and exact elsewhere', () => {
    const asked = fc.record({
      range,
      step: fc.constantFrom(DAY, 2 * DAY, 7 * DAY, 6 * HOUR),
      stat: fc.constantFrom<Percentile>('p0.1', 'p25', 'p50', 'p90', 'p99.9'),
    }).map(({ range: { from, to }, step, stat }) => ({ from, to, step, stat }));
    fc.assert(fc.property(stored, asked, (given, over) => {
      const { series, resolution } = evaluateTiers(given, over);
      const expected = naiveSeries(given, over);
      let usedSketch = false;
      expect(series.map(({ metric, timestamps }) => [metric, timestamps])).toEqual(expected.map(({ metric, timestamps }) => [metric, timestamps]));
      series.forEach(({ metric, summary, timestamps, values }, i) => {
        const samples = inRange(given, over, metric);
        const { count, min, max, last } = expected[i].summary;
        expect(summary).toMatchObject({ count, min, max, last });
        values.forEach((found, point) => {
          const inside = samples.filter(({ time }) => floorTo(time, over.step) === timestamps[point]);
          const hasSketch = tierOf(over) === 'day-sketch' && inside.some(({ time }) => {
            const day = floorTo(time, DAY);
            return given.ended[(day - START) / DAY] && over.from <= day && day + DAY <= over.to;
          });
          usedSketch ||= hasSketch;
          if (!hasSketch) return expect(found).toBe(expected[i].values[point]);
          // Never beyond the values themselves.
          expect(found).toBeGreaterThanOrEqual(Math.min(...inside.map(({ value: each }) => each)));
          expect(found).toBeLessThanOrEqual(Math.max(...inside.map(({ value: each }) => each)));
          return close(found, expected[i].values[point], 0.0109 * Math.abs(expected[i].values[point]));
        });
      });
      expect(resolution).toBe(usedSketch ? 'day-sketch' : 'raw');
    }), { numRuns: 200 });
  });

  test('the last is the sample of an hour that the range cuts, where hours before came as figures', () => {
    const samples = [0, 59, 60, 119, 120, 121, 122, 179].map((minute) => ({ metric: 'a', minute, value: minute }));
    const over = { from: START + 60_000, to: START + 122 * 60_000, step: DAY, stat: 'last' } as const;
    const { series: [{ summary, values }], resolution } = evaluateTiers({ samples, ended: new Array(DAYS).fill(true) }, over);
    expect([summary.count, summary.last, values, resolution]).toEqual([5, 121, [121], 'hour']);
  });

  test('the coarsest that was used is told, and that is nothing of hours that are empty or beyond the range', () => {
    const given: Stored = { samples: [{ metric: 'a', minute: 90, value: 1 }], ended: new Array(DAYS).fill(true) };
    const resolution = (asked: Partial<Question>): Resolution => (
      evaluateTiers(given, { from: START, to: START + DAY, step: DAY, stat: 'avg', ...asked }).resolution);
    expect(resolution({})).toBe('hour');
    expect(resolution({ stat: 'p50' })).toBe('day-sketch');
    expect(resolution({ stat: 'p50', step: HOUR })).toBe('raw');
    expect(resolution({ step: 'raw' })).toBe('raw');
    expect(resolution({ from: START + HOUR + 1 })).toBe('raw');
    expect(resolution({ from: START + 1, stat: 'p50' })).toBe('raw');
  });

  test('values that are all the same have no other percentile, whatever the sketch would say', () => {
    const given: Stored = { samples: Array.from({ length: 50 }, (_, minute) => ({ metric: 'a', minute, value: 42 })), ended: new Array(DAYS).fill(true) };
    expect(evaluateTiers(given, { from: START, to: START + DAY, step: DAY, stat: 'p50' }).series[0].values).toEqual([42]);
  });

  test('figures that the question does not take are refused', () => {
    const evaluation = new Evaluation({ from: START, to: START + DAY, step: HOUR, stat: 'p99' });
    const [[metric, { hours, sketch }]] = dayOfParts([new Map([['a', { timestamps: [START], values: [1] }]])], START);
    expect(() => evaluation.addHours('s', metric, START, hours)).toThrow('a question of tier raw takes no figures of tier hour');
    expect(() => evaluation.addSketch('s', metric, START, sketch, hours)).toThrow('a question of tier raw takes no figures of tier day-sketch');
  });

  test('samples that a sketch took in are held no longer', () => {
    const day = (start: number): Samples => ({ service: 's', metric: 'm', timestamps: [start, start + 1, start + 2], values: [1, 2, 3] });
    const evaluation = new Evaluation({ from: START, to: START + 20 * DAY, step: 10 * DAY, stat: 'p50' }, 3);
    const first = floorTo(START + 10 * DAY, 10 * DAY);
    const [[metric, { hours, sketch }]] = dayOfParts([new Map([['m', { timestamps: [first], values: [9] }]])], first);
    evaluation.add(day(first + DAY));
    evaluation.addSketch('s', metric, first, sketch, hours);
    evaluation.add(day(first + 2 * DAY));
    evaluation.add(day(first - DAY));
    expect(() => evaluation.add(day(first - 2 * DAY))).toThrow(TooManySamples);
    expect(evaluation.results()[0].values[0]).toBe(2);
    expect(evaluation.results()[0].values[1]).toBeCloseTo(2, 1);
  });
});
