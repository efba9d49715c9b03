import { type DynamoDBClient, PutItemCommand, type QueryCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describedPath, undescribed } from './described';
import { eventOf, Harness, NOW, Query } from './harness';
import { answerPrometheus } from '../../../lambda-src/metrics-api/prometheus/routes';
import { catalogueKey, partItem } from '../../../lambda-src/shared/items';
import { DAY, HOUR, MINUTE } from '../../../lambda-src/timeseries/time';

const RESOURCE = '/prometheus/{proxy+}';
const SECONDS = NOW / 1000;

let harness: Harness;
beforeAll(async () => { harness = await Harness.start(); });
afterAll(() => harness.stop());

interface Sent { readonly query?: Query; readonly form?: string; readonly event?: Partial<APIGatewayProxyEvent> }

async function send(method: string, proxy: string, { query, form, event }: Sent = {}) {
  const headers: Record<string, string> = form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
  const answer = await answerPrometheus(eventOf(method, RESOURCE, { query, path: { proxy }, headers, body: form, event }), harness.backend);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/json' });
  const [status, body] = [answer.statusCode, JSON.parse(answer.body)];
  // So every test of a route is one of its description too.
  expect(undescribed(method, describedPath(RESOURCE, proxy), { status, headers: answer.headers!, body })).toEqual([]);
  return { status, headers: answer.headers!, body };
}
const get = (route: string, query?: Query) => send('GET', `api/v1/${route}`, { query });
const post = (route: string, fields: [string, string][]) => send('POST', `api/v1/${route}`, { form: new URLSearchParams(fields).toString() });

async function store(service: string, metrics: Record<string, number>, at = NOW) {
  const { status } = await harness.post({ service, metrics, timestamp: new Date(at).toISOString() });
  expect(status).toBe(201);
}

beforeEach(async () => {
  await harness.freshTable();
  harness.logged.length = 0;
  await store('checkout', { 'cpu': 1, 'io.wait': 5 }, NOW - 2 * MINUTE);
  await store('checkout', { 'cpu': 3, 'io.wait': 7, 'io-wait': 9 }, NOW - MINUTE);
  await store('search', { cpu: 10 }, NOW - MINUTE);
});

describe('what Grafana\'s Prometheus source sends', () => {
  test('its health check', async () => {
    expect(await post('query', [['query', '1+1'], ['time', String(SECONDS)]])).toMatchObject({
      status: 200, body: { status: 'success', data: { resultType: 'scalar', result: [SECONDS, '2'] } },
    });
  });

  test('what it asks to know the source\'s features', async () => {
    const { status, body } = await get('status/buildinfo');
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ version: '3.0.0', application: 'cdk-serverless-monitoring', applicationVersion: '1.2.3' });
    // With it, it would take the source for a Mimir.
    expect(body.data).not.toHaveProperty('features');
  });

  test('a panel\'s range', async () => {
    const { status, body } = await post('query_range', [
      ['query', 'sum by(service) (sum_over_time(cpu{service=~"checkout|search"}[1m]))'], ['start', String(SECONDS - 120)], ['end', String(SECONDS)], ['step', '60'], ['timeout', '30s'],
    ]);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            { metric: { service: 'checkout' }, values: [[SECONDS - 120, '1'], [SECONDS - 60, '3']] },
            { metric: { service: 'search' }, values: [[SECONDS - 60, '10']] },
          ],
        },
      },
    });
  });

  test('an instant query of a table', async () => {
    const { body } = await post('query', [['query', 'cpu'], ['time', new Date(NOW).toISOString()]]);
    expect(body.data).toEqual({
      resultType: 'vector',
      result: [
        { metric: { __name__: 'cpu', service: 'checkout' }, value: [SECONDS, '3'] }, { metric: { __name__: 'cpu', service: 'search' }, value: [SECONDS, '10'] },
      ],
    });
  });

  test('the names and values of labels', async () => {
    const range: Query = { start: String(SECONDS - 3600), end: String(SECONDS) };
    expect((await post('labels', [['start', String(SECONDS - 3600)], ['end', String(SECONDS)]])).body.data).toEqual(['__name__', 'metric', 'service']);
    expect((await get('labels', { ...range, 'match[]': 'cpu' })).body.data).toEqual(['__name__', 'service']);
    expect((await get('label/__name__/values', range)).body.data).toEqual(['cpu', 'io_wait']);
    expect((await get('label/service/values', { ...range, 'match[]': '{__name__="io_wait"}' })).body.data).toEqual(['checkout']);
    expect((await get('label/metric/values', range)).body.data).toEqual(['io-wait', 'io.wait']);
    expect((await get('label/service/values', { ...range, 'match[]': ['{service="search"}', '{metric!=""}'] })).body.data).toEqual(['checkout', 'search']);
    expect((await get('label/missing/values', range)).body.data).toEqual([]);
    expect((await get('label/service/values', { limit: '1' })).body).toEqual({ status: 'success', data: ['checkout'], warnings: ['results truncated due to limit'] });
  });

  test('the series', async () => {
    const { body } = await post('series', [['match[]', '{service="checkout"}'], ['match[]', 'cpu'], ['start', String(SECONDS - 3600)], ['end', String(SECONDS)]]);
    expect(body.data).toEqual([
      { __name__: 'cpu', service: 'checkout' },
      { __name__: 'cpu', service: 'search' },
      { __name__: 'io_wait', metric: 'io-wait', service: 'checkout' },
      { __name__: 'io_wait', metric: 'io.wait', service: 'checkout' },
    ]);
    expect((await get('series', { 'match[]': 'cpu', 'start': String(SECONDS - 9 * 86_400), 'end': String(SECONDS - 8 * 86_400) })).body.data).toEqual([]);
  });

  test('the metadata', async () => {
    const unknown = [{ type: 'unknown', help: '', unit: '' }];
    expect((await get('metadata')).body.data).toEqual({ cpu: unknown, io_wait: unknown });
    expect((await get('metadata', { limit: '1', limit_per_metric: '1' })).body.data).toEqual({ cpu: unknown });
    expect((await get('metadata', { metric: 'io_wait' })).body.data).toEqual({ io_wait: unknown });
    expect((await get('metadata', { metric: 'nothing' })).body.data).toEqual({});
  });
});

describe('a request', () => {
  test('is a form and a query together, the form first; its body may be in base64; what is unknown is ignored', async () => {
    const form = Buffer.from('query=1%2B1&x=y').toString('base64');
    const { body } = await send('POST', 'api/v1/query', { form, query: { time: '10.5', query: '3', dedup: 'true' }, event: { isBase64Encoded: true } });
    expect(body.data).toEqual({ resultType: 'scalar', result: [10.5, '2'] });
  });

  test('without lists of its parameters, as some clients of the function send it', async () => {
    expect((await send('GET', 'api/v1/query', { event: { multiValueQueryStringParameters: null, queryStringParameters: { query: '1' } } })).body.data.result[1]).toBe('1');
  });

  test('is at now where it names no time', async () => {
    expect((await get('query', { query: '1' })).body.data.result[0]).toBe(SECONDS);
  });

  test('of a text, a range of samples and a number at several times', async () => {
    expect((await get('query', { query: '"a"', time: '1' })).body.data).toEqual({ resultType: 'string', result: [1, 'a'] });
    expect((await get('query', { query: 'cpu{service="checkout"}[10m]' })).body.data).toEqual({
      resultType: 'matrix',
      result: [{ metric: { __name__: 'cpu', service: 'checkout' }, values: [[SECONDS - 120, '1'], [SECONDS - 60, '3']] }],
    });
    expect((await get('query_range', { query: '-1', start: '0', end: '1', step: '500ms' })).body.data).toEqual({
      resultType: 'matrix', result: [{ metric: {}, values: [[0, '-1'], [0.5, '-1'], [1, '-1']] }],
    });
    expect((await get('query', { query: 'cpu', limit: '1' })).body).toMatchObject({ data: { result: [{}] }, warnings: ['results truncated due to limit'] });
  });

  test('takes what Prometheus calls a label that no path can hold', async () => {
    expect((await send('GET', 'api%2Fv1/label/U____name____/values')).body.data).toEqual([]);
    expect((await send('GET', 'api/v1/label/U____name__/values')).body.data).toEqual([]);
    expect((await send('GET', 'api/v1/label/U______name____/values')).status).toBe(200);
    expect((await send('GET', 'api/v1/label/%5F%5Fname__/values')).body.data).toEqual(['cpu', 'io_wait']);
    expect((await send('GET', 'api/v1/label/U__service/values')).body.data).toEqual(['checkout', 'search']);
    expect((await send('GET', 'api/v1/label/U__s_65_rvice/values')).body.data).toEqual(['checkout', 'search']);
  });

  test.each<[string, Query, string]>([
    ['query', {}, 'invalid parameter "query": it is missing'],
    ['query', { query: 'a', time: 'soon' }, 'invalid parameter "time": "soon"; expected RFC 3339'],
    ['query', { query: 'a', time: '1e300' }, 'expected a time from the year 1 to the year 9999'],
    ['query', { query: 'a{' }, 'invalid parameter "query": 1:3: parse error: unexpected end of the query'],
    ['query', { query: 'a[290y]', time: '-62000000000' }, 'reaches beyond the years 1 to 9999'],
    ['query', { query: 'a', limit: '-1' }, 'invalid parameter "limit"'],
    ['query_range', { query: 'a', end: '1', step: '1' }, 'invalid parameter "start": it is missing'],
    ['query_range', { query: 'a', start: '2', end: '1', step: '1' }, 'end timestamp must not be before start time'],
    ['query_range', { query: 'a', start: '0', end: '1', step: '0' }, 'invalid parameter "step": "0"; expected seconds, or a duration'],
    ['query_range', { query: 'a', start: '0', end: '1', step: '0.0001' }, 'invalid parameter "step"'],
    ['query_range', { query: 'a', start: '0', end: '11001', step: '1' }, 'this range has 11001 steps; at most 11000'],
    ['query_range', { query: 'a[5m]', start: '0', end: '1', step: '1' }, 'invalid expression type "range vector" for range query'],
    ['query_range', { query: '"a"', start: '0', end: '1', step: '1' }, 'invalid expression type "string"'],
    ['series', {}, 'no match[] parameter provided'],
    ['series', { 'match[]': '{}' }, 'invalid parameter "match[]": 1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['labels', { 'match[]': ['a', 'a{'] }, 'invalid parameter "match[]": 1:3: parse error: unexpected end of the selector in label matching'],
    ['label/service/values', { 'match[]': 'a offset 5m' }, 'invalid parameter "match[]": 1:3: parse error: unexpected "offset" in match[], expected the end of the selector'],
    ['series', { 'match[]': Array(101).fill('a') }, 'invalid parameter "match[]": there are 101 of it; at most 100 are taken'],
    ['labels', { 'match[]': 'sum(a)' }, 'unexpected "("'],
    ['labels', { start: '2', end: '1' }, 'end timestamp must not be before start time'],
  ])('%s of %j is refused', async (route, query, message) => {
    const { status, body } = await get(route, query);
    expect({ status, body }).toEqual({ status: 400, body: { status: 'error', errorType: 'bad_data', error: expect.stringContaining(message) } });
  });

  test('of more text than is read is refused, by its parameter', async () => {
    const long = `{a="${'x'.repeat(8192)}"}`;
    for (const [route, parameter] of [['query', 'query'], ['series', 'match[]']]) {
      expect(await get(route, { [parameter]: long })).toMatchObject({
        status: 400, body: { errorType: 'bad_data', error: `invalid parameter "${parameter}": it has 8198 characters; at most 8192 are taken` },
      });
    }
  });

  test('with regular expressions that grow too much together is refused', async () => {
    const matches = (count: number) => Array(count).fill('{service=~"(?:xxxxxxxxxx){1000}"}');
    expect((await get('series', { 'match[]': matches(9) })).status).toBe(200);
    expect(await get('series', { 'match[]': matches(10) })).toMatchObject({
      status: 400, body: { error: 'invalid parameter "match[]": 1:2: parse error: the regular expressions up to here grow to about 201200 steps; at most 200000 are taken' },
    });
  });

  test('of what is not supported is 422', async () => {
    expect(await get('query', { query: 'rate(cpu[5m])' })).toMatchObject({
      status: 422, body: { status: 'error', errorType: 'execution', error: expect.stringContaining('take sum_over_time') },
    });
  });

  test('of another form is refused', async () => {
    const { status, body } = await send('POST', 'api/v1/query', { event: { body: '{"query":"1"}', headers: { 'content-type': 'application/json' } } });
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'Content-Type is "application/json"; expected application/x-www-form-urlencoded' });
  });

  test('by another method is told those there are', async () => {
    expect(await send('DELETE', 'api/v1/query')).toMatchObject({ status: 405, headers: { allow: 'GET, POST' }, body: { status: 'error', errorType: 'bad_data' } });
    expect(await send('POST', 'api/v1/metadata', { form: '' })).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });

  test.each(['', 'api/v1', 'api/v1/', 'api/v1/rules', 'api/v2/query', 'api/v1/label//values', 'api/v1/label/a/b/values', 'api/v1/__proto__', 'api/v1/query/x', '/api/v1/query'])(
    'for %j finds nothing', async (proxy) => {
      expect(await send('GET', proxy)).toMatchObject({ status: 404, body: { status: 'error', errorType: 'not_found' } });
    });

  test('with a path that is no text is refused', async () => {
    expect((await send('GET', 'api/v1/label/%ff/values')).status).toBe(400);
  });
});

describe('the data', () => {
  test('with names of anything', async () => {
    await store('__proto__', { ['__proto__']: 1, 'größe "x"': 2, 'constructor': 3 });
    expect((await get('query', { query: '__proto__' })).body.data.result).toEqual([
      { metric: Object.fromEntries([['__name__', '__proto__'], ['service', '__proto__']]), value: [SECONDS, '1'] },
    ]);
    expect((await get('query', { query: '{metric="größe \\"x\\"", service="__proto__"}' })).body.data.result[0].metric.__name__).toBe('gr__e__x_');
    expect(Object.keys((await get('metadata')).body.data)).toEqual(['__proto__', 'constructor', 'cpu', 'gr__e__x_', 'io_wait']);
  });

  test('of a service whose name nothing can have is empty, and is not looked up: DynamoDB refuses so long a key', async () => {
    const keys: string[] = [];
    const recording = async (command: QueryCommand) => {
      keys.push(command.input.ExpressionAttributeValues![':pk'].S!.slice(0, 20));
      return harness.client.send(command);
    };
    const backend = { ...harness.backend, store: { ...harness.backend.store, client: { send: recording } as unknown as DynamoDBClient } };
    for (const name of ['x'.repeat(2047), 'ü'.repeat(129), '\\u0000']) {
      const selector = `{service="${name}"}`;
      for (const [proxy, query] of [
        ['api/v1/query', { query: selector }], ['api/v1/series', { 'match[]': selector }], ['api/v1/labels', { 'match[]': selector }],
        ['api/v1/label/service/values', { 'match[]': ['{service="checkout"}', selector] }],
      ] as const) {
        const { statusCode, body } = await answerPrometheus(eventOf('GET', RESOURCE, { query, path: { proxy } }), backend);
        expect({ proxy, statusCode, body: JSON.parse(body) }).toMatchObject({ proxy, statusCode: 200, body: { status: 'success' } });
      }
    }
    expect(new Set(keys)).toEqual(new Set(['C#checkout']));
  });

  test('of a service are found by its name as it was stored, in normal form, and by no other: Prometheus compares bytes', async () => {
    await store('Cafe\u0301', { cpu: 1 });
    expect((await get('series', { 'match[]': '{service="Caf\u00e9"}' })).body.data).toEqual([{ __name__: 'cpu', service: 'Caf\u00e9' }]);
    expect((await get('series', { 'match[]': '{service="Cafe\u0301"}' })).body.data).toEqual([]);
  });

  test('of one time in several objects comes in one order, and at the last second', async () => {
    await store('checkout', { cpu: 4 }, NOW - MINUTE);
    expect((await get('query', { query: 'count_over_time(cpu{service="checkout"}[5m])' })).body.data.result[0].value[1]).toBe('3');
    await store('checkout', { cpu: 2 }, NOW - 90_000);
    const { values } = (await get('query', { query: 'cpu{service="checkout"}[5m]' })).body.data.result[0];
    expect(values.map(([time]: [number]) => time - SECONDS)).toEqual([-120, -90, -60, -60]);
  });

  test('over days and hours', async () => {
    await store('checkout', { cpu: 100 }, NOW - 30 * HOUR);
    expect((await get('query', { query: 'sum_over_time(cpu{service="checkout"}[2d])' })).body.data.result[0].value[1]).toBe('104');
    // The left end is open.
    expect((await get('query', { query: 'sum_over_time(cpu{service="checkout"}[30h])' })).body.data.result[0].value[1]).toBe('4');
    expect((await get('query', { query: 'cpu{service="checkout"} offset 30h' })).body.data.result[0].value[1]).toBe('100');
  });

  test('before what is kept are missing, which is told', async () => {
    const { body } = await get('query', { query: 'sum_over_time(cpu[100d])' });
    expect(body.data.result).toHaveLength(2);
    expect(body.warnings).toEqual([`samples are kept since ${new Date(NOW - 63 * DAY).toISOString()}: what is asked of the time before is missing`]);
    expect((await get('query', { query: 'sum_over_time(cpu[50d])' })).body).not.toHaveProperty('warnings');
  });

  test('that cannot be read are missing, which is told', async () => {
    const { store: { table } } = harness.backend;
    await harness.client.send(new PutItemCommand({
      TableName: table, Item: partItem({ service: 'search', hour: NOW - HOUR, n: 0 }, 'f'.repeat(24), '0', 63, Buffer.from([99])),
    }));
    const { body } = await get('query', { query: 'cpu' });
    expect(body.data.result).toHaveLength(2);
    expect(body.warnings).toEqual(['1 stored part(s) of the service "search" cannot be read: their samples are missing']);
    expect(harness.logged.map(({ level }) => level)).toContain('warn');
  });

  test('of too many series are refused with their number', async () => {
    for (const half of [0, 1]) await store('wide', Object.fromEntries(Array.from({ length: 251 }, (_, i) => [`m${half}${i}`, i])));
    const { status, body } = await get('query', { query: '{service="wide"}' });
    expect({ status, error: body.error }).toEqual({ status: 422, error: 'The query selects 502 series; at most 500 are taken. Match a service, or fewer metrics.' });
    expect((await get('query', { query: 'count({service="wide", __name__=~"m0.*"})' })).body.data.result[0].value[1]).toBe('251');
    // As many points as they come to are more than an answer holds.
    const range = { start: String(SECONDS), end: String(SECONDS + 299), step: '0.1' };
    expect(await get('query_range', { query: '{service="wide", __name__=~"m0.*"}', ...range })).toMatchObject({ status: 400, body: { error: expect.stringMatching(/bytes; at most 6000000/) } });
  });

  test('of too many days are refused with their number', async () => {
    for (let i = 0; i < 20; i++) {
      for (const key of [catalogueKey(`s${i}`), catalogueKey(`s${i}`, 'cpu')]) {
        await harness.client.send(new PutItemCommand({ TableName: harness.backend.store.table, Item: { ...key, first: { S: '2026-01-01' }, last: { S: '2026-11-23' } } }));
      }
    }
    const { status, body } = await get('query', { query: 'sum_over_time(cpu[60d])' });
    expect({ status, error: body.error }).toEqual({ status: 422, error: 'The query needs 1342 days of services to be read; at most 1000 are. Match fewer services, or take a shorter range.' });
  });

  test('that cannot be had at all are our fault, without its trace', async () => {
    const broken = { ...harness.backend, store: { ...harness.backend.store, table: 'none' } };
    const { statusCode, body } = await answerPrometheus(eventOf('GET', RESOURCE, { query: { query: 'a' }, path: { proxy: 'api/v1/query' } }), broken);
    expect(statusCode).toBe(500);
    expect(JSON.parse(body)).toEqual({ status: 'error', errorType: 'internal', error: 'The request failed for a reason of ours. It is in the function\'s log, under the request id request-1.' });
    expect(harness.logged.at(-1)).toMatchObject({ level: 'error', facts: { requestId: 'request-1' } });
  });
});
