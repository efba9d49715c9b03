import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { description, OPERATIONS, PROMETHEUS, proxyOf } from './described';
import { Harness, NOW } from './harness';
import { problemsOf, resolve } from './json-schema';
import { Parameters } from '../../../lambda-src/metrics-api/prometheus/parameters';
import { PROMETHEUS_BASE, PROMETHEUS_ROUTES } from '../../../lambda-src/metrics-api/prometheus/route-table';
import * as request from '../../../lambda-src/metrics-api/request';
import { API_ROUTES, PROMETHEUS_RESOURCE } from '../../../src/private/shared/api-routes';
import { apiPage } from '../../../tools/api-page';
import { openApiText } from '../../../tools/openapi-text';

jest.setTimeout(60_000);

let api: Harness;
beforeAll(async () => { api = await Harness.start(); await api.freshTable(); });
afterAll(() => api.stop());

interface Described { name: string; in: string; required: boolean; description: string; schema: Record<string, any>; example?: unknown }
const operations = API_ROUTES.map(({ method, path, access }) => ({ id: `${method} ${path}`, method, path, access, operation: description.paths[path][method.toLowerCase()] }));
const identity = { userArn: 'arn:aws:iam::123456789012:user/alice' };
const parametersOf = (operation: any, place: string): Described[] => operation.parameters.filter((parameter: Described) => parameter.in === place);

/** Every object within, with where it is. */
function* within(value: any, at = '#'): Generator<[string, any]> {
  if (typeof value !== 'object' || value === null) return;
  yield [at, value];
  for (const [name, each] of Object.entries(value)) yield* within(each, `${at}/${name}`);
}

describe('the description', () => {
  test('has every route, and nothing else', () => {
    const prometheus = Object.entries(PROMETHEUS_ROUTES).flatMap(([route, methods]) => methods.map((method) => `${method} ${PROMETHEUS_BASE}${route}`));
    expect(OPERATIONS.map(({ id }) => id).sort()).toEqual([...operations.map(({ id }) => id), ...prometheus].sort());
    expect(new Set(OPERATIONS.map(({ operation }) => operation.operationId)).size).toBe(OPERATIONS.length);
  });

  test('has no reference that leads nowhere, and no schema that nothing leads to', () => {
    const references = [...within(description)].filter(([, value]) => '$ref' in value).map(([, { $ref }]) => $ref);
    references.forEach((reference) => resolve(reference, description));
    expect([...new Set(references)].sort()).toEqual(Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`).sort());
  });

  test('has no example and no default that does not fit', () => {
    const examples = [...within(description.paths), ...within(description.components)].flatMap(([at, value]): [string, object, unknown][] => [
      ...('schema' in value && 'example' in value ? [[at, value.schema, value.example] as [string, object, unknown]] : []),
      ...('type' in value && 'default' in value ? [[at, value, value.default] as [string, object, unknown]] : []),
      ...(Array.isArray(value.examples) ? value.examples.map((example: unknown) => [at, value, example]) : []),
    ]);
    expect(examples.length).toBeGreaterThan(20);
    expect(examples.flatMap(([at, schema, example]) => problemsOf(schema, example, description).map((problem) => `${at}: ${problem}`))).toEqual([]);
  });

  const accessOf = (id: string) => operations.find((own) => own.id === id)?.access;
  test.each(OPERATIONS)('$id: open or authorised as the route is, its parameters and answers described, its problems problem+json', ({ id, path, operation }) => {
    const open = accessOf(id) === 'open';
    expect(operation.security ?? description.security).toEqual(open ? [] : [{ caller: [] }]);
    expect(parametersOf(operation, 'path').map(({ name }) => `{${name}}`)).toEqual(path.match(/\{[^}]+\}/g) ?? []);
    for (const parameter of operation.parameters) expect(parameter).toMatchObject({ description: expect.stringMatching(/./) });
    for (const { required } of parametersOf(operation, 'path')) expect(required).toBe(true);
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(open ? ['429', '500'] : ['401', '403', '429', '500']));
    for (const [status, answer] of Object.entries<any>(operation.responses)) {
      expect(answer.description).toMatch(/./);
      for (const [type, { schema }] of Object.entries<any>(answer.content)) {
        // The Prometheus routes refuse in Prometheus' own envelope.
        if (Number(status) < 400 || schema.$ref?.endsWith('/PrometheusError')) expect(type).not.toBe('application/problem+json');
        else expect(type).toBe('application/problem+json');
      }
    }
  });

  test.each([['openapi.json', openApiText], ['api.md', apiPage]])('stands in docs/%s as it is: else run npx tsx tools/openapi.ts', (name, text) => {
    expect(readFileSync(join(__dirname, '../../../docs', name), 'utf8')).toBe(text());
  });

  test.each([['/v1/openapi.json', '/v1'], ['/openapi.json', '/'], ['/monitoring/api/openapi.json/', '/monitoring/api'], [undefined, '/']])(
    'is served, with the API\'s place in the address %s', async (path, server) => {
      const { status, body } = await api.send('GET', '/openapi.json', { event: { requestContext: { path, identity } as never } });
      expect(status).toBe(200);
      expect(body).toEqual({ ...description, servers: [{ url: server }] });
    });

  test.each<[string, object, boolean]>([
    ['a signed request', { identity }, false], ['a token of Cognito', { authorizer: { claims: { sub: 'alice' } } }, false],
    ['an authorizer of one\'s own', { authorizer: { principalId: 'alice' } }, false], ['a key', { identity: { apiKeyId: 'k' } }, false],
    ['nobody', { identity: { userArn: null, apiKeyId: null } }, true],
  ])('that %s is let in shows whether callers have to show who they are', async (_, context, open) => {
    const { body } = await api.send('GET', '/openapi.json', { event: { requestContext: { path: '/v1/openapi.json', ...context } as never } });
    expect(body).toEqual(open ? { ...description, security: [], components: { schemas: description.components.schemas } } : description);
  });
});

describe('the Prometheus routes', () => {
  test.each<[string, boolean | undefined, boolean, unknown, boolean]>([
    ['ask as all others do', undefined, false, undefined, true],
    ['are open as all others are', undefined, true, undefined, false],
    ['ask, where all others are open', false, true, [{ caller: [] }], true],
    ['are open, where all others ask', true, false, [], true],
  ])('%s', async (_, prometheusOpen, open, security, schemes) => {
    Object.assign(api.backend, { prometheusOpen });
    const event = { requestContext: { identity: open ? {} : identity } as never };
    const { body } = await api.send('GET', '/openapi.json', { event }).finally(() => Object.assign(api.backend, { prometheusOpen: undefined }));
    expect(body.security).toEqual(open ? [] : [{ caller: [] }]);
    for (const { path, method } of PROMETHEUS) expect(body.paths[path][method.toLowerCase()].security).toEqual(security);
    expect('securitySchemes' in body.components).toBe(schemes);
  });

  // What must be there stops a route that lacks it before it reads on.
  const given: Record<string, string> = { 'query': '1', 'start': '0', 'end': '1', 'step': '1', 'match[]': 'cpu' };
  const send = (path: string, method: string, query: Record<string, string>) => (
    api.send(method, PROMETHEUS_RESOURCE, { query, path: { proxy: proxyOf(path) } })
  );

  test.each(PROMETHEUS)('$id reads what is described', async ({ method, path, operation }) => {
    const read = new Set<string>();
    const spy = jest.spyOn(Parameters.prototype, 'all').mockImplementation((name) => { read.add(name); return [given[name] ?? []].flat(); });
    const { status } = await send(path, method, {}).finally(() => spy.mockRestore());
    expect(status).toBe(200);
    const form = operation.requestBody?.content['application/x-www-form-urlencoded'].schema;
    const described = method === 'GET' ? parametersOf(operation, 'query').map(({ name }) => name) : Object.keys(form.properties);
    expect([...read].sort()).toEqual(described.sort());
    const required = method === 'GET' ? parametersOf(operation, 'query').filter((each) => each.required).map(({ name }) => name) : form.required;
    for (const name of described) {
      const { [name]: _, ...others } = given;
      expect([name, (await send(path, method, others)).status]).toEqual([name, required.includes(name) ? 400 : 200]);
    }
  });

  const times = ['2026-11-23T10:00:00Z', '2026-11-23t10:00:00.5+01:00', '1', '1.25', '-1', '', 'now', '2026-11-23', '2026-11-23T11:00:00', 'NaN', '9999999999999'];
  const values: Record<string, string[]> = {
    'query': ['1'],
    'match[]': ['cpu', '{service="checkout"}'],
    'metric': ['cpu', '', '{', '__proto__'],
    'time': times,
    'start': times,
    'end': times,
    'step': ['60', '0.001', '1m30s', '1s', '250ms', '0', '-1', '0.0001', 'm', '1s1m', '1.5m', 'PT1H', 'auto', 'NaN'],
    'limit': ['0', '1', '999999999999999', '1000000000000000', '-1', '1.5', 'x'],
  };
  const queried = PROMETHEUS.filter(({ method }) => method === 'GET').flatMap(({ path, operation }) => parametersOf(operation, 'query').map((parameter) => ({ path, ...parameter })));
  test.each(queried)('$path, $name: the schema takes what the handler takes', async ({ path, name, schema }) => {
    for (const value of values[name]) {
      const isNumber = /^-?[0-9.]+$/.test(value) && schema.type !== 'string';
      const typed = isNumber ? Number(value) : schema.type === 'array' ? [value] : value;
      // The range's length plays no part here.
      const range: Record<string, string> = ['start', 'end'].includes(name) ? { start: value, end: value } : {};
      const { status } = await send(path, 'GET', { ...given, step: '1h', ...range, [name]: value });
      expect([value, status]).toEqual([value, problemsOf(schema, typed, description).length === 0 ? 200 : 400]);
    }
  });
});

describe('what the handler reads is what is described', () => {
  test.each(operations)('$id', async ({ id, method, path, operation }) => {
    await api.post({ service: 'a', timestamp: new Date(NOW - 1).toISOString(), metrics: { m: 1 } });
    const incident = await api.history.open(new Date(NOW - 1).toISOString());
    const queried: string[] = [];
    const headers: string[] = [];
    const paths: string[] = [];
    const spies = [
      jest.spyOn(request.QueryParameters.prototype, 'all').mockImplementation((name) => { queried.push(name); return []; }),
      jest.spyOn(request, 'header').mockImplementation((_, name) => { headers.push(name); return undefined; }),
      jest.spyOn(request, 'pathParameter').mockImplementation((_, name) => { paths.push(name); return name === 'id' ? incident : 'a'; }),
    ];
    const { status } = await api.send(method, path, { body: { service: 'a', metrics: { m: 1 } } }).finally(() => spies.forEach((spy) => spy.mockRestore()));
    expect([id, status]).toEqual([id, method === 'POST' ? 201 : 200]);
    const described = (place: string) => parametersOf(operation, place).map(({ name }) => name).sort();
    expect([...new Set(queried)].sort()).toEqual(described('query'));
    expect(headers).toEqual(described('header').map((name) => name.toLowerCase()));
    expect(paths).toEqual(described('path'));
  });

  const durations = ['30s', '15m', '1h', '7d', '2w', '', '1', 'h', '0h', '00s', '1y', '-1h', '1.5h', '1h ', '99999999s', 'PT1H'];
  const times = ['2026-11-23T10:00:00Z', '2026-11-23t10:00:00.5+01:00', '1', '1.25', '', 'now', '2026-11-23', '2026-11-23T11:00:00', '-1', '1e9', '1.', 'NaN', '9999999999999'];
  const counts = ['', '0', '1', '2', '100', '101', '500', '501', '1000', '1001', '11000', '11001', '-1', '1.5', 'x'];
  const values: Record<string, string[]> = {
    service: ['a', '🛒', 'a b', '', 'a\0', 'a\x7f', 'a\x9f', 'x'.repeat(256), 'x'.repeat(257)],
    metric: ['a', '', 'a\n'],
    timeRange: durations,
    step: [...durations.filter((each) => each !== '1y'), 'raw', 'RAW', 'auto'],
    from: times,
    to: times,
    maxPoints: counts,
    limit: counts,
    state: ['OPEN', 'RESOLVED', 'STALE', 'ALARM_GONE', '', 'open', 'CLOSED', '__proto__'],
    severity: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', '', 'high', 'SEVERE', '__proto__'],
    stat: ['avg', 'min', 'max', 'sum', 'count', 'last', 'p50', 'p99.9', 'p0.1', 'p01', '', 'AVG', 'p', 'p0', 'p0.0', 'p00', 'p100', 'p99.99', 'median', '__proto__'],
  };
  const queried = ['/metrics', '/incidents'].flatMap((path) => parametersOf(description.paths[path].get, 'query').map((parameter) => ({ path, ...parameter })));
  test.each(queried.filter(({ name }) => name !== 'cursor'))('$path, $name: the schema takes what the handler takes', async ({ path, name, schema }) => {
    for (const value of values[name]) {
      const typed = schema.type === 'integer' && value !== '' ? Number(value) : schema.type === 'array' ? [value] : value;
      // Where the range's own length plays no part in the answer.
      const from = { to: '0', from: value }[name] ?? '2026-11-23T11:00:00Z';
      const { status } = await api.get(path, { from, [name]: value });
      expect([value, status]).toEqual([value, problemsOf(schema, typed, description).length === 0 ? 200 : 400]);
    }
  });
});
