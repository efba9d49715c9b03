import { evaluate, samplesIn, Select } from '../../lambda-src/metrics-api/prometheus/evaluate';
import { Failure } from '../../lambda-src/metrics-api/prometheus/failure';
import { formatValue } from '../../lambda-src/metrics-api/prometheus/format';
import { compareLabels, plain } from '../../lambda-src/metrics-api/prometheus/labels';
import { matchesAll } from '../../lambda-src/metrics-api/prometheus/matcher';
import { parse } from '../../lambda-src/metrics-api/prometheus/parse';
import { answerPrometheus } from '../../lambda-src/metrics-api/prometheus/routes';
import { SeriesSamples } from '../../lambda-src/metrics-api/prometheus/samples';
import { Work } from '../../lambda-src/metrics-api/prometheus/work';
import { eventOf, Harness } from '../lambda-src/metrics-api/harness';
import { NAMES, nearly, query, samples } from '../promql-reference/arbitraries';
import { PlainQuery, PlainResult, PlainSeries, Reference } from '../promql-reference/reference';
import fc from '../property';

const QUERIES = 3000;
const TEXTS = 5000;
/** As many of the queries are asked over HTTP's shapes, too. */
const REQUESTS = 500;
const SEED = Number(process.env.FC_SEED ?? 20261123);

/** What our evaluator says, in the reference's words. */
function ours(series: readonly SeriesSamples[], { query: text, start, end = start, step = 0 }: PlainQuery): PlainResult {
  const select: Select = ({ matchers }) => series.filter(({ labels }) => matchesAll(matchers, labels));
  const steps = { start, step: step || 1, count: step ? Math.floor((end - start) / step) + 1 : 1 };
  const times = Array.from({ length: steps.count }, (_, i) => start + i * steps.step);
  try {
    const expression = parse(text);
    if (expression.kind === 'string') return { type: 'string', series: [] };
    if (expression.kind === 'range') {
      return { type: 'matrix', series: samplesIn(expression, start, select).map(({ labels, timestamps, values }) => ({ labels: plain(labels), timestamps: [...timestamps], values: Array.from(values, formatValue) })) };
    }
    const { result } = evaluate(expression, steps, select, new Work());
    if (typeof result === 'number') return { type: step ? 'matrix' : 'scalar', series: [{ labels: {}, timestamps: times, values: times.map(() => formatValue(result)) }] };
    return {
      type: step ? 'matrix' : 'vector',
      series: (step ? [...result].sort((a, b) => compareLabels(a.labels, b.labels)) : result).map(({ labels, values, present }) => {
        const places = times.map((_, i) => i).filter((i) => present[i]);
        return { labels: plain(labels), timestamps: places.map((i) => times[i]), values: places.map((i) => formatValue(values[i])) };
      }),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { series: [], failed: error.status === 400 ? 'parse' : 'execution', error: error.message };
  }
}

/** What the route answers, in the reference's words. */
async function answered(harness: Harness, { query: text, start, end, step }: PlainQuery): Promise<PlainResult> {
  const seconds = (time: number) => String(time / 1000);
  const [proxy, parameters] = step
    ? ['api/v1/query_range', { query: text, start: seconds(start), end: seconds(end!), step: seconds(step) }] : ['api/v1/query', { query: text, time: seconds(start) }];
  const { statusCode, body } = await answerPrometheus(eventOf('GET', '/prometheus/{proxy+}', { query: parameters, path: { proxy } }), harness.backend);
  const { data, error } = JSON.parse(body);
  if (statusCode !== 200) return { series: [], failed: statusCode === 400 ? 'parse' : 'execution', error };
  type Point = [number, string];
  const series = (labels: Record<string, string>, points: Point[]): PlainSeries => (
    { labels, timestamps: points.map(([time]) => time * 1000), values: points.map(([, value]) => value) });
  if (data.resultType === 'scalar') return { type: 'scalar', series: [series({}, [data.result])] };
  const found: { metric: Record<string, string>; value: Point; values?: Point[] }[] = data.result;
  return { type: data.resultType, series: found.map(({ metric, value, values = [value] }) => series(metric, values)) };
}

/** Stores the series, each with a request of its own, so that the order of samples with one time is kept. */
async function store(harness: Harness, series: readonly PlainSeries[]): Promise<void> {
  for (const [i, { timestamps, values }] of series.entries()) {
    const { service, metric } = NAMES[i];
    const documents = timestamps.map((time, n) => `{"service":${JSON.stringify(service)},"timestamp":"${new Date(time).toISOString()}","metrics":{${JSON.stringify(metric)}:${values[n]}}}`);
    const { status, body } = await harness.post(`[${documents.join()}]`);
    expect([status, body.rejected]).toEqual([201, []]);
  }
}

function held({ labels, timestamps, values }: PlainSeries): SeriesSamples {
  return { labels: new Map(Object.entries(labels)), timestamps: Float64Array.from(timestamps), values: Float64Array.from(values, Number) };
}

const number = (text: string) => Number(text.replace('Inf', 'Infinity'));

/** Powers differ by what is rounded, and quantiles by which zero is taken for the lower; all else is the same, bit by bit. */
function isExact({ query: text }: PlainQuery): boolean {
  return !/ \^ |quantile/.test(text);
}

function sameValue(a: string, b: string): boolean {
  const [x, y] = [number(a), number(b)];
  return Object.is(x, y) || Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y));
}

const key = ({ labels }: PlainSeries) => JSON.stringify(Object.entries(labels).sort());

function difference(found: PlainResult, expected: PlainResult, exact: boolean): string | undefined {
  if (found.failed !== expected.failed) return `failed: ${found.failed} (${found.error}), expected ${expected.failed} (${expected.error})`;
  if (found.type !== expected.type) return `type: ${found.type}, expected ${expected.type}`;
  // In what order a vector comes, only the order of values decides, and that not between equals.
  const [a, b] = [found, expected].map(({ series }) => [...series].sort((x, y) => (key(x) < key(y) ? -1 : 1)));
  if (JSON.stringify(a.map(key)) !== JSON.stringify(b.map(key))) return `series: ${a.map(key).join(' ')}, expected ${b.map(key).join(' ')}`;
  for (const [i, one] of a.entries()) {
    if (JSON.stringify(one.timestamps) !== JSON.stringify(b[i].timestamps)) return `times of ${key(one)}: ${one.timestamps}, expected ${b[i].timestamps}`;
    for (const [n, value] of one.values.entries()) {
      const other = b[i].values[n];
      if (exact ? !Object.is(number(value), number(other)) : !sameValue(value, other)) return `value of ${key(one)} at ${one.timestamps[n]}: ${value}, expected ${other}`;
    }
  }
  return undefined;
}

describe('our PromQL and Prometheus\'s own', () => {
  let reference: Reference;
  beforeAll(() => { reference = new Reference(); }, 600_000);
  afterAll(() => reference?.remove());

  test('give the same results over the same samples', () => {
    const [series] = fc.sample(samples, { numRuns: 1, seed: SEED });
    const queries = fc.sample(query, { numRuns: QUERIES, seed: SEED });
    const mine = series.map(held).sort((a, b) => compareLabels(a.labels, b.labels));
    const expected = reference.evaluate(series, queries);
    const differences = queries.flatMap((asked, i) => {
      const found = difference(ours(mine, asked), expected[i], isExact(asked));
      return found === undefined ? [] : [`${JSON.stringify(asked)}: ${found}`];
    });
    expect(differences).toEqual([]);
    // The comparison would be worth little if hardly any query found anything.
    expect(expected.filter((result) => result.series.length > 0).length).toBeGreaterThan(QUERIES / 3);
  });

  test('give the same results over what is stored and asked through the API', async () => {
    const harness = await Harness.start();
    await harness.freshTable();
    const [series] = fc.sample(samples, { numRuns: 1, seed: SEED });
    await store(harness, series);
    const queries = fc.sample(query, { numRuns: REQUESTS, seed: SEED + 1 });
    const expected = reference.evaluate(series, queries);
    const differences: string[] = [];
    for (const [i, asked] of queries.entries()) {
      const found = difference(await answered(harness, asked), expected[i], isExact(asked));
      if (found !== undefined) differences.push(`${JSON.stringify(asked)}: ${found}`);
    }
    expect(differences).toEqual([]);
  });

  test('refuse the same texts; what we do not support is PromQL', () => {
    const texts = fc.sample(nearly, { numRuns: TEXTS, seed: SEED });
    const expected = reference.evaluate([], texts.map((text) => ({ query: text, start: 0 })));
    const differences = texts.flatMap((text, i) => {
      const found = ours([], { query: text, start: 0 });
      const unsupported = found.failed === 'execution' && found.error!.includes('not supported');
      if (unsupported || (found.failed === 'parse') === (expected[i].failed === 'parse')) return [];
      return [`${JSON.stringify(text)}: ${found.error}, expected ${expected[i].error}`];
    });
    expect(differences).toEqual([]);
  });
});
