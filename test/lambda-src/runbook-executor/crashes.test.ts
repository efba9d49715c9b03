import { snsMessage } from './messages';
import { minutes, result, runbook, T0, World } from './world';

const ALARM = snsMessage({ state: 'ALARM', at: T0 });
const OK = snsMessage({ state: 'OK', from: 'ALARM', at: minutes(7) });

// Each of them lives through an alarm some thirty times.
jest.setTimeout(60_000);

const world = new World();
beforeEach(() => world.fresh());

test('a topic that is out of order loses no report', async () => {
  world.topicFails = true;
  await expect(world.deliver(ALARM)).rejects.toThrow('out of order');
  world.topicFails = false;
  expect(await world.deliver(ALARM)).toBe('DONE');
  expect(world.invoked).toHaveLength(1);
  expect(world.reports()).toHaveLength(1);
  expect(world.reports()[0].json.result.status).toBe('SUCCEEDED');
});

test('the next delivery of a living executor\'s message is given back', async () => {
  world.diesAfter = 1;
  await expect(world.deliver(ALARM)).rejects.toThrow('died');
  world.revive();
  await expect(world.deliver(ALARM)).rejects.toThrow('worked on by another executor');
  world.now += 301_000;
  expect(await world.deliver(ALARM)).toBe('DONE');
});

test('an executor that died while a handler ran is told; the handler is not called again', async () => {
  world.handlers['arn:aws:lambda:eu-west-1:123456789012:function:lambda-error'] = (request) => {
    world.diesAfter = 0;
    return JSON.stringify(result(request));
  };
  await expect(world.deliver(ALARM)).rejects.toThrow('dead');
  world.revive();
  world.now += 301_000;
  await world.deliver(ALARM);
  expect(world.invoked).toHaveLength(1);
  expect(world.reports()).toMatchObject([{ json: { result: { status: 'FAILED', verdict: { ruleId: 'EX-05' } } } }]);
});

/** Lets the executor die after its n-th effect, for every n, and delivers again after the lease. */
async function everyDeath(
  body: string, prepare: () => Promise<void>, check: (n: number) => Promise<void>, meanwhile = async () => {},
): Promise<number> {
  for (let n = 1; ; n++) {
    world.fresh();
    await prepare();
    world.revive();
    world.diesAfter = n;
    const delivered = await world.deliver(body).then(() => true, () => false);
    const { died } = world;
    world.revive();
    world.now += 301_000;
    await meanwhile();
    await world.deliver(body);
    await check(n);
    if (delivered && !died) return n;
  }
}

async function expectOneOf(n: number): Promise<void> {
  const incidents = await world.incidents();
  const invoked = world.invoked.map((request) => request.runbook.name).sort();
  expect([n, incidents.map(({ state, opened, closed }) => [state, opened, closed])]).toEqual([n, [['RESOLVED', T0, minutes(7)]]]);
  expect([n, invoked]).toEqual([n, [...new Set(invoked)]]);
  expect([n, new Set(world.reports().map(({ attributes }) => attributes.runbook))]).toEqual([n, new Set(['one', 'two'])]);
  expect(world.reports('RESOLVED').length).toBeGreaterThanOrEqual(1);
  expect((await world.items('A#')).filter(({ sk }) => sk.startsWith('E#')).map(({ step }) => step)).toEqual(['REPORTED', 'REPORTED']);
  expect(await world.items('L#')).toHaveLength(1);
  const timeline = await world.timeline();
  for (const once of ['OPENED', 'RESOLVED']) expect([n, once, timeline.filter((entry) => entry === once).length]).toEqual([n, once, 1]);
  for (const twice of ['RUN_STARTED', 'RESULT']) expect([n, twice, timeline.filter((entry) => entry === twice).length]).toEqual([n, twice, 2]);
}

const two = async () => world.register([runbook('one'), runbook('two', { order: 1 })]);

test('dying after any write of an ALARM and trying again ends as if nothing had been', async () => {
  const deaths = await everyDeath(ALARM, two, async (n) => {
    world.alarm('OK', minutes(7));
    await world.deliver(OK);
    await expectOneOf(n);
  });
  expect(deaths).toBeGreaterThan(15);
});

test('dying after any write of an ALARM that is over already', async () => {
  const deaths = await everyDeath(ALARM, async () => { await two(); world.alarm('OK', minutes(7)); }, async (n) => {
    await world.deliver(OK);
    await expectOneOf(n);
  });
  expect(deaths).toBeGreaterThan(18);
});

test('dying after any write of an ALARM whose OK came before the second try', async () => {
  const deaths = await everyDeath(ALARM, two, expectOneOf, async () => {
    world.alarm('OK', minutes(7));
    await world.deliver(OK);
  });
  expect(deaths).toBeGreaterThan(15);
});

test('dying after any write of the OK that closes', async () => {
  const deaths = await everyDeath(OK, async () => { await two(); await world.deliver(ALARM); world.alarm('OK', minutes(7)); }, expectOneOf);
  expect(deaths).toBeGreaterThan(5);
});
