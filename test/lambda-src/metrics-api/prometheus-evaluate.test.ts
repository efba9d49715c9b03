import { evaluate, Select } from '../../../lambda-src/metrics-api/prometheus/evaluate';
import type { Selector } from '../../../lambda-src/metrics-api/prometheus/expression';
import { formatValue } from '../../../lambda-src/metrics-api/prometheus/format';
import { compareLabels, labelsOf, plain } from '../../../lambda-src/metrics-api/prometheus/labels';
import { matchesAll } from '../../../lambda-src/metrics-api/prometheus/matcher';
import { parse } from '../../../lambda-src/metrics-api/prometheus/parse';
import { SeriesSamples, Steps } from '../../../lambda-src/metrics-api/prometheus/samples';
import { MAX_WORK, Work } from '../../../lambda-src/metrics-api/prometheus/work';

const MINUTE = 60_000;

const series = (service: string, metric: string, samples: [minute: number, value: number][]): SeriesSamples => ({
  labels: labelsOf({ service, metric }),
  timestamps: Float64Array.from(samples, ([minute]) => minute * MINUTE),
  values: Float64Array.from(samples, ([, value]) => value),
});

const ONE = [
  series('a', 'cpu', [[0, 1], [1, 2], [2, 4], [2, 8], [3, 16]]), series('b', 'cpu', [[0, 10], [3, 30]]), series('a', 'io.wait', [[3, 5]]), series('a', 'io-wait', [[3, 7]]),
];

function values(query: string, { at = 3, work = new Work(), given = ONE, steps = {} as Partial<Steps> } = {}) {
  const sorted = [...given].sort((x, y) => compareLabels(x.labels, y.labels));
  const select: Select = ({ matchers }) => sorted.filter(({ labels }) => matchesAll(matchers, labels));
  const { result, warnings } = evaluate(parse(query), { start: at * MINUTE, step: MINUTE, count: 1, ...steps }, select, work);
  if (typeof result === 'number') return { result, warnings };
  const rows = result.map(({ labels, values: numbers, present }) => {
    return [Object.values(plain(labels)).join(' '), ...Array.from(numbers, (value, i) => (present[i] ? value : null))];
  });
  return { result: rows, warnings };
}

describe('PromQL over samples', () => {
  test.each([
    ['avg_over_time(cpu{service="a"}[2m])', 28 / 3],
    ['min_over_time(cpu{service="a"}[2m])', 4],
    ['max_over_time(cpu{service="a"}[10m])', 16],
    // Open at the left: the sample of minute 1 is not in it; both of those with one time are.
    ['sum_over_time(cpu{service="a"}[2m])', 28],
    ['count_over_time(cpu{service="a"}[2m])', 3],
    ['present_over_time(cpu{service="a"}[2m])', 1],
    ['quantile_over_time(0.5, cpu{service="a"}[2m])', 8],
    ['quantile_over_time(0.25, cpu{service="a"}[2m])', 6],
    ['stdvar_over_time(cpu{service="a"}[2m])', 224 / 9],
    ['stddev_over_time(cpu{service="a"}[2m])', Math.sqrt(224 / 9)],
    // From 1 to 16 in three minutes, stretched to the five of which the first two are without a sample, by half an interval.
    ['delta(cpu{service="a"}[5m])', 15 * (180 + 22.5) / 180],
  ])('%s', (query, expected) => {
    const { result } = values(query);
    expect(result).toEqual([['a', expect.closeTo(expected, 9)]]);
  });

  test('an instant selector takes the last of the samples with one time, and looks back five minutes, open at the left', () => {
    expect(values('cpu{service="a"}', { at: 2 }).result).toEqual([['cpu a', 8]]);
    expect(values('cpu{service="b"}', { at: 2.5 }).result).toEqual([['cpu b', 10]]);
    expect(values('cpu', { at: 7.999 }).result).toEqual([['cpu a', 16], ['cpu b', 30]]);
    expect(values('cpu', { at: 8 }).result).toEqual([]);
    expect(values('cpu offset 3m', { at: 3 }).result).toEqual([['cpu a', 1], ['cpu b', 10]]);
    expect(values('cpu offset -1m', { at: 0 }).result).toEqual([['cpu a', 2], ['cpu b', 10]]);
  });

  test('at several times', () => {
    expect(values('cpu', { at: -1, steps: { count: 5 } }).result).toEqual([['cpu a', null, 1, 2, 8, 16], ['cpu b', null, 10, 10, 10, 30]]);
    expect(values('count_over_time(cpu[1m])', { at: 0, steps: { count: 4 } }).result).toEqual([['a', 1, 1, 2, 1], ['b', 1, null, null, 1]]);
    expect(values('cpu > 9', { at: 0, steps: { count: 4 } }).result).toEqual([['cpu a', null, null, null, 16], ['cpu b', 10, 10, 10, 30]]);
  });

  test.each([
    ['sum(cpu)', [['', 46]]],
    ['avg(cpu)', [['', 23]]],
    ['sum by (service) ({__name__=~"cpu|io_wait"})', [['a', 28], ['b', 30]]],
    ['count without (service) (cpu)', [['', 2]]],
    ['group(cpu)', [['', 1]]],
    ['min(cpu)', [['', 16]]],
    ['max by (missing) (cpu)', [['', 30]]],
    ['stddev(cpu)', [['', 7]]],
    ['stdvar(cpu)', [['', 49]]],
    ['quantile(0.5, cpu)', [['', 23]]],
    ['topk(1, cpu)', [['cpu b', 30]]],
    ['bottomk(5, cpu)', [['cpu a', 16], ['cpu b', 30]]],
    ['topk(5, cpu)', [['cpu b', 30], ['cpu a', 16]]],
    ['topk(0, cpu)', []],
    ['sum(nothing)', []],
    ['cpu + 1', [['a', 17], ['b', 31]]],
    ['100 - cpu', [['a', 84], ['b', 70]]],
    ['-cpu', [['a', -16], ['b', -30]]],
    ['+cpu', [['cpu a', 16], ['cpu b', 30]]],
    ['cpu % 7', [['a', 2], ['b', 2]]],
    ['20 > cpu', [['cpu a', 16]]],
    ['cpu > bool 20', [['a', 0], ['b', 1]]],
    ['last_over_time(cpu[1m])', [['cpu a', 16], ['cpu b', 30]]],
    // By their true names, what has the same name stays apart.
    ['io_wait', [['io_wait io-wait a', 7], ['io_wait io.wait a', 5]]],
    ['{metric="io.wait"} * 2', [['io.wait a', 10]]],
    ['{service="a", metric=""}', [['cpu a', 16]]],
  ])('%s', (query, expected) => {
    expect(values(query).result).toEqual(expected);
  });

  test.each([
    ['1 + 1', 2], ['-2 ^ 2', -4], ['7 % -4', 3], ['1 == bool 1', 1], ['1 / 0', Infinity], ['0 / 0', NaN], ['1 ^ NaN', 1], ['-1 ^ Inf', -1], ['(-1) ^ Inf', 1], ['NaN == bool NaN', 0],
  ])('%s', (query, expected) => {
    expect(values(query).result).toBe(expected);
  });

  test('series that become one without their names are refused where both have a value, and joined elsewhere', () => {
    expect(() => values('{service="a", metric=""} + 1', { given: [...ONE, series('a', 'memory', [[3, 1]])] })).toThrow('vector cannot contain metrics with the same labelset');
    const apart = [series('a', 'cpu', [[0, 1]]), series('a', 'memory', [[8, 2]])];
    expect(values('{service="a"} + 1', { at: 0, given: apart, steps: { step: 8 * MINUTE, count: 2 } }).result).toEqual([['a', 2, 3]]);
  });

  test('sums keep what each addition rounds away; a mean goes beyond where a sum can', () => {
    const given = [series('a', 'x', [[1, 1e100], [2, 1], [3, -1e100]]), series('a', 'big', [[1, 1.7e308], [2, 1.7e308], [3, 1.7e308]])];
    expect(values('sum_over_time(x[5m])', { given }).result).toEqual([['a', 1]]);
    expect(values('sum_over_time(big[5m])', { given }).result).toEqual([['a', Infinity]]);
    expect(values('avg_over_time(big[5m])', { given }).result).toEqual([['a', 1.7e308]]);
  });

  test.each([3, 64, 65, 200])('a quantile of %d samples in any order, what is not a number counted as the least', (count) => {
    const shuffled = Array.from({ length: count }, (_, i): [number, number] => [i / 100, (i * 77) % count]);
    const given = [series('a', 'x', shuffled)];
    expect(values('quantile_over_time(0.25, x[5m])', { given }).result).toEqual([['a', (count - 1) / 4]]);
    const half = [series('a', 'x', shuffled.map(([at, value]) => [at, value < count / 2 ? NaN : value]))];
    expect(values('quantile_over_time(0, x[5m])', { given: half }).result).toEqual([['a', NaN]]);
    expect(values('quantile_over_time(1, x[5m])', { given: half }).result).toEqual([['a', count - 1]]);
  });

  test('a quantile that is none is told', () => {
    expect(values('quantile(2, cpu)')).toEqual({ result: [['', Infinity]], warnings: ['PromQL warning: quantile value should be between 0 and 1, got 2'] });
    expect(values('quantile_over_time(-1, cpu{service="a"}[1m])').warnings).toHaveLength(1);
  });

  test('a count that is none is refused', () => {
    expect(() => values('topk(NaN, cpu)')).toThrow('Parameter value is NaN');
    expect(() => values('topk(Inf, cpu)')).toThrow('overflows int64');
  });

  test('work beyond the limit is refused', () => {
    expect(() => values('sum_over_time(cpu[1h])', { steps: { count: 1000 }, work: new Work(1000) })).toThrow('takes more than 1000 steps of calculation');
    expect(() => values(`cpu${' + 1'.repeat(900)}`, { steps: { count: 11_000 }, work: new Work(1_000_000) })).toThrow('steps of calculation');
  });

  describe('work', () => {
    const wide = Array.from({ length: 100 }, (_, i) => series(`s${i}`, 'cpu', Array.from({ length: 200 }, (__, minute) => [minute, i])));
    /** The steps that a query of 100 series at 200 times takes. */
    const workOf = (query: string) => {
      const work = new Work();
      values(query, { at: 0, given: wide, steps: { count: 200 }, work });
      return work.done;
    };
    /** What goes on top of the selector: of each of its 20,000 values. */
    const beyond = (query: string) => Math.round((workOf(query) - workOf('cpu')) / 20_000);

    // About two nanoseconds each, with Node 24 on one whole processor.
    test.each([
      ['cpu + 1', 23], ['cpu ^ 2', 58], ['cpu % 2', 508], ['cpu > 1', 23], ['-cpu', 23], ['sum(cpu)', 20], ['quantile(0.5, cpu)', 50],
      // The more that a heap holds, the more its items move.
      ['topk(1, cpu)', 28], ['topk(50, cpu)', 51], ['bottomk(50, cpu)', 47],
    ])('%s', (query, expected) => {
      expect(beyond(query)).toBe(expected);
    });

    test('of windows is that of their samples', () => {
      // Of 200 windows of up to 100 samples each.
      const of = (name: string, parameter = '') => Math.round((workOf(`${name}(${parameter}cpu[100m])`) - workOf('last_over_time(cpu[100m])')) / 1_505_000);
      expect([of('sum_over_time'), of('max_over_time'), of('stddev_over_time'), of('quantile_over_time', '0.5, ')]).toEqual([2, 2, 7, 29]);
    });

    test('is counted where nothing is found, too, before it is done', () => {
      expect(workOf('cpu offset 1d')).toBe(workOf('cpu'));
      expect(workOf('cpu > 1000')).toBe(workOf('cpu > 1'));
    });

    test('of many matchers is counted, too', () => {
      const { matchers } = parse(`{a="b"${',a!="b"'.repeat(999)}}`) as Selector;
      const work = new Work();
      matchesAll(matchers, new Map([['a', 'b']]), work);
      expect(work.done).toBe(20);
      expect(() => matchesAll(matchers.slice(1), new Map(), new Work(5000))).toThrow('takes more than 5000 steps of calculation');
    });

    test('of a whole dashboard is taken; what would take longer than the function has is refused', () => {
      // A hundredth of the times at which 500 series are looked at, and of the limit.
      const given = Array.from({ length: 500 }, (_, i) => series(`s${i}`, 'cpu', Array.from({ length: 110 }, (__, minute) => [minute, i])));
      const ask = (query: string) => () => values(query, { at: 0, given, steps: { count: 110 }, work: new Work(MAX_WORK / 100) });
      for (const query of ['cpu', 'topk(5, sum by (service) (sum_over_time(cpu[1m])))', 'avg(avg_over_time(cpu[5m]) / 100 * 8)', 'topk(250, topk(251, cpu))']) {
        expect(ask(query)).not.toThrow();
      }
      for (const query of ['topk(250, topk(251, topk(252, topk(253, topk(254, topk(255, topk(256, cpu)))))))', 'cpu % 7', 'stddev_over_time(cpu[1h])']) {
        expect(ask(query)).toThrow(`takes more than ${MAX_WORK / 100} steps of calculation`);
      }
    });
  });

  test('names are made Prometheus\'s', () => {
    expect(plain(labelsOf({ service: 's', metric: 'größe.x-1' }))).toEqual({ __name__: 'gr__e_x_1', metric: 'größe.x-1', service: 's' });
    expect(plain(labelsOf({ service: 's', metric: '9\u{1f600}' }))).toEqual({ __name__: '_9_', metric: '9\u{1f600}', service: 's' });
    expect(plain(labelsOf({ service: '__proto__', metric: '__proto__' }))).toEqual(Object.fromEntries([['__name__', '__proto__'], ['service', '__proto__']]));
  });

  test.each([
    [1, '1'], [-0, '-0'], [0.1, '0.1'], [Infinity, '+Inf'], [-Infinity, '-Inf'], [NaN, 'NaN'], [1e21, '1e+21'], [1e-7, '1e-07'], [1.5e-300, '1.5e-300'], [123456789012345680000, '123456789012345680000'],
  ])('the number %d is written %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});
