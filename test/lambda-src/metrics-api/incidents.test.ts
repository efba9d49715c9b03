import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { description } from './described';
import { eventOf, Harness, NOW, type Query } from './harness';
import { resultOf, RETENTION_DAYS, VERDICT } from './incident-history';
import { problemsOf } from './json-schema';
import { createApi } from '../../../lambda-src/metrics-api/app';
import { MAX_DAYS_LISTED, MAX_INCIDENTS_READ, MAX_RUNS } from '../../../lambda-src/metrics-api/limits';
import { toAttributes } from '../../../lambda-src/shared/attributes';
import { incidentKey } from '../../../lambda-src/shared/incident-items';
import fc from '../../property';

jest.setTimeout(60_000);

let api: Harness;
beforeAll(async () => { api = await Harness.start(); });
beforeEach(() => api.freshTable());
afterAll(() => api.stop());
afterEach(() => jest.restoreAllMocks());

const DAY = 86_400_000;
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const days = (count: number) => at(count * 1440);
const cursorOf = (position: object) => Buffer.from(JSON.stringify(position)).toString('base64url');

const list = async (query?: Query) => (await api.get('/incidents', query)).body;
const ids = async (query?: Query): Promise<string[]> => (await list(query)).incidents.map(({ id }: { id: string }) => id);
const one = (id: string, query?: Query) => api.send('GET', '/incidents/{id}', { path: { id }, query });

/** What is asked of the table while an answer is made. */
async function callsOf(ask: () => Promise<unknown>): Promise<string[]> {
  const send = jest.spyOn(api.client, 'send');
  await ask();
  const names = send.mock.calls.map(([command]) => (command as object).constructor.name);
  send.mockRestore();
  return names;
}

/** Every page of a list, one after the other. */
async function pagesOf(query: Query, most = 100): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ ...query, ...(cursor !== null && { cursor }) });
    pages.push(page.incidents.map(({ id }: { id: string }) => id));
    cursor = page.cursor;
    if (pages.length > most) throw new Error(`more than ${most} pages`);
  } while (cursor !== null);
  return pages;
}

describe('GET /incidents', () => {
  test('tells of each what the incident is, the newest first, and nothing that only the table knows', async () => {
    const first = await api.history.change({ state: 'ALARM', at: at(-90), service: 'checkout', severity: 'CRITICAL' });
    await api.history.run(first, { runbook: 'high-error-rate', started: at(-90), finished: at(-89) });
    await api.history.change({ state: 'OK', at: at(-60), service: 'checkout', severity: 'CRITICAL' });
    const second = await api.history.change({ state: 'ALARM', at: at(-30), alarm: 'throttles', severity: 'LOW' });
    expect(await list()).toEqual({
      incidents: [
        { id: second, state: 'OPEN', alarm: 'throttles', service: null, severity: 'LOW', opened: at(-30), closed: null, verdict: null },
        {
          id: first, state: 'RESOLVED', alarm: 'checkout-errors', service: 'checkout', severity: 'CRITICAL', opened: at(-90), closed: at(-60), verdict: VERDICT,
        },
      ],
      cursor: null,
    });
  });

  test('nothing ever happened: an empty list', async () => {
    expect(await list()).toEqual({ incidents: [], cursor: null });
  });

  test('the range is of the time of opening, half-open, by default the last week', async () => {
    const [old, week, now] = [await api.history.open(days(-7.001)), await api.history.open(days(-7)), await api.history.open(at(0))];
    expect(await ids()).toEqual([week]);
    expect(await ids({ to: at(1), timeRange: '8d' })).toEqual([now, week, old]);
    expect(await ids({ from: days(-7), to: at(0) })).toEqual([week]);
    expect(await ids({ from: days(-7.001), to: days(-7) })).toEqual([old]);
    expect(await ids({ from: String(NOW / 1000), to: at(1) })).toEqual([now]);
    expect(await ids({ from: days(-8), timeRange: '1m' })).toEqual([week, old]);
    expect(await ids({ from: days(1), to: days(2) })).toEqual([]);
  });

  test('filters by state, service and severity, of which some may be repeated', async () => {
    const open = await api.history.open(at(-3), { service: 'Caf\u00e9', severity: 'CRITICAL' });
    const resolved = await api.history.open(at(-2), { alarm: 'a', service: 'cart', severity: 'LOW' });
    await api.history.change({ state: 'OK', at: at(-1), alarm: 'a' });
    const other = await api.history.open(at(-1), { severity: 'HIGH' });
    expect(await ids({ state: 'OPEN' })).toEqual([other, open]);
    expect(await ids({ state: 'RESOLVED' })).toEqual([resolved]);
    expect(await ids({ state: ['RESOLVED', 'OPEN'] })).toEqual([other, resolved, open]);
    expect(await ids({ state: ['STALE', 'ALARM_GONE'] })).toEqual([]);
    expect(await ids({ service: 'Cafe\u0301' })).toEqual([open]);
    expect(await ids({ service: 'nobody' })).toEqual([]);
    expect(await ids({ severity: ['LOW', 'CRITICAL'] })).toEqual([resolved, open]);
    expect(await ids({ severity: 'HIGH', state: 'OPEN' })).toEqual([other]);
  });

  test.each<[Query, object]>([
    [{ state: 'open' }, { parameter: 'state', detail: 'state is "open"; expected one of OPEN, RESOLVED, STALE, ALARM_GONE.' }],
    [{ state: ['OPEN', ''] }, { parameter: 'state' }], [{ severity: 'SEVERE' }, { parameter: 'severity', detail: expect.stringContaining('CRITICAL, HIGH, MEDIUM, LOW') }],
    [{ service: '' }, { parameter: 'service' }], [{ service: ['a', 'b'] }, { parameter: 'service' }], [{ from: at(0), to: at(-1) }, { parameter: 'from' }],
    [{ timeRange: 'week' }, { parameter: 'timeRange' }], [{ limit: '0' }, { parameter: 'limit' }], [{ limit: '101' }, { parameter: 'limit', limit: 100 }],
    [{ cursor: 'x' }, { parameter: 'cursor' }], [{ metric: 'cpu' }, { parameter: 'metric' }],
    // Such as nobody was given.
    [{ cursor: cursorOf({ opened: 5, from: 0, to: 1 }) }, { parameter: 'cursor' }], [{ cursor: cursorOf({ opened: 0, from: 0, to: 1, id: 'I#x' }) }, { parameter: 'cursor' }],
    [{ cursor: cursorOf({ opened: 9e15, from: 0, to: 9e15 }) }, { parameter: 'cursor' }], [{ cursor: cursorOf({ opened: -1, from: -1, to: 9 }) }, { parameter: 'cursor' }],
    [{ cursor: cursorOf({ opened: 5, from: 5, to: 5 }) }, { parameter: 'cursor' }], [{ cursor: cursorOf({ opened: 2, from: 2, to: 1 }) }, { parameter: 'cursor' }],
    [{ cursor: cursorOf({ opened: 5, from: 5, to: 9e15 }) }, { parameter: 'cursor' }],
    [{ cursor: cursorOf({ entry: '2026-11-23T12:00:00.000Z#EVENT#0' }) }, { parameter: 'cursor' }],
  ])('%j is refused', async (query, problem) => {
    expect(await api.get('/incidents', query)).toMatchObject({ status: 400, body: problem });
  });

  test.each(['STALE', 'ALARM_GONE'])('an incident that is %s is listed as such', async (state) => {
    const id = await api.history.open(at(-5));
    await api.client.send(new UpdateItemCommand({
      TableName: api.backend.incidents!.table,
      Key: toAttributes(incidentKey(id)),
      UpdateExpression: 'SET #state = :state, #closed = :closed',
      ExpressionAttributeNames: { '#state': 'state', '#closed': 'closed' },
      ExpressionAttributeValues: { ':state': { S: state }, ':closed': { S: at(-1) } },
    }));
    expect((await list({ state })).incidents).toMatchObject([{ id, state, closed: at(-1), verdict: null }]);
  });

  test('what has expired is gone, though DynamoDB has it for days still', async () => {
    const [expired, kept] = [await api.history.open(days(0)), await api.history.open(days(1))];
    api.now = NOW + (RETENTION_DAYS + 0.5) * DAY;
    expect((await pagesOf({ timeRange: '500d' })).flat()).toEqual([kept]);
    expect([(await one(expired)).status, (await one(kept)).status]).toEqual([404, 200]);
  });

  test('what is listed and not there is left out: the list outlived it', async () => {
    const id = await api.history.open(at(-1));
    await api.client.send(new DeleteItemCommand({ TableName: api.backend.incidents!.table, Key: toAttributes(incidentKey(id)) }));
    expect(await ids()).toEqual([]);
  });

  test('pages hold the range and each incident once, whatever is new meanwhile, even in the same millisecond', async () => {
    const same = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((alarm) => api.history.open(at(-10), { alarm })));
    const before = await api.history.open(at(-20));
    const first = await list({ limit: '2', timeRange: '1h' });
    expect(first.incidents).toHaveLength(2);
    api.now = NOW + 50 * 60_000;
    await api.history.open(at(10));
    const rest = [];
    for (let cursor = first.cursor; cursor !== null;) {
      const page = await list({ limit: '2', timeRange: '1h', cursor });
      rest.push(...page.incidents);
      ({ cursor } = page);
    }
    const all = [...first.incidents, ...rest].map(({ id }: { id: string }) => id);
    expect(all.slice(0, 5).sort()).toEqual([...same].sort());
    expect(all.slice(5)).toEqual([before]);
  });

  test('a last page that is full says that it is the last', async () => {
    for (let i = 0; i < 3; i++) await api.history.open(at(-i - 1));
    expect((await pagesOf({ limit: '3' })).map((page) => page.length)).toEqual([3]);
    expect((await pagesOf({ limit: '2' })).map((page) => page.length)).toEqual([2, 1]);
  });

  test('whatever there is and however it is cut, the pages together are what a naive list has', async () => {
    const opening = fc.record({ minutes: fc.integer({ min: -3 * 1440, max: 0 }), severity: fc.constantFrom('HIGH' as const, 'LOW' as const) });
    const openingsOf = fc.uniqueArray(opening, { selector: ({ minutes }) => minutes, maxLength: 60 });
    await fc.assert(fc.asyncProperty(openingsOf, fc.integer({ min: 1, max: 7 }), fc.boolean(), async (openings, limit, all) => {
      await api.freshTable();
      const made = [];
      for (const { minutes, severity } of openings) made.push({ minutes, severity, id: await api.history.open(at(minutes), { severity }) });
      const expected = made.filter(({ minutes, severity }) => minutes >= -2880 && minutes < 0 && (all || severity === 'LOW'))
        .sort((a, b) => b.minutes - a.minutes).map(({ id }) => id);
      const pages = await pagesOf({ timeRange: '2d', limit: String(limit), ...(!all && { severity: 'LOW' }) });
      expect(pages.flat()).toEqual(expected);
    }), { numRuns: 40 });
  });

  describe('reads no more than a page may', () => {
    test('of days: a question about a year is answered in pages, of which some are empty', async () => {
      api.now = NOW + 200 * DAY;
      const id = await api.history.open(at(0));
      const query = { timeRange: '300d' };
      const calls = await callsOf(() => list(query));
      expect(calls.filter((name) => name === 'QueryCommand')).toHaveLength(MAX_DAYS_LISTED);
      expect(await pagesOf(query)).toEqual([[], [], [id], []]);
    });

    test('of time: nothing before the library was there, and nothing that is yet to come', async () => {
      const pages = await pagesOf({ from: '0', to: '9999-12-31T23:59:59.999Z' }, 10);
      expect(pages.flat()).toEqual([]);
      expect(await callsOf(() => list({ from: '0', to: '2025-12-31T00:00:00Z' }))).toEqual([]);
    });

    test.each([
      ['begins later on the day that the end of what is read lies in', '2026-11-24T18:00:00Z', '2026-11-25T00:00:00Z'],
      ['begins just there', '2026-11-24T12:00:00Z', '2026-11-24T12:00:00.001Z'],
      ['ends where the library begins', '2025-12-31T18:00:00Z', '2026-01-01T00:00:00Z'],
    ])('of a range in which nothing can be: one that %s', async (_, from, to) => {
      expect(await callsOf(async () => expect(await list({ from, to })).toEqual({ incidents: [], cursor: null }))).toEqual([]);
    });

    test('of incidents: where a filter matches little, the page ends with what it found', async () => {
      for (let i = 0; i < MAX_INCIDENTS_READ + 30; i++) await api.history.open(new Date(NOW - 1000 - i * 1000).toISOString());
      const last = await api.history.open(at(-1000), { severity: 'LOW' });
      const query = { severity: 'LOW' };
      const calls = await callsOf(() => list(query));
      expect(calls.filter((name) => name === 'BatchGetItemCommand')).toHaveLength(MAX_INCIDENTS_READ / 100);
      expect(await pagesOf(query)).toEqual([[], [last]]);
    });
  });
});

describe('GET /incidents/{id}', () => {
  test('tells what the list tells, the timeline, the runs and the last result, and nothing that only the table knows', async () => {
    const id = await api.history.change({ state: 'ALARM', at: at(-10), service: 'checkout' });
    const first = await api.history.run(id, { runbook: 'high-error-rate', started: at(-9), finished: at(-8) });
    const second = await api.history.run(id, { runbook: 'own', started: at(-7), finished: at(-6), result: { status: 'PARTIAL', verdict: { ...VERDICT, ruleId: 'OWN-01' } } });
    await api.history.tell(id, { time: at(-5), type: 'REFUSED', text: 'ALARM once more', reason: 'duplicate' });
    await api.history.change({ state: 'OK', at: at(-4), service: 'checkout' });
    const { status, body } = await one(id);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...(await list()).incidents[0],
      runs: [
        { runId: second, runbook: 'own', started: at(-7), finished: at(-6), status: 'PARTIAL', verdict: { ...VERDICT, ruleId: 'OWN-01' } },
        { runId: first, runbook: 'high-error-rate', started: at(-9), finished: at(-8), status: 'SUCCEEDED', verdict: VERDICT },
      ],
      result: { ...resultOf(second), status: 'PARTIAL', verdict: { ...VERDICT, ruleId: 'OWN-01' } },
      timeline: [
        { time: at(-10), type: 'OPENED', text: expect.stringContaining('the alarm fired') },
        { time: at(-9), type: 'RUN_STARTED', text: 'high-error-rate begins', runbook: 'high-error-rate', runId: first },
        { time: at(-8), type: 'RESULT', text: expect.stringContaining('SUCCEEDED'), runbook: 'high-error-rate', runId: first },
        { time: at(-7), type: 'RUN_STARTED', text: 'own begins', runbook: 'own', runId: second },
        { time: at(-6), type: 'RESULT', text: expect.stringContaining('PARTIAL'), runbook: 'own', runId: second },
        { time: at(-5), type: 'REFUSED', text: 'ALARM once more', reason: 'duplicate' },
        { time: at(-4), type: 'RESOLVED', text: expect.stringContaining('OK') },
      ],
      cursor: null,
    });
    expect(JSON.stringify(body)).not.toMatch(/"(pk|sk|ttl|v|step|lease|request|verdictAt|counts|alarmArn)"|of-the-request/);
  });

  test('while nothing has run, and while the first run goes on, there is no result', async () => {
    const id = await api.history.open(at(-10));
    expect((await one(id)).body).toMatchObject({ state: 'OPEN', closed: null, verdict: null, runs: [], result: null });
    const runId = await api.history.run(id, { runbook: 'general', started: at(-9) });
    expect((await one(id)).body).toMatchObject({ runs: [{ runId, runbook: 'general', started: at(-9), finished: null, status: null, verdict: null }], result: null });
  });

  test('the last result is that of the run which ended last; one that was skipped counts only where all were', async () => {
    const id = await api.history.open(at(-10));
    const skipped = await api.history.run(id, { runbook: 'manual', started: at(-9), finished: at(-9), result: { status: 'SKIPPED' } });
    expect((await one(id)).body.result).toMatchObject({ runId: skipped });
    const long = await api.history.run(id, { runbook: 'long', started: at(-8), finished: at(-2) });
    await api.history.run(id, { runbook: 'short', started: at(-7), finished: at(-6) });
    await api.history.run(id, { runbook: 'manual', started: at(-1), finished: at(-1), result: { status: 'SKIPPED' } });
    expect((await one(id)).body.result).toMatchObject({ runId: long });
  });

  test('of many runs the newest are told', async () => {
    const id = await api.history.open(at(-100));
    const made = [];
    for (let i = 0; i < MAX_RUNS + 5; i++) made.push(await api.history.run(id, { runbook: 'general', started: at(-90 + i), finished: at(-90 + i) }));
    const { body } = await one(id, { limit: '3' });
    expect(body.runs.map(({ runId }: { runId: string }) => runId)).toEqual(made.slice(5).reverse());
    expect(body.result.runId).toBe(made.at(-1));
  });

  test('a long timeline comes in pages, each entry once', async () => {
    const id = await api.history.open(at(-100));
    for (let i = 0; i < 10; i++) await api.history.tell(id, { time: at(-50 + Math.floor(i / 4)), type: 'EVENT', text: `entry ${i}` });
    const whole = (await one(id)).body.timeline;
    expect(whole).toHaveLength(11);
    const entries = [];
    let pages = 0;
    for (let cursor: string | null | undefined; cursor !== null; pages++) {
      const { body } = await one(id, { limit: '4', ...(cursor !== undefined && { cursor }) });
      expect(body).toMatchObject({ id, runs: [], result: null });
      entries.push(...body.timeline);
      ({ cursor } = body);
    }
    expect([pages, entries]).toEqual([3, whole]);
  });

  test.each([
    '0'.repeat(24), 'a'.repeat(24), 'A'.repeat(24), 'x', '', ' ', '..%2F..%2Fetc', '__proto__', 'INCIDENT', 'a'.repeat(65_536), encodeURIComponent('I#x'), encodeURIComponent(`${'a'.repeat(24)}\n`),
  ].map((id) => [id.slice(0, 40), id]))('there is no incident "%s": 404', async (_, id) => {
    const { status, headers, body } = await one(id);
    expect({ status, headers, body }).toMatchObject({
      status: 404, headers: { 'content-type': 'application/problem+json' }, body: { status: 404, parameter: 'id', detail: expect.stringMatching(/^No incident ".*" is known; GET \/incidents lists/) },
    });
  });

  test.each<[Query, object]>([
    [{ limit: '0' }, { parameter: 'limit' }], [{ limit: '501' }, { parameter: 'limit', limit: 500 }], [{ cursor: 'x' }, { parameter: 'cursor' }], [{ timeRange: '1d' }, { parameter: 'timeRange' }],
    [{ cursor: cursorOf({ entry: '~' }) }, { parameter: 'cursor' }], [{ cursor: cursorOf({ entry: 'T#'.repeat(100) }) }, { parameter: 'cursor' }],
  ])('%j is refused', async (query, problem) => {
    expect(await one(await api.history.open(at(-1)), query)).toMatchObject({ status: 400, body: problem });
  });

  test('an id that is not percent-encoded UTF-8 is refused', async () => {
    expect(await one('%ff')).toMatchObject({ status: 400, body: { parameter: 'id' } });
  });
});

describe('without an incident table', () => {
  const answerTo = (resource: string) => createApi({ ...api.backend, incidents: undefined })(eventOf('GET', resource, { path: { id: 'a'.repeat(24) } }));

  test.each(['/incidents', '/incidents/{id}'])('there is no %s', async (resource) => {
    expect((await answerTo(resource)).statusCode).toBe(404);
  });

  test('the description tells of what is there, and of nothing else', async () => {
    const { paths, components } = JSON.parse((await answerTo('/openapi.json')).body);
    expect(Object.keys(paths)).toEqual(Object.keys(description.paths).filter((path) => !path.startsWith('/incidents')));
    const references = [...JSON.stringify({ paths, components }).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect([...new Set(references)].sort()).toEqual(Object.keys(components.schemas).sort());
  });
});

test('whatever a result says, its description says it too', () => {
  const result = resultOf('r');
  expect(problemsOf(description.components.schemas.Result, result, description)).toEqual([]);
  expect(problemsOf(description.components.schemas.Result, { ...result, secret: 1 }, description)).not.toEqual([]);
});
