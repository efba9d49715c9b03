import { Harness, NOW, Query } from './harness';
import { cell } from '../../../lambda-src/metrics-api/csv';
import type { SeriesPoints } from '../../../lambda-src/timeseries/query';

jest.setTimeout(60_000);

let api: Harness;
beforeAll(async () => { api = await Harness.start(); });
beforeEach(() => api.freshTable());
afterAll(() => api.stop());

const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const csv = (query: Query = {}, accept = 'text/csv') => api.send('GET', '/metrics', { query, headers: { Accept: accept } });

/** RFC 4180 as its grammar says it, written without a look at what is tested. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  for (let offset = 0; offset < text.length;) {
    const [whole, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(text.slice(offset))!;
    rows.at(-1)!.push(quoted?.replace(/""/g, '"') ?? plain);
    if (end !== ',') rows.push([]);
    offset += whole.length;
  }
  expect(rows.pop()).toEqual([]);
  return rows;
}

describe('GET /metrics as CSV', () => {
  test('has a row for each point', async () => {
    await api.post([[-9, 2], [-9, 4], [-5, -1e-9]].map(([minutes, cpu]) => ({ service: 'checkout', timestamp: at(minutes), metrics: { cpu } })));
    await api.post({ service: 'a', timestamp: at(-1), metrics: { m: 7 } });
    expect(await csv()).toEqual({
      status: 200,
      headers: { 'content-type': 'text/csv; charset=utf-8; header=present', 'cache-control': 'no-store', 'metrics-complete': 'true', 'metrics-resolution': 'raw' },
      body: ['service,metric,timestamp,value', `a,m,${at(-1)},7`, `checkout,cpu,${at(-9)},3`, `checkout,cpu,${at(-5)},-1e-9`, ''].join('\r\n'),
    });
  });

  test('has its heading alone where nothing is known', async () => {
    expect(await csv()).toMatchObject({ status: 200, body: 'service,metric,timestamp,value\r\n' });
  });

  test('has the same points as the JSON, page by page, whatever the names', async () => {
    const names = ['a,b', 'a"b', '=cmd|x', '-1', '-x', '🛒', ' ="'];
    await api.post(names.map((service) => ({ service, timestamp: at(-1), metrics: { '+m': 1, '@m': Number.MAX_VALUE, '"': 3 } })));
    const query = { limit: '4', step: 'raw' };
    for (let cursor: string | undefined, rows = 0; ;) {
      const page = cursor ? { ...query, cursor } : query;
      const { body, headers } = await csv(page);
      const { series, cursor: next } = (await api.get('/metrics', page)).body;
      const expected = (series as SeriesPoints[]).flatMap(({ service, metric, timestamps, values }) =>
        values.map((value, i) => [service.replace(/^(?=[=-][a-z])/, '\''), metric.replace(/^(?=[+@])/, '\''), String(timestamps[i]), String(value)]));
      expect(parse(body).slice(1)).toEqual(expected);
      expect(headers['metrics-cursor'] ?? null).toBe(next);
      rows += expected.length;
      cursor = next;
      if (cursor) continue;
      expect(rows).toBe(names.length * 3);
      break;
    }
  });

  test('a value that is no number is an empty cell', async () => {
    await api.post([1, 2].map(() => ({ service: 's', timestamp: at(-1), metrics: { m: Number.MAX_VALUE } })));
    expect((await csv({ stat: 'sum' })).body).toContain(`s,m,${at(-1)},\r\n`);
  });

  test('problems are JSON all the same', async () => {
    expect(await csv({ stat: 'median' })).toMatchObject({ status: 400, headers: { 'content-type': 'application/problem+json' }, body: { parameter: 'stat' } });
  });

  test('what would be too large is refused before it is made', async () => {
    // Every row carries 512 bytes of names, which JSON has once for all of them.
    const [service, ...metrics] = ['s', 'a', 'b'].map((letter) => letter.repeat(256));
    for (let start = 0; start < 6_000; start += 1_000) {
      await api.post(Array.from({ length: 1_000 }, (_, i) => (
        { service, timestamp: new Date(NOW - 1 - start - i).toISOString(), metrics: Object.fromEntries(metrics.map((metric) => [metric, 1])) }
      )));
    }
    expect(await api.get('/metrics', { step: 'raw' })).toMatchObject({ status: 200 });
    expect(await csv({ step: 'raw' })).toMatchObject({ status: 400, body: { parameter: 'limit', limit: 6_000_000 } });
    expect(parse((await csv({ step: 'raw', limit: '1' })).body)).toHaveLength(6_001);
  });
});

test.each([
  ['text/csv', true], ['TEXT/CSV; charset=utf-8', true], ['text/*', true], ['text/csv, */*', true], ['text/csv;q=0.9, application/json;q=0.8', true],
  ['application/json;q=0, */*', true], ['application/json;q=0.1, */*', true], ['*/*, application/json;q=0', true], ['application/*;q=0.1, */*;q=0.2', true],
  ['text/csv;q=0.1, text/*, application/json;q=0.5', false], ['text/csv;q=0, */*', false], ['text/*;q=0, text/csv', true], ['*/*, text/csv', false],
  ['application/json;q=0, text/csv', true], ['text/csv, application/json', true], ['image/png, text/csv;q=0.1', true],
  ['', false], ['*/*', false], ['application/*', false], ['application/json, text/csv', false], ['text/csv;q=0.5, */*;q=0.6', false], ['text/csv;q=0', false],
  ['text/csv;q=x', false], ['text/html', false], ['text/csvx', false], [',;,=', false],
])('Accept: %s is answered in CSV: %s', async (accept, expected) => {
  expect(String((await csv({}, accept)).headers['content-type']).startsWith('text/csv')).toBe(expected);
});

test.each([
  ['plain', 'plain'], ['a,b', '"a,b"'], ['a"b', '"a""b"'], ['a\nb', '"a\nb"'], ['=1+1', '\'=1+1'], ['+a', '\'+a'], ['-a', '\'-a'], ['@SUM(A1)', '\'@SUM(A1)'],
  ['\tx', '\'\tx'], ['\rx', '"\'\rx"'], ['＝1', '\'＝1'], ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ['-1', '-1'], ['+1.5', '+1.5'], ['-1-1', '\'-1-1'], ['-1e5|x', '\'-1e5|x'], ['-', '\'-'], ['a=b', 'a=b'], ['-1\n', '"\'-1\n"'],
])('%j as a cell is %j', (text, expected) => expect(cell(text)).toBe(expected));
