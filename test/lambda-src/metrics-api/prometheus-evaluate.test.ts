import { evaluate, Select } from '../../../lambda-src/metrics-api/prometheus/evaluate';
import { formatValue } from '../../../lambda-src/metrics-api/prometheus/format';
import { compareLabels, labelsOf, plain } from '../../../lambda-src/metrics-api/prometheus/labels';
import { matchesAll } from '../../../lambda-src/metrics-api/prometheus/matcher';
import { parse } from '../../../lambda-src/metrics-api/prometheus/parse';
import { SeriesSamples, Steps } from '../../../lambda-src/metrics-api/prometheus/samples';
import { Work } from '../../../lambda-src/metrics-api/prometheus/work';

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
    // What takes longer for each value or sample counts for more.
    const steps = { count: 1000 };
    expect(() => values('topk(1, cpu)', { steps, work: new Work(100_000) })).toThrow('steps of calculation');
    expect(() => values('sum(cpu)', { steps, work: new Work(100_000) })).not.toThrow();
    expect(() => values('stddev_over_time(cpu[1h])', { steps, work: new Work(4_000) })).toThrow('steps of calculation');
    expect(() => values('sum_over_time(cpu[1h])', { steps, work: new Work(4_000) })).not.toThrow();
    expect(() => values(`cpu${' + 1'.repeat(900)}`, { steps: { count: 11_000 }, work: new Work(1_000_000) })).toThrow('steps of calculation');
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
