import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { Harness, NOW, Query } from './harness';
import { partItem, partsOfDay } from '../../../lambda-src/shared/items';
import { encodePart } from '../../../lambda-src/timeseries/part';
import { floorTo, HOUR } from '../../../lambda-src/timeseries/time';

// Against a table in this process: seconds where other things run beside.
jest.setTimeout(60_000);

let api: Harness;
beforeAll(async () => { api = await Harness.start(); });
beforeEach(() => api.freshTable());
afterAll(() => api.stop());

interface Series { service: string; metric: string; summary: Record<string, number>; timestamps: string[]; values: (number | null)[] }

const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const document = (service: string, metrics: Record<string, number>, minutes = -1) => ({ service, metrics, timestamp: at(minutes) });

async function post(...documents: object[]) {
  expect(await api.post(documents)).toMatchObject({ status: 201 });
}

/** Follows the cursors from the first page to the last. */
async function allPages(path: string, query: Query, member: string, options: { path?: Record<string, string> } = {}) {
  const pages: Series[][] = [];
  for (let cursor: string | null = null; ;) {
    const { status, body } = await api.send('GET', path, { ...options, query: cursor ? { ...query, cursor } : query });
    expect(status).toBe(200);
    pages.push(body[member]);
    cursor = body.cursor;
    if (!cursor) return pages;
    expect(pages.length).toBeLessThan(1_000);
  }
}

/** Puts a part as a log object's would be. */
async function putPart(service: string, time: number, n: number, data: Uint8Array) {
  const { store } = api.backend;
  await api.client.send(new PutItemCommand({
    TableName: store.table, Item: partItem({ service, hour: floorTo(time, HOUR), n }, 'source', 'generation', 63, data),
  }));
}

describe('what was posted is read back', () => {
  test('as the answer is documented', async () => {
    await post(document('checkout', { cpu: 41 }, -59.5), document('checkout', { cpu: 44, memory: 512 }, -59.25), document('checkout', { cpu: 3 }, -2));
    expect((await api.get('/metrics', { service: 'checkout', metric: 'cpu' })).body).toEqual({
      from: at(-60),
      to: at(0),
      step: 60,
      stat: 'avg',
      resolution: 'raw',
      complete: true,
      series: [{
        service: 'checkout',
        metric: 'cpu',
        summary: { count: 3, sum: 88, min: 3, max: 44, avg: 88 / 3, last: 3 },
        timestamps: [at(-60), at(-2)],
        values: [42.5, 3],
      }],
      cursor: null,
    });
  });

  test.each<[Query, string[], (number | null)[]]>([
    [{ stat: 'sum', step: '30m' }, [at(-60), at(-30)], [6, 28]],
    [{ stat: 'count', step: '30m' }, [at(-60), at(-30)], [2, 3]],
    [{ stat: 'max', step: '2h' }, [at(-120)], [16]],
    [{ stat: 'last', step: '2h' }, [at(-120)], [16]],
    [{ stat: 'p50', step: '2h' }, [at(-120)], [4]],
    [{ stat: 'p99.9', step: '30m' }, [at(-60), at(-30)], [4, 16]],
    [{ step: 'raw' }, [at(-50), at(-40), at(-30), at(-20), at(-10)], [2, 4, 4, 8, 16]],
    [{ step: 'raw', from: at(-40), to: at(-10) }, [at(-40), at(-30), at(-20)], [4, 4, 8]],
    [{ stat: 'min', step: '1d', timeRange: '3d' }, ['2026-11-23T00:00:00.000Z'], [2]],
  ])('%j', async (query, timestamps, values) => {
    // Not in the order of their times.
    await post(...[[-30, 4], [-10, 16], [-50, 2], [-20, 8], [-40, 4]].map(([minutes, value]) => document('s', { m: value }, minutes)));
    expect((await api.get('/metrics', query)).body.series).toMatchObject([{ service: 's', metric: 'm', timestamps, values }]);
  });

  test('without a timestamp it is stored at the time of receipt', async () => {
    await api.post({ service: 's', metrics: { m: 1 } });
    expect((await api.get('/metrics')).body.series).toEqual([]);
    api.now += 1;
    expect((await api.get('/metrics', { step: 'raw' })).body.series).toMatchObject([{ timestamps: [at(0)] }]);
  });

  test('across midnight, and in one answer for several requests', async () => {
    for (const minutes of [-12 * 60 - 1, -12 * 60, -1]) await post(document('s', { m: 1 }, minutes));
    const { body } = await api.get('/metrics', { timeRange: '1d', step: '1d', stat: 'count' });
    expect(body.series[0]).toMatchObject({ timestamps: ['2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z'], values: [1, 2] });
  });

  test('every sample of weeks is read exactly once', async () => {
    const minutes = Array.from({ length: 120 }, (_, i) => -i * 720 - 1);
    await post(...minutes.map((each) => document('s', { m: 1 }, each)));
    for (const timeRange of ['7d', '8d', '9d', '60d']) {
      const { body } = await api.get('/metrics', { timeRange, step: '1d', stat: 'count' });
      expect(body.series[0].summary.count).toBe(2 * parseInt(timeRange, 10));
    }
  });

  test('a sum beyond what JSON can carry is null', async () => {
    await post(document('s', { m: Number.MAX_VALUE }, -1), document('s', { m: Number.MAX_VALUE }, -1));
    const [series] = (await api.get('/metrics', { stat: 'sum' })).body.series;
    expect(series).toMatchObject({ summary: { sum: null, max: Number.MAX_VALUE, count: 2 }, values: [null] });
  });

  test('a part of an unknown format, or a damaged one, makes the answer incomplete, never an error', async () => {
    await post(document('good', { m: 1 }), document('bad', { m: 1 }));
    expect((await api.get('/metrics')).body.complete).toBe(true);
    const part = encodePart(new Map([['m', { timestamps: [NOW - 1], values: [1] }]]));
    for (const [n, byte] of [[0, 0], [1, part.length - 1]]) {
      api.logged.length = 0;
      await putPart('bad', NOW - 1, n, part.map((each, i) => (i === byte ? 255 - each : each)));
      const { status, body } = await api.get('/metrics');
      expect({ status, complete: body.complete, services: body.series.map(({ service }: Series) => service) }).toEqual({ status: 200, complete: false, services: ['bad', 'good'] });
      expect(api.logged).toContainEqual(expect.objectContaining({ level: 'warn', facts: { unreadable: expect.arrayContaining([expect.stringContaining('P#bad#2026-11-23')]) } }));
    }
    expect((await api.get('/metrics', { service: 'good' })).body.complete).toBe(true);
  });
});

describe('paging', () => {
  const services = ['a', 'b', 'ü', 'カート', '🛒', '\uff5e', ...Array.from({ length: 4 }, (_, i) => `service-${i}`)];
  const metrics = { 'cpu': 1, 'memory': 2, 'a b': 3, '🔥': 4 };
  const names = (pages: Series[][]) => pages.flat().map(({ service, metric }) => `${service} / ${metric}`);

  test.each(['1', '3', '4', '7', '39', '40', '500'])('%s series a page give every series exactly once, in one order', async (limit) => {
    await post(...services.map((service) => document(service, metrics)));
    const expected = names([(await api.get('/metrics')).body.series]);
    expect(new Set(expected).size).toBe(services.length * 4);
    const pages = await allPages('/metrics', { limit }, 'series');
    expect(names(pages)).toEqual(expected);
    expect(pages).toHaveLength(Math.ceil(expected.length / Number(limit)));
  });

  test('within one service, and with metrics named', async () => {
    await post(document('s', Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`m${i}`, i]))), document('t', { m1: 1 }));
    expect(names(await allPages('/metrics', { service: 's', limit: '7' }, 'series')).length).toBe(50);
    expect(names(await allPages('/metrics', { metric: ['m1', 'm49', 'none'], limit: '1' }, 'series'))).toEqual(['s / m1', 's / m49', 't / m1']);
  });

  test('every page has the range of the first', async () => {
    await post(document('s', { a: 1, b: 2 }, -59));
    const first = (await api.get('/metrics', { limit: '1' })).body;
    api.now += 10 * 60_000;
    const second = (await api.get('/metrics', { limit: '1', cursor: first.cursor })).body;
    expect(second).toMatchObject({ from: first.from, to: first.to, series: [{ metric: 'b' }], cursor: null });
  });

  describe('of a range that begins with the oldest sample that is kept', () => {
    beforeEach(async () => {
      await post(document('s', { a: 1, b: 2, c: 3 }, -62 * 1440 + 50));
      // In ten minutes the hour of that sample expires.
      api.now = NOW + (1440 + 50) * 60_000;
    });
    const query = { timeRange: '63d', limit: '1' };

    test.each<[Query, number | 'raw']>([
      [{ step: 'raw' }, 'raw'], [{ step: '30m' }, 1_800], [{ step: '1h', stat: 'p99' }, 3_600], [{ maxPoints: '11000' }, 600], [{ stat: 'p99' }, 21_600],
      [{ timeRange: '70d', stat: 'p99' }, 86_400],
    ])('every page of %j is planned as the first is, with the step %j', async (question, step) => {
      const { from, to } = (await api.get('/metrics', { ...query, ...question })).body;
      const plans = [];
      for (let cursor: string | null | undefined; cursor !== null; api.now += 25 * 60_000) {
        const { body } = await api.get('/metrics', { ...query, ...question, ...(cursor !== undefined && { cursor }) });
        plans.push([body.from, body.to, body.step, body.series?.map(({ metric, summary }: Series) => [metric, summary.sum])]);
        ({ cursor } = body);
      }
      expect(plans).toEqual([['a', 1], ['b', 2], ['c', 3]].map((series) => [from, to, step, [series]]));
    });

    test('an hour later its cursor is too old: what the first page had may be gone', async () => {
      const { cursor } = (await api.get('/metrics', query)).body;
      api.now += HOUR;
      expect(await api.get('/metrics', { ...query, cursor })).toMatchObject({ status: 200 });
      api.now += 1;
      expect(await api.get('/metrics', { ...query, cursor })).toMatchObject({ status: 400, body: { parameter: 'cursor', detail: expect.stringContaining('too old') } });
    });

    test('a cursor that says another time than that of its first page leads nowhere', async () => {
      const { cursor } = (await api.get('/metrics', query)).body;
      const position = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      api.now += 1;
      for (const asOf of [0, api.now - 90 * 60_000, api.now + 90 * 60_000, 253_402_300_799_999, -1, null]) {
        const forged = Buffer.from(JSON.stringify({ ...position, asOf })).toString('base64url');
        expect(await api.get('/metrics', { ...query, step: 'raw', cursor: forged })).toMatchObject({ status: 400, body: { parameter: 'cursor' } });
      }
    });
  });

  test('a cursor to samples that are all kept still does not get old', async () => {
    await post(document('s', { a: 1, b: 2 }));
    const { from, to, step, cursor } = (await api.get('/metrics', { limit: '1', timeRange: '1d' })).body;
    api.now += 30 * 24 * HOUR;
    expect((await api.get('/metrics', { limit: '1', timeRange: '1d', cursor })).body).toMatchObject({ from, to, step, series: [{ metric: 'b' }] });
  });

  test('a long range of many services is read in bounded pages', async () => {
    await post(...Array.from({ length: 17 }, (_, i) => document(`s${i}`, { m: 1 }, -60 * i - 1)));
    const pages = await allPages('/metrics', { timeRange: '63d' }, 'series');
    expect(pages.length).toBeGreaterThan(1);
    expect(new Set(names(pages)).size).toBe(17);
    expect(names(pages)).toHaveLength(17);
  });

  test('services that were last seen before the range are not read', async () => {
    await post(document('old', { m: 1 }, -5 * 1440), document('new', { m: 1 }));
    const send = jest.spyOn(api.client, 'send');
    await api.get('/metrics');
    const read = send.mock.calls.map(([command]) => JSON.stringify(command.input));
    send.mockRestore();
    expect(read.some((input) => input.includes(partsOfDay('new', NOW)))).toBe(true);
    expect(read.some((input) => input.includes('P#old'))).toBe(false);
  });

  test('of the catalogue', async () => {
    await post(...services.map((service) => document(service, metrics)));
    const listed = (await allPages('/services', { limit: '4' }, 'services')).flat().map(({ service }) => service);
    expect(listed).toHaveLength(services.length);
    expect(new Set(listed)).toEqual(new Set(services));
    const ofOne = (await allPages('/services/{service}/metrics', { limit: '3' }, 'metrics', { path: { service: '%F0%9F%9B%92' } })).flat();
    expect(ofOne.map(({ metric }) => metric)).toEqual(Object.keys(metrics).sort());
  });
});

describe('limits', () => {
  const many = (count: number) => encodePart(new Map([['m', { timestamps: Array.from({ length: count }, (_, i) => NOW - count + i), values: new Float64Array(count) }]]));

  test('11,000 raw samples are given, one more is refused with both numbers', async () => {
    await putPart('s', NOW - 1, 0, many(11_000));
    expect((await api.get('/metrics', { service: 's', step: 'raw' })).body.series[0].values).toHaveLength(11_000);
    await putPart('s', NOW - 1, 1, many(1));
    expect(await api.get('/metrics', { service: 's', step: 'raw' })).toMatchObject({
      status: 400, body: { parameter: 'step', limit: 11_000, detail: expect.stringMatching(/11001 .*11000/) },
    });
  });

  test('an answer over 6 MB is refused with its size, and given in pages', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
    await post(...names.map((name) => document(name, { m: 0 })));
    for (const name of names) await putPart(name, NOW - 1, 0, many(10_400));
    const { status, body } = await api.get('/metrics', { step: 'raw', timeRange: '5m' });
    expect({ status, ...body }).toMatchObject({ status: 400, parameter: 'limit', limit: 6_000_000, detail: expect.stringMatching(/\d{7} bytes/) });
    expect((await api.get('/metrics', { step: 'raw', timeRange: '5m', limit: '18' })).status).toBe(200);
    // Above what is known before writing it, below what is found then.
    expect((await api.get('/metrics', { step: 'raw', timeRange: '5m', limit: '19' })).body).toMatchObject({ status: 400, limit: 6_000_000 });
  });

  test('the rejections and the accepted are all counted at 1,000 documents', async () => {
    const documents = Array.from({ length: 1_000 }, (_, i) => (i % 4 ? document(`s${i % 50}`, { m: i }) : 'no document'));
    const { status, body } = await api.post(documents);
    expect({ status, accepted: body.accepted, rejected: body.rejected.length }).toEqual({ status: 207, accepted: 750, rejected: 250 });
    const { series } = (await api.get('/metrics', { timeRange: '1h' })).body;
    expect(series.reduce((count: number, { summary }: Series) => count + summary.count, 0)).toBe(750);
  });
});

describe('Idempotency-Key', () => {
  const key = { 'Idempotency-Key': 'order-1' };
  const count = async () => {
    api.now += 1;
    const [series] = (await api.get('/metrics', { timeRange: '3h', step: 'raw' })).body.series;
    return series?.summary.count ?? 0;
  };

  test('the same request twice stores once and answers the same, whatever the time', async () => {
    const body = [{ service: 's', metrics: { m: 1, n: 'x' } }, document('s', { m: 1 }, 119), document('s', { m: 1 }, 121)];
    const first = await api.post(body, key);
    expect(first).toMatchObject({ status: 207, body: { accepted: 2, rejected: [{ index: 0 }, { index: 2, code: 'future' }] } });
    // By now, the third document would no longer lie ahead, and the first would get another timestamp.
    api.now += 30 * 60_000;
    expect(await api.post(body, key)).toEqual(first);
    api.now += 2 * HOUR;
    expect(await count()).toBe(2);
  });

  test('twenty at the same time store once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post(document('s', { m: 1 }), key)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await count()).toBe(1);
  });

  test('another body under the same key is refused, and changes nothing', async () => {
    await api.post(document('s', { m: 1 }), key);
    const answer = await api.post(document('s', { m: 2 }), key);
    expect(answer).toMatchObject({ status: 422, headers: { 'content-type': 'application/problem+json' }, body: { parameter: 'Idempotency-Key' } });
    expect(await count()).toBe(1);
  });

  test('without a key, or under another, it is another request', async () => {
    for (const headers of [undefined, undefined, key, { 'idempotency-key': 'order-2' }]) await api.post(document('s', { m: 1 }), headers);
    expect(await count()).toBe(4);
  });

  test.each<[string, object, object]>([
    ['IAM principals', { identity: { userArn: 'arn:aws:iam::1:user/a' } }, { identity: { userArn: 'arn:aws:iam::1:user/b' } }],
    ['Cognito users', { authorizer: { claims: { sub: 'a' } } }, { authorizer: { claims: { sub: 'b' } } }],
    ['custom authorizers\' principals', { authorizer: { principalId: 'a' } }, { authorizer: { principalId: 'b' } }],
    ['API keys', { identity: { apiKeyId: 'a', userArn: null } }, { identity: { apiKeyId: 'b', userArn: null } }],
    ['a caller and nobody', { identity: { userArn: 'a' } }, {}],
  ])('keys of different %s do not meet', async (_, one, other) => {
    const send = (requestContext: object) => api.send('POST', '/metrics', { body: document('s', { m: 1 }), headers: key, event: { requestContext: requestContext as never } });
    for (const context of [one, other, one, other]) expect((await send(context)).status).toBe(201);
    expect(await count()).toBe(2);
  });

  test('sessions of one role are one caller: a retry may come from another task of a service', async () => {
    for (const session of ['task-1', 'task-2']) {
      const identity = { userArn: `arn:aws:sts::123456789012:assumed-role/shipper/${session}` };
      expect((await api.send('POST', '/metrics', { body: document('s', { m: 1 }), headers: key, event: { requestContext: { identity } as never } })).status).toBe(201);
    }
    expect(await count()).toBe(1);
  });

  test('a request that broke off at any of its calls is finished by its repetition', async () => {
    const body = [document('s', { m: 1 }), document('s', { m: 1 }, -70), document('t', { m: 1 })];
    for (let failing = 0; ; failing++) {
      await api.freshTable();
      let calls = 0;
      const real = api.client.send.bind(api.client);
      const send = jest.spyOn(api.client, 'send').mockImplementation(((command: never) => (
        calls++ === failing ? Promise.reject(new Error('broken off')) : real(command))) as never);
      const { status } = await api.post(body, key);
      send.mockRestore();
      if (calls <= failing) {
        expect(status).toBe(201);
        expect(failing).toBeGreaterThan(5);
        return;
      }
      api.now += 60_000;
      expect(await api.post(body, key)).toMatchObject({ status: 201, body: { accepted: 3 } });
      const { series } = (await api.get('/metrics', { timeRange: '3h' })).body;
      expect(series.map(({ service, summary }: Series) => [service, summary.count])).toEqual([['s', 2], ['t', 1]]);
    }
  });

  test('without a key no ledger is written', async () => {
    await api.post(document('s', { m: 1 }));
    const { Items } = await api.client.send(new ScanCommand({ TableName: api.backend.store.table }));
    expect(Items!.map(({ pk }) => pk.S!.split('#')[0]).sort()).toEqual(['C', 'C', 'M', 'P']);
  });
});

describe('service alarms', () => {
  const failing = () => Object.assign(api.backend, { publish: async () => { throw new Error('CloudWatch is away'); } });
  let publish: unknown;
  beforeEach(() => { publish = api.backend.publish; api.published.length = 0; api.logged.length = 0; });
  afterEach(() => Object.assign(api.backend, { publish }));

  test('are told what was stored, and nothing where nothing was', async () => {
    await api.post([document('s', { m: 1 }), document('t', { m: 1 })]);
    await api.post({ service: 's' });
    expect(api.published).toEqual([['s', 't']]);
  });

  test('that cannot be published do not make a caller without a key store twice; the failure is logged', async () => {
    failing();
    expect((await api.post(document('s', { m: 1 }))).status).toBe(201);
    expect(api.logged).toContainEqual({ level: 'error', message: 'service alarm values not published', facts: { error: new Error('CloudWatch is away') } });
  });

  test('that cannot be published are published by the repetition under the same key', async () => {
    failing();
    expect((await api.post(document('s', { m: 1 }), { 'idempotency-key': 'k' })).status).toBe(500);
    Object.assign(api.backend, { publish });
    expect((await api.post(document('s', { m: 1 }), { 'idempotency-key': 'k' })).status).toBe(201);
    expect(api.published).toEqual([['s']]);
  });
});
