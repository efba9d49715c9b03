import { Harness, NOW, Query, RequestOptions } from './harness';
import { API_ROUTES } from '../../../src/private/shared/api-routes';
import fc from '../../property';

jest.setTimeout(60_000);

let api: Harness;
beforeAll(async () => { api = await Harness.start(); });
beforeEach(() => api.freshTable());
afterAll(() => api.stop());

const HOUR = 3_600_000;
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const document = (facts: object = {}) => ({ service: 'checkout', metrics: { cpu: 42 }, ...facts });
const cursorOf = (position: unknown) => Buffer.from(typeof position === 'string' ? position : JSON.stringify(position)).toString('base64url');

function expectProblem(answer: { status: number; headers: object; body: Record<string, unknown> }, status: number) {
  expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
  expect(answer.body).toMatchObject({ type: 'about:blank', title: expect.any(String), status, detail: expect.any(String) });
  expect(answer.status).toBe(status);
  // Neither a stack trace nor a path of ours.
  expect(JSON.stringify(answer.body)).not.toMatch(/\\n\s+at |:\d+:\d+\)|lambda-src|node_modules/);
}

describe('every route', () => {
  const paths = [...new Set(API_ROUTES.map(({ path }) => path))];

  test.each(paths)('%s answers other methods with 405 and Allow', async (path) => {
    const allowed = API_ROUTES.filter((route) => route.path === path).map(({ method }): string => method);
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'get', '__proto__']) {
      if (allowed.includes(method)) continue;
      const answer = await api.send(method, path, { path: { service: 'a', id: 'a' } });
      expectProblem(answer, 405);
      expect(answer.headers.allow).toBe(allowed.join(', '));
    }
  });

  test.each(API_ROUTES.map(({ method, path }) => [method, path] as const))('%s %s refuses a parameter that it does not know, before it does anything', async (method, path) => {
    const send = jest.spyOn(api.client, 'send');
    const answer = await api.send(method, path, { path: { service: 'a', id: 'a' }, query: { servce: 'a' }, body: document() });
    expectProblem(answer, 400);
    expect(answer.body).toMatchObject({ parameter: 'servce', detail: expect.stringMatching(/^The query parameter "servce" is unknown; expected (one of .*limit|none here)/) });
    expect(send).not.toHaveBeenCalled();
    send.mockRestore();
  });

  test.each(['/', '/nothing', '/metrics/', '/METRICS', '/{proxy+}', '__proto__', 'constructor'])('%s is no path: 404', async (path) => {
    expectProblem(await api.get(path), 404);
  });

  test.each(API_ROUTES.map(({ method, path }) => [method, path] as const))('%s %s is logged without its body', async (method, path) => {
    api.logged.length = 0;
    const { status } = await api.send(method, path, { path: { service: 'none', id: 'none' }, body: document({ service: 'a-secret' }) });
    expect(api.logged).toEqual([{
      level: 'info',
      message: 'request',
      facts: { method, resource: path, status, durationMs: 0, answerBytes: expect.any(Number), requestId: 'request-1' },
    }]);
    expect(JSON.stringify(api.logged)).not.toContain('a-secret');
  });

  test.each(API_ROUTES.filter(({ path }) => !['/health', '/openapi.json'].includes(path)).map(({ method, path }) => [method, path] as const))(
    '%s %s tells nothing of a failure inside, and logs it', async (method, path) => {
      const table = 'there-is-no-such-table';
      Object.assign(api.backend, { store: { ...api.backend.store, table }, incidents: { client: api.client, table } });
      api.logged.length = 0;
      const answer = await api.send(method, path, { path: { service: 'a', id: 'a'.repeat(24) }, body: document() });
      expectProblem(answer, path === '/health/deep' ? 503 : 500);
      expect(JSON.stringify(answer.body)).not.toMatch(/ResourceNotFound|there-is-no-such-table/);
      expect(api.logged).toContainEqual({ level: 'error', message: 'request failed', facts: { requestId: 'request-1', error: expect.objectContaining({ name: 'ResourceNotFoundException' }) } });
    });
});

describe('GET /metrics: parameters', () => {
  const good: [string, Query][] = [
    ['nothing', {}], ['a service', { service: 'checkout' }], ['a service of any script', { service: 'カート 🛒' }], ['a service like a property', { service: '__proto__' }],
    ['several metrics', { metric: ['cpu', 'memory'] }], ['minutes', { timeRange: '15m' }], ['days', { timeRange: '7d' }], ['weeks', { timeRange: '2w' }],
    ['epoch seconds', { from: String(NOW / 1000 - 60), to: String(NOW / 1000) }], ['fractions of seconds', { from: `${NOW / 1000 - 60}.5` }],
    ['RFC 3339', { from: at(-60), to: at(0) }], ['RFC 3339 with offset', { from: '2026-11-23T11:00:00+01:00' }],
    ['only from', { from: at(-5) }], ['only to', { to: at(-5) }], ['from and to beside timeRange', { from: at(-5), to: at(0), timeRange: '7d' }],
    ['ten years', { from: '2017-01-01T00:00:00Z' }], ['the future', { from: at(600), to: at(700) }], ['all of time', { from: '0', to: '9999-12-31T23:59:59.999Z' }],
    ['raw', { step: 'raw' }], ['a step', { step: '1s', timeRange: '3h' }], ['days as a step', { step: '1d', timeRange: '60d' }], ['maxPoints', { maxPoints: '2' }],
    ...['avg', 'min', 'max', 'sum', 'count', 'last', 'p50', 'p90', 'p99', 'p99.9', 'p0.1'].map((stat): [string, Query] => [stat, { stat }]),
    ['the least limit', { limit: '1' }], ['the greatest limit', { limit: '500' }], ['the most points', { step: '1s', from: String(NOW / 1000 - 11_000), to: String(NOW / 1000) }],
    ['a percentile of whole days from before the samples', { stat: 'p99', step: '1d', timeRange: '100d' }],
  ];
  test.each(good)('%s is understood', async (_, query) => {
    expect(await api.get('/metrics', query)).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, body: { series: [], complete: true, cursor: null } });
  });

  const bad: [string, Query, object][] = [
    ['an empty service', { service: '' }, { parameter: 'service' }], ['a service too long', { service: 'é'.repeat(129) }, { parameter: 'service' }],
    ['control characters', { service: 'a\0b' }, { parameter: 'service' }], ['a lone surrogate', { service: '\ud800' }, { parameter: 'service' }],
    ['two services', { service: ['a', 'b'] }, { parameter: 'service' }], ['an empty metric', { metric: ['cpu', ''] }, { parameter: 'metric' }],
    ['a misspelt parameter', { servce: 'a' }, { parameter: 'servce' }], ['a property as parameter', { __proto__x: 'a', constructor: 'b' }, {}],
    ...['', '1', 'h', '1y', '-1h', '0h', '1.5h', '1h ', '99999999d', '１h', 'PT1H'].map((timeRange): [string, Query, object] => [`timeRange "${timeRange}"`, { timeRange }, { parameter: 'timeRange' }]),
    ['a timeRange from before 1970', { timeRange: '9999999w' }, { parameter: 'timeRange', detail: 'timeRange is "9999999w"; expected a length that does not reach back before 1970.' }],
    ['a timeRange that is too long before to', { to: '60', timeRange: '2m' }, { parameter: 'timeRange' }],
    ['a to that is too early for the default', { to: '60' }, { parameter: 'to', detail: 'to is "60"; expected at least 1h after the beginning of 1970, or a from or timeRange beside it.' }],
    ['from before 1970', { from: '1969-12-31T23:59:59Z' }, { parameter: 'from', detail: expect.stringMatching(/^from is "1969-12-31T23:59:59Z"; expected .*1970.*9999/) }],
    ['from beyond the year 9999', { from: '253402300800' }, { parameter: 'from' }], ['to beyond the year 9999 by its offset', { to: '9999-12-31T23:59:59-00:01' }, { parameter: 'to' }],
    ['to before 1970', { from: '5', to: '1969-12-31T23:59:59Z' }, { parameter: 'to' }],
    ...['', 'now', '2026-11-23', '2026-02-30T00:00:00Z', '2026-11-23T25:00:00Z', '2026-11-23T11:00:00', '2026-11-23T11:00:00 01:00', '-1', '1e9', 'NaN', 'Infinity', '9'.repeat(400)]
      .map((from): [string, Query, object] => [`from "${from.slice(0, 30)}"`, { from }, { parameter: 'from' }]),
    ['milliseconds for seconds', { to: String(NOW) }, { parameter: 'to' }], ['to beyond the year 9999', { to: '253402300800' }, { parameter: 'to', detail: expect.stringContaining('"253402300800"') }],
    ['from after to', { from: at(0), to: at(-5) }, { parameter: 'from' }], ['from at to', { from: at(0), to: at(0) }, { parameter: 'from' }],
    ...['', '60', '0s', 'RAW', 'auto'].map((step): [string, Query, object] => [`step "${step}"`, { step }, { parameter: 'step' }]),
    ['too many points', { step: '1s', timeRange: '1d' }, { parameter: 'step', limit: 11_000, detail: expect.stringMatching(/86400 points.*11000/) }],
    ['one point too many', { step: '1s', from: '1000', to: '12001' }, { parameter: 'step', limit: 11_000 }],
    ['too great a maxPoints', { maxPoints: '11001' }, { parameter: 'maxPoints', limit: 11_000, detail: expect.stringContaining('11001') }],
    ...['', '1', '0', '-5', '2.5', 'x'].map((maxPoints): [string, Query, object] => [`maxPoints "${maxPoints}"`, { maxPoints }, { parameter: 'maxPoints' }]),
    ...['', 'AVG', 'p', 'p0', 'p100', 'p99.99', 'p-1', 'median', '__proto__', 'constructor', 'add'].map((stat): [string, Query, object] => [`stat "${stat}"`, { stat }, { parameter: 'stat' }]),
    ['a stat of raw samples', { stat: 'avg', step: 'raw' }, { parameter: 'stat' }],
    ['a percentile of hours from before the samples', { stat: 'p99', step: '1h', timeRange: '64d' }, { parameter: 'stat', detail: expect.stringContaining('2026-09-21T12:00:00.000Z') }],
    ['too great a limit', { limit: '501' }, { parameter: 'limit', limit: 500, detail: expect.stringMatching(/501.*500/) }],
    ...['', '0', '-1', '1.5', 'ten', '9'.repeat(400)].map((limit): [string, Query, object] => [`limit "${limit.slice(0, 20)}"`, { limit }, { parameter: 'limit' }]),
    ...([
      '', '%%%', 'null', '[]', '{}', '"text"', '{"service":1,"metric":"a","from":0,"to":1,"asOf":1}', '{"service":"a","metric":"b","from":0,"to":1e400,"asOf":1}',
      '{"service":"a","metric":"b","from":0.5,"to":1,"asOf":1}', '{"service":"a","metric":"b","from":0,"to":1,"asOf":1,"__proto__":{"x":1}}', `${'['.repeat(10_000)}`,
      JSON.stringify({ name: 'a' }), JSON.stringify({ service: 'x'.repeat(5_000), metric: 'b', from: 0, to: 1, asOf: 1 }), JSON.stringify({ service: 'a', from: 0, to: 1 }),
    ].map((text): [string, Query, object] => [`cursor of ${text.slice(0, 60)}`, { cursor: text === '' ? '' : cursorOf(text) }, { parameter: 'cursor' }])),
    ['a cursor that is no base64', { cursor: '../../etc/passwd' }, { parameter: 'cursor' }],
    ...([[2, 1], [1, 1], [-1, 1], [-9e15, 1], [0, 9e15], [9e15, 1], [0, -9e15], [0, 253_402_300_800_000]]
      .map(([from, to]): [string, Query, object] => [`a cursor of the range from ${from} to ${to}`, { cursor: cursorOf({ service: 'a', from, to, asOf: NOW }) }, { parameter: 'cursor' }])),
  ];
  test.each(bad)('%s is refused: 400', async (_, query, facts) => {
    const answer = await api.get('/metrics', query);
    expectProblem(answer, 400);
    expect(answer.body).toMatchObject(facts);
  });

  test.each<[Query, string]>([
    [{ from: 'rubbish' }, 'from'], [{ to: 'rubbish' }, 'to'], [{ timeRange: 'rubbish' }, 'timeRange'], [{ from: at(0), to: at(-5) }, 'from'], [{ from: ['1', '2'] }, 'from'],
  ])('beside a cursor %j is refused all the same', async (query, parameter) => {
    const [metrics, incidents] = [{ service: 'a', asOf: NOW }, { opened: NOW - HOUR }].map((position) => cursorOf({ ...position, from: NOW - HOUR, to: NOW }));
    for (const [path, cursor] of [['/metrics', metrics], ['/incidents', incidents]]) {
      expect((await api.get(path, { cursor })).status).toBe(200);
      expect(await api.get(path, { ...query, cursor })).toMatchObject({ status: 400, body: { parameter } });
    }
  });

  test('single-valued events (no multiValueQueryStringParameters) are understood too', async () => {
    const event = { multiValueQueryStringParameters: null as never, queryStringParameters: { timeRange: '2h' } };
    const { body } = await api.send('GET', '/metrics', { event });
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(2 * HOUR);
  });

  test('a body of a GET, odd headers and an odd host do nothing', async () => {
    const { status } = await api.send('GET', '/metrics', { body: '{', headers: { 'Host': 'a b', 'X-Any': 'ż', 'Content-Type': 'image/png' } });
    expect(status).toBe(200);
  });

  test.each<[Query, object]>([
    [{}, { from: at(-60), to: at(0), step: 60, stat: 'avg' }],
    [{ timeRange: '1d' }, { from: at(-1440), to: at(0), step: 300 }],
    [{ timeRange: '7d' }, { step: 1800 }],
    [{ timeRange: '60d' }, { step: 10_800 }],
    [{ timeRange: '1h', maxPoints: '7' }, { step: 600 }],
    [{ timeRange: '100d', maxPoints: '2' }, { step: 55 * 86_400 }],
    [{ from: '2026-11-16T00:00:00Z', to: '2026-11-23T00:00:00Z', maxPoints: '7' }, { step: 86_400 }],
    [{ from: '2026-11-21T00:00:00Z', to: '2026-11-23T00:00:00Z', maxPoints: '2' }, { step: 86_400 }],
    [{ to: at(-30), timeRange: '15m' }, { from: at(-45), to: at(-30) }],
    [{ from: '2026-11-23T11:00:00.5+01:00', timeRange: '15m' }, { from: '2026-11-23T10:00:00.500Z', to: at(0) }],
    [{ from: String(NOW / 1000 - 3_600), to: `${NOW / 1000 - 3_599}.25` }, { from: '2026-11-23T11:00:00.000Z', to: '2026-11-23T11:00:01.250Z' }],
    [{ step: 'raw' }, { step: 'raw', stat: null }],
  ])('%j is answered for %j', async (query, expected) => {
    expect((await api.get('/metrics', query)).body).toMatchObject(expected);
  });
});

test('the step that is taken by itself is the shortest customary one that gives at most maxPoints, as a naive search finds it', async () => {
  const [MINUTE, DAY] = [60_000, 24 * HOUR];
  const midnight = NOW - NOW % DAY;
  const days = Array.from({ length: 2_000 }, (_, i) => (i + 1) * DAY);
  const customary = [...[1, 5, 10, 15, 30].map((count) => count * MINUTE), ...[1, 2, 3, 6, 12].map((count) => count * HOUR), ...days];
  const fits = (step: number, from: number, to: number, most: number) => {
    let points = 0;
    for (let start = Math.floor(from / step) * step; start < to && points <= most; start += step) points++;
    return points <= most;
  };
  const range = fc.tuple(fc.constantFrom(MINUTE, HOUR, DAY), fc.integer({ min: 1, max: 2_000 }), fc.nat(50))
    .map(([unit, length, ago]) => [midnight - (ago + length) * unit, midnight - ago * unit]);
  await fc.assert(fc.asyncProperty(range, fc.oneof(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 2_000 })), async ([from, to], most) => {
    const { step } = (await api.get('/metrics', { from: String(from / 1000), to: String(to / 1000), maxPoints: String(most) })).body;
    const shortest = from < NOW - 63 * DAY ? HOUR : 0;
    expect(step * 1000).toBe(customary.find((each) => each >= shortest && fits(each, from, to, most)));
  }), { numRuns: 300 });
});

describe('POST /metrics: bodies', () => {
  const refused: [string, number, RequestOptions, object?][] = [
    ['no body', 400, {}], ['an empty body', 400, { body: '' }], ['malformed JSON', 400, { body: '{"service":' }], ['deep JSON', 400, { body: '['.repeat(1_000_000) }],
    ['deep JSON that is well-formed', 400, { body: '['.repeat(100_000) + ']'.repeat(100_000) }], ['a number', 400, { body: '1' }], ['null', 400, { body: 'null' }],
    ['an empty array', 400, { body: [] }], ['more than 1,000 documents', 400, { body: Array.from({ length: 1_001 }, () => document()) }, { limit: 1_000, detail: expect.stringContaining('1001') }],
    ['bytes that are no UTF-8', 400, { body: Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'), event: { isBase64Encoded: true } }],
    ['a form', 415, { body: document(), headers: { 'content-type': 'application/x-www-form-urlencoded' } }, { parameter: 'Content-Type' }],
    ['XML', 415, { body: '<a/>', headers: { 'Content-Type': 'text/xml' } }], ['almost JSON', 415, { body: document(), headers: { 'Content-Type': 'application/jsonp' } }],
    ['an empty key', 400, { body: document(), headers: { 'Idempotency-Key': ' ' } }, { parameter: 'Idempotency-Key' }],
    ['a key too long', 400, { body: document(), headers: { 'idempotency-key': 'k'.repeat(256) } }, { parameter: 'Idempotency-Key' }],
  ];
  test.each(refused)('%s: %d', async (_, status, options, facts = {}) => {
    const answer = await api.send('POST', '/metrics', options);
    expectProblem(answer, status);
    expect(answer.body).toMatchObject(facts);
    expect((await api.get('/services')).body.services).toEqual([]);
  });

  test.each<[string, unknown, string, string?]>([
    ['no object', 'text', 'not_an_object'], ['no service', { metrics: { a: 1 } }, 'no_service', 'service'], ['a number as service', document({ service: 1 }), 'no_service', 'service'],
    ['no metrics', { service: 'a' }, 'no_metrics', 'metrics'], ['an array of metrics', document({ metrics: [1] }), 'no_metrics', 'metrics'],
    ['a text as value', document({ metrics: { cpu: '42' } }), 'not_a_number', 'metrics.cpu'], ['null as value', document({ metrics: { cpu: null } }), 'not_a_number', 'metrics.cpu'],
    ['labels in a name', document({ metrics: { 'cpu{a="b"}': 1 } }), 'bad_name', 'metrics.cpu{a="b"}'], ['a bad time', document({ timestamp: 'yesterday' }), 'bad_time', 'timestamp'],
    ['an old time', document({ timestamp: '2023-07-26T15:30:00Z' }), 'too_old', 'timestamp'], ['a time ahead', document({ timestamp: at(121) }), 'future', 'timestamp'],
  ])('%s: nothing is stored, and the reason is told', async (_, body, code, path = '') => {
    for (const [sent, index] of [[JSON.stringify(body), 0], [[body, body], 1]] as const) {
      const answer = await api.post(sent);
      expectProblem(answer, 400);
      const rejection = { index, code, message: expect.any(String), ...(path && { path }) };
      expect(answer.body).toMatchObject({ accepted: 0, rejected: expect.arrayContaining([rejection]) });
    }
  });

  test.each<[string, RequestOptions]>([
    ['without content type', { body: document() }], ['as JSON', { body: document(), headers: { 'Content-Type': 'application/json; charset=utf-8' } }],
    ['as a kind of JSON', { body: document(), headers: { 'CONTENT-TYPE': 'application/vnd.checkout.v1+json' } }],
    ['in base64', { body: Buffer.from(JSON.stringify(document())).toString('base64'), event: { isBase64Encoded: true } }],
    ['with a BOM', { body: `\ufeff${JSON.stringify(document())}` }], ['with further fields', { body: document({ host: 'a', constructor: {} }) }],
    ['with a __proto__', { body: '{"__proto__":{"service":"evil"},"service":"checkout","metrics":{"cpu":42}}' }],
    ['as an array', { body: [document()] }], ['with a key', { body: document(), headers: { 'idempotency-key': 'k'.repeat(255) } }],
  ])('%s: 201', async (_, options) => {
    expect(await api.send('POST', '/metrics', options)).toMatchObject({ status: 201, body: { accepted: 1, rejected: [] } });
    expect((await api.get('/services')).body.services).toEqual([{ service: 'checkout', firstDay: '2026-11-23', lastDay: '2026-11-23' }]);
  });

  test('good and bad side by side: 207, the good are stored', async () => {
    const answer = await api.post([document({ metrics: { cpu: 1, disk: 'full' } }), 7, document({ service: '', metrics: { cpu: 2 } }), document({ metrics: { cpu: 3 } })]);
    expect(answer).toMatchObject({
      status: 207,
      body: { accepted: 2, rejected: [{ index: 0, path: 'metrics.disk', code: 'not_a_number' }, { index: 1, code: 'not_an_object' }, { index: 2, path: 'service', code: 'no_service' }] },
    });
    expect((await api.get('/metrics', { timeRange: '1h', to: at(1) })).body.series).toMatchObject([{ metric: 'cpu', summary: { count: 2, sum: 4 } }]);
  });

  test('a metric called __proto__ is a metric', async () => {
    await api.post('{"service":"__proto__","metrics":{"__proto__":5,"constructor":6}}');
    expect((await api.get('/services/{service}/metrics')).status).toBe(400);
    const { body } = await api.send('GET', '/services/{service}/metrics', { path: { service: '__proto__' } });
    expect(body.metrics.map(({ metric }: { metric: string }) => metric)).toEqual(['__proto__', 'constructor']);
  });

  test('more rejections than an answer can list are counted', async () => {
    const metrics = Object.fromEntries(Array.from({ length: 150_000 }, (_, i) => [`m${i}`, null]));
    const { status, body } = await api.post(document({ metrics }));
    expect(status).toBe(400);
    expect(body.rejected).toHaveLength(1_000);
    expect(body.rejectedNotListed).toBe(149_000);
  });
});

describe('the catalogue and health', () => {
  test.each<[string, RequestOptions, number]>([
    ['an unknown parameter', { path: { service: 'a' }, query: { service: 'b' } }, 400], ['a limit too great', { path: { service: 'a' }, query: { limit: '1001' } }, 400],
    ['a hostile cursor', { path: { service: 'a' }, query: { cursor: cursorOf({ service: 'a', from: 0, to: 1, asOf: NOW }) } }, 400],
  ])('%s is refused', async (_, options, status) => {
    for (const path of ['/services', '/services/{service}/metrics']) expectProblem(await api.send('GET', path, options), status);
  });

  test.each<[string, string, number]>([
    ['unknown', 'nobody', 404], ['not percent-encoded UTF-8', '%ff', 400], ['a stray percent', '100%', 400], ['empty', '', 400], ['control characters', 'a%00b', 400],
    ['too long', 'a'.repeat(257), 400], ['a path', '..%2F..%2Fetc', 404],
  ])('a service that is %s (%s): %d', async (_, service, status) => {
    expectProblem(await api.send('GET', '/services/{service}/metrics', { path: { service } }), status);
  });

  test('a service of any script is found by its percent-encoded name, in any normal form', async () => {
    await api.post(document({ service: 'Café 🛒/100%' }));
    for (const name of ['Café 🛒/100%', 'Cafe\u0301 🛒/100%']) {
      const { body } = await api.send('GET', '/services/{service}/metrics', { path: { service: encodeURIComponent(name) } });
      expect(body).toEqual({ service: 'Café 🛒/100%', metrics: [{ metric: 'cpu', firstDay: '2026-11-23', lastDay: '2026-11-23' }], cursor: null });
    }
  });

  test('health touches nothing', async () => {
    Object.assign(api.backend, { store: undefined });
    expect(await api.get('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    Object.assign(api.backend, { store: { client: api.client, table: '-', sampleRetentionDays: 63, rollupRetentionDays: 455, seen: new Map() } });
  });

  test('deep health tells the newest data and the version', async () => {
    expect((await api.get('/health/deep')).body).toEqual({ status: 'ok', services: 0, newestSample: null, newestDay: null, version: '1.2.3' });
    await api.post([document({ timestamp: at(-3 * 1440) }), document({ service: 'old', timestamp: at(-5 * 1440) })]);
    expect((await api.get('/health/deep')).body).toMatchObject({ services: 2, newestSample: null, newestDay: '2026-11-20' });
    await api.post(document({ timestamp: at(-7) }));
    expect((await api.get('/health/deep')).body).toMatchObject({ newestSample: at(-7), newestDay: '2026-11-23' });
  });
});
