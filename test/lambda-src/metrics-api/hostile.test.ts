import { PROMETHEUS, proxyOf } from './described';
import { Harness, NOW, RequestOptions } from './harness';
import { PROMETHEUS_OPERATIONS } from '../../../lambda-src/metrics-api/openapi/prometheus-operations';
import { QUERY_PARAMETERS } from '../../../lambda-src/metrics-api/parameters';
import { PROMETHEUS_BASE, type PrometheusRoute } from '../../../lambda-src/metrics-api/prometheus/route-table';
import { API_ROUTES, PROMETHEUS_RESOURCE, RouteId } from '../../../src/private/shared/api-routes';

jest.setTimeout(60_000);

/**
 * Whatever comes is answered with a status below 500, as the description says (the harness looks at that with every answer), without
 * a word of our insides, and with nobody else's data. What is right and wrong with each parameter is in routes.test.ts.
 */
let api: Harness;
beforeAll(async () => { api = await Harness.start(); });
afterAll(() => api.stop());

/** Texts that nobody sends in good faith, by what they are. */
const texts: [string, string][] = [
  ['nothing', ''],
  ['a blank', ' '],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['toString', 'toString'],
  ['64 KB', 'x'.repeat(65_536)],
  ['64 KB of digits', '9'.repeat(65_536)],
  ['64 KB that a pattern could take long for', `${'0'.repeat(65_535)}x`],
  ['a null byte', 'a\0b'],
  ['a line break', 'a\r\nset-cookie: b=c'],
  ['an escape sequence', '\u001b[31m'],
  ['a composed letter', 'Caf\u00e9'],
  ['the same letter decomposed', 'Cafe\u0301'],
  ['text from right to left', 'שירות'],
  ['a character that turns the direction', 'a\u202etxt.exe'],
  ['a character without width', 'a\u200bb'],
  ['an emoji of several', '👩‍👩‍👧‍👦'],
  ['half of a character', '\ud83d'],
  ['the other half', '\udc00x'],
  ['a byte order mark', '\ufeffa'],
  ['no character', '\uffff'],
  ['SQL', '\' OR 1=1--'],
  ['a path', '../../etc/passwd'],
  ['a path, encoded', '%2e%2e%2f'],
  ['half of an encoding', '%'],
  ['an encoding of nothing', '%zz'],
  ['bytes that are no UTF-8, encoded', '%ff%fe'],
  ['our own separator', 'a#b'],
  ['a key of our own table', 'P#victim#2026-11-23'],
  ['a template', '${7*7}{{7*7}}<%= 7*7 %>'],
  ['HTML', '<script>alert(1)</script>'],
  ['a number beyond numbers', '1e999'],
  ['no number', 'NaN'],
  ['minus nothing', '-0'],
  ['a number in hexadecimal', '0x10'],
  ['digits of another script', '１２３'],
  ['a list', '[]'],
  ['an object', '{"$gt":""}'],
];

type Answer = Awaited<ReturnType<Harness['send']>>;

const PROBLEM = { type: 'about:blank', title: expect.stringMatching(/./), detail: expect.stringMatching(/./) };

function expectSafe({ status, headers, body }: Answer) {
  expect(status).toBeLessThan(500);
  const text = JSON.stringify(body);
  expect(text).not.toMatch(/\\n\s+at |:\d+:\d+\)|lambda-src|node_modules|\/var\/|file:\/\//);
  for (const value of Object.values(headers)) expect(String(value)).not.toMatch(/[^\t\x20-\x7e]/);
  if (status < 400) return;
  // The Prometheus routes refuse in Prometheus' own envelope.
  if (body.status === 'error') expect(body).toEqual({ status: 'error', errorType: expect.stringMatching(/./), error: expect.stringMatching(/./) });
  else expect([headers['content-type'], body]).toEqual(['application/problem+json', expect.objectContaining({ ...PROBLEM, status })]);
  // What was sent is told back, but not all of it.
  expect(text.length).toBeLessThan(2_000);
}

/** What is there of a victim's, by the parameters of all paths. */
const PATH: Record<string, string> = { service: 'victim', id: '' };
const victim = { service: 'victim', metrics: { secret: 42 } };
const names = (answer: Answer): string[] => (answer.body.series ?? answer.body.incidents).map(({ service }: { service: string }) => service);

describe('parameters', () => {
  beforeAll(async () => {
    await api.freshTable();
    await api.post(victim);
    PATH.id = await api.history.open(new Date(NOW - 1).toISOString(), { service: 'victim' });
  });

  const parameters = API_ROUTES.flatMap(({ method, path }) =>
    Object.keys(QUERY_PARAMETERS[`${method} ${path}` as RouteId]).map((name) => ({ method, path, name })));

  test.each(parameters)('$method $path: $name', async ({ method, path, name }) => {
    for (const [what, value] of texts) {
      for (const values of [value, [value, value], ['', value], Array.from({ length: 1_000 }, () => value.slice(0, 100))]) {
        const answer = await api.send(method, path, { path: PATH, query: { [name]: values } });
        expectSafe(answer);
        // A name that nobody has finds nobody's data.
        if (answer.status === 200 && ['service', 'metric'].includes(name)) expect([what, names(answer)]).toEqual([what, []]);
      }
    }
  });

  test.each(API_ROUTES)('$method $path: parameters that it does not have', async ({ method, path }) => {
    for (const [, name] of texts) {
      // An object literal would take __proto__ for its own prototype.
      const query = Object.fromEntries([[name, 'x']]);
      const answer = await api.send(method, path, { path: PATH, query, body: victim });
      expectSafe(answer);
      expect([answer.status, answer.body.parameter]).toEqual([400, name.slice(0, 80)]);
    }
  });

  test.each<[string, object]>([
    ['/metrics', { service: 'victim', from: 0, to: 0, asOf: 0 }], ['/incidents', { opened: 0, from: 0, to: 0 }], ['/incidents', { opened: 0, id: '0'.repeat(24), from: 0, to: 0 }],
  ])('GET %s: cursors like %j with any times', async (path, position) => {
    const times = [0, -1, 0.5, NOW - 1, NOW, NOW + 100 * 86_400_000, 253_402_300_799_999, 253_402_300_800_000, 9e15, -9e15];
    let positions = [position];
    for (const [name, value] of Object.entries(position)) {
      if (value === 0) positions = positions.flatMap((each) => times.map((time) => ({ ...each, [name]: time })));
    }
    for (const each of positions) {
      const answer = await api.get(path, { cursor: Buffer.from(JSON.stringify(each)).toString('base64url') });
      expectSafe(answer);
      if (answer.status !== 200) expect(answer.body.parameter).toBe('cursor');
    }
  });

  test.each([['a service', '/services/{service}/metrics', 'service'], ['an incident', '/incidents/{id}', 'id']])('%s in the path', async (_, path, name) => {
    for (const [what, value] of texts) {
      // Half of a character cannot be percent-encoded.
      for (const sent of [value, ...(/\p{Cs}/u.test(value) ? [] : [encodeURIComponent(value)])]) {
        const answer = await api.send('GET', path, { path: { [name]: sent } });
        expectSafe(answer);
        expect([what, [400, 404].includes(answer.status)]).toEqual([what, true]);
      }
    }
  });

  test.each(['accept', 'content-type', 'idempotency-key', 'content-encoding', 'origin', 'x-forwarded-for', 'authorization'])('the header %s', async (name) => {
    for (const [, value] of texts) {
      for (const { method, path } of API_ROUTES) {
        expectSafe(await api.send(method, path, { path: PATH, headers: { [name]: value }, body: victim }));
      }
    }
  });
});

describe('the Prometheus routes', () => {
  beforeAll(async () => {
    await api.freshTable();
    await api.post(victim);
  });

  const operations = PROMETHEUS.map(({ operation, ...facts }) => ({
    ...facts, names: Object.keys(PROMETHEUS_OPERATIONS[facts.path.replace(PROMETHEUS_BASE, '') as PrometheusRoute].parameters),
  }));
  // So that what comes after the parameter is reached, too.
  const given = { 'query': 'cpu', 'start': '0', 'end': '1', 'step': '1', 'match[]': 'cpu' };

  test.each(operations.flatMap(({ names: all, ...facts }) => all.map((name) => ({ ...facts, name }))))('$id: $name', async ({ method, path, name }) => {
    for (const [what, value] of texts) {
      for (const values of [value, [value, value], ['', value], Array.from({ length: 1_000 }, () => value.slice(0, 100))]) {
        const query: Record<string, string | string[]> = { ...given, [name]: values };
        const fields = Object.entries(query).flatMap(([key, each]) => [each].flat().map((one): [string, string] => [key, one]));
        const form = new URLSearchParams(fields).toString();
        const sent: RequestOptions = method === 'POST' ? { body: form, headers: { 'content-type': 'application/x-www-form-urlencoded' } } : { query };
        const answer = await api.send(method, PROMETHEUS_RESOURCE, { path: { proxy: proxyOf(path) }, ...sent });
        expectSafe(answer);
        if (name === 'match[]') expect([what, JSON.stringify(answer.body)]).toEqual([what, expect.not.stringContaining('secret')]);
      }
    }
  });

  test('a label in the path', async () => {
    for (const [what, value] of texts) {
      for (const sent of [value, ...(/\p{Cs}/u.test(value) ? [] : [encodeURIComponent(value)])]) {
        const answer = await api.send('GET', PROMETHEUS_RESOURCE, { path: { proxy: proxyOf(`${PROMETHEUS_BASE}label/{name}/values`, sent) } });
        expectSafe(answer);
        expect([what, answer.body.data ?? []]).toEqual([what, []]);
      }
    }
  });

  test.each(['accept', 'content-type', 'content-encoding'])('the header %s', async (name) => {
    for (const [, value] of texts) {
      for (const { method, path } of operations) {
        expectSafe(await api.send(method, PROMETHEUS_RESOURCE, { path: { proxy: proxyOf(path) }, headers: { [name]: value }, body: 'query=cpu' }));
      }
    }
  });
});

describe('names', () => {
  test.each(texts)('%s is refused as a name, or stored and found as it is', async (_, name) => {
    await api.freshTable();
    await api.post(victim);
    const { status, body } = await api.post(`{"service":${JSON.stringify(name)},"metrics":{${JSON.stringify(name)}:1.5,"good":2}}`);
    if (status === 400) {
      expect(body).toMatchObject({ accepted: 0, rejected: [{ code: expect.stringMatching(/^(bad_name|no_service)$/) }] });
      expect((await api.get('/services')).body.services).toMatchObject([{ service: 'victim' }]);
      return;
    }
    const service = name.normalize('NFC');
    // Braces are for labels to come, in metrics only.
    const found: Record<string, number> = Object.fromEntries([['good', 2], ...(/[{}]/.test(name) ? [] : [[service, 1.5]])]);
    expect([status, body.accepted]).toEqual([Object.keys(found).length === 2 ? 201 : 207, Object.keys(found).length]);
    api.now = NOW + 1;
    const { series } = (await api.get('/metrics', { service: name, step: 'raw' })).body;
    expect(Object.fromEntries(series.map(({ metric, values: [value] }: any) => [metric, value]))).toEqual(found);
    expect(new Set(series.map((each: any) => each.service))).toEqual(new Set([service]));
    const { services } = (await api.get('/services')).body;
    expect(services.map((each: any) => each.service).sort()).toEqual([service, 'victim'].sort());
    const listed = await api.send('GET', '/services/{service}/metrics', { path: { service: encodeURIComponent(name) } });
    expect(listed.body.metrics.map(({ metric }: any) => metric).sort()).toEqual(Object.keys(found).sort());
  });

  test('two spellings of one name are one name', async () => {
    await api.freshTable();
    for (const service of ['Caf\u00e9', 'Cafe\u0301']) await api.post({ service, metrics: { [service]: 1 } });
    api.now = NOW + 1;
    expect((await api.get('/metrics')).body.series).toMatchObject([{ service: 'Caf\u00e9', metric: 'Caf\u00e9', summary: { count: 2 } }]);
  });
});

describe('bodies', () => {
  beforeEach(() => api.freshTable());
  const deep = (open: string, close: string, inner = '') => open.repeat(100_000) + inner + close.repeat(100_000);
  const base64 = (bytes: Buffer): RequestOptions => ({ body: bytes.toString('base64'), event: { isBase64Encoded: true } });
  const text = JSON.stringify(victim);

  test.each<[string, RequestOptions]>([
    ['10 MB of a text', { body: JSON.stringify('x'.repeat(10_000_000)) }],
    ['10 MB of blanks', { body: ' '.repeat(10_000_000) }],
    ['a service of 10 MB', { body: { service: 'x'.repeat(10_000_000), metrics: { a: 1 } } }],
    ['an array of a million', { body: `[${'0,'.repeat(1_000_000)}0]` }],
    ['objects 100,000 deep', { body: deep('{"service":', '}', '1') }],
    ['a value 100,000 deep', { body: `{"service":"a","metrics":{"a":${deep('[', ']')}}}` }],
    ['a timestamp 100,000 deep', { body: `{"service":"a","timestamp":${deep('[', ']')},"metrics":{"a":1}}` }],
    ['metrics that are __proto__ alone', { body: '{"service":"a","metrics":{"__proto__":{"a":1}}}' }],
    ['a service that is __proto__\'s', { body: '{"__proto__":{"service":"a"},"metrics":{"a":1}}' }],
    ['numbers beyond numbers', { body: '{"service":"a","metrics":{"a":1e999,"b":-1e999}}' }],
    ['numbers that JSON has not', { body: '{"service":"a","metrics":{"a":NaN}}' }],
    ['a value that is a list of a million', { body: `{"service":"a","metrics":{"a":[${'0,'.repeat(1_000_000)}0]}}` }],
    ['UTF-16', base64(Buffer.from(`\ufeff${text}`, 'utf16le'))],
    ['Latin-1', base64(Buffer.from('{"service":"Caf\u00e9","metrics":{"a":1}}', 'latin1'))],
    ['no base64', { body: '{"service":"*** no base64 ***"}', event: { isBase64Encoded: true } }],
    ['gzip that nobody unpacked', base64(Buffer.from('1f8b0800000000000003', 'hex'))],
    ['two documents without an array', { body: text + text }],
    ['a comment', { body: `/**/${text}` }],
    ['half of a character in a text', { body: '{"service":"\\ud83d","metrics":{"a":1}}' }],
  ])('%s: 400, and nothing is stored', async (_, options) => {
    const answer = await api.send('POST', '/metrics', options);
    expectSafe(answer);
    expect(answer.status).toBe(400);
    expect((await api.get('/services')).body.services).toEqual([]);
  });

  test('of members that come twice the last one counts, as in any JSON', async () => {
    expect((await api.post('{"service":"a","service":"b","metrics":{"x":1,"x":2}}')).status).toBe(201);
    api.now = NOW + 1;
    expect((await api.get('/metrics')).body.series).toMatchObject([{ service: 'b', metric: 'x', summary: { sum: 2 } }]);
  });

  test('the least, the greatest and the oddest numbers come back as they are', async () => {
    const values = { minusZero: -0, least: 5e-324, greatest: Number.MAX_VALUE, beyondIntegers: 2 ** 53 + 2, third: 1 / 3, manyDigits: 0.1 + 0.2 };
    await api.post(`{"service":"a","metrics":{"tooExact":1.00000000000000000000000000001,${JSON.stringify(values).slice(1).replace(':0,', ':-0.0,')}}`);
    api.now = NOW + 1;
    const { series } = (await api.get('/metrics', { step: 'raw' })).body;
    // Of JSON's writers, ours among them, most write -0 as 0.
    expect(Object.fromEntries(series.map(({ metric, values: [value] }: any) => [metric, value]))).toEqual({ ...values, minusZero: 0, tooExact: 1 });
  });

  test('of metrics without end as many are stored as a service may have, and an answer comes', async () => {
    const { status, body } = await api.post(`{"service":"a","metrics":{${Array.from({ length: 300_000 }, (_, i) => `"${i}":1`).join()}}}`);
    expect([status, body.accepted, body.rejected.length, body.rejectedNotListed]).toEqual([207, 1_000, 1_000, 298_000]);
    expect(body.rejected.at(-1)).toMatchObject({ index: 0, code: 'too_many_series' });
  });

  test.each(texts)('a timestamp that is %s is refused', async (_, timestamp) => {
    const answer = await api.post({ ...victim, timestamp });
    expectSafe(answer);
    expect(answer).toMatchObject({ status: 400, body: { rejected: [{ code: 'bad_time', path: 'timestamp' }] } });
  });

  test.each([[null], [0], [1e999], [true], [[]], [{}], [NOW / 1000]])('a timestamp that is %j is refused', async (timestamp) => {
    expect(await api.post({ ...victim, timestamp })).toMatchObject({ status: 400, body: { rejected: [{ code: 'bad_time' }] } });
  });
});
