import { snsMessage } from './messages';
import { minutes, result, runbook, SETTINGS, T0, World } from './world';

/** What the executor leaves for later, counts between runs, and does by its schedule. */

const ALARM = snsMessage({ state: 'ALARM', at: T0 });
const RECONCILE = JSON.stringify({ executor: 'RECONCILE' });
const HANDLER = runbook('lambda-error').functionArn!;
const MINUTE = 60_000;

const world = new World();
beforeEach(() => world.fresh());

/** Answers the first look and the second with different verdicts. */
function changesItsMind(second: object = { ruleId: 'LE-09', title: 'A permission was taken away', confidence: 'HIGH', category: 'PERMISSION' }): void {
  world.handlers[HANDLER] = (request) => JSON.stringify(result(request, request.mode === 'SECOND_LOOK' ? { verdict: second as never } : {}));
}

describe('the second look', () => {
  const isOverBeforeTheSecondLook = async () => {
    await world.deliver(ALARM);
    world.alarm('OK', minutes(4));
    await world.deliver(snsMessage({ state: 'OK', from: 'ALARM', at: minutes(4) }));
    await world.passTime(10 * MINUTE);
  };

  beforeEach(() => { world.settings = { ...SETTINGS, secondLookDelay: 600 }; });

  test('comes ten minutes after the first, in the same incident, and is reported if its verdict is another', async () => {
    changesItsMind();
    await world.deliver(ALARM);
    await world.passTime(9 * MINUTE);
    expect(world.invoked.map(({ mode }) => mode)).toEqual(['INVESTIGATE']);
    await world.passTime(MINUTE);
    expect(world.invoked.map(({ mode }) => mode)).toEqual(['INVESTIGATE', 'SECOND_LOOK']);
    expect(world.invoked[1]).toMatchObject({ incidentId: world.invoked[0].incidentId, window: { end: minutes(5) }, alarm: { state: 'ALARM', stateTimestamp: T0 } });
    expect(world.invoked[1].runId).not.toBe(world.invoked[0].runId);
    const [, second] = world.reports();
    expect(second.json).toMatchObject({ before: { ruleId: 'LE-08' }, result: { verdict: { ruleId: 'LE-09' } }, incident: { verdict: { ruleId: 'LE-09' } } });
    expect(second.Subject).toMatch(/Second look: A permission was taken away/);
    expect(second.copies.email).toContain('Second look: the first said A new version fails (LE-08, confidence HIGH)');
  });

  test('is not reported where the verdict stands; the timeline tells', async () => {
    await world.deliver(ALARM);
    await world.passTime(10 * MINUTE);
    expect(world.invoked).toHaveLength(2);
    expect(world.reports()).toHaveLength(1);
    const [told] = (await world.items('I#')).filter(({ sk, text }) => sk.startsWith('T#') && /second look came to/.test(text));
    expect(told.text).toBe('lambda-error: a second look came to LE-08; LE-08 stands');
  });

  test('that finds it recovered is no news where people know that it is over', async () => {
    changesItsMind({ ruleId: 'LE-15', title: 'Recovered', confidence: 'HIGH', category: 'RECOVERED' });
    await isOverBeforeTheSecondLook();
    expect(world.reports()).toHaveLength(1);
  });

  test('that finds the cause of what is over is news', async () => {
    changesItsMind();
    await isOverBeforeTheSecondLook();
    expect(world.reports()).toHaveLength(2);
  });

  test('does not wait for the cooldown of the first, and none follows it', async () => {
    changesItsMind();
    await world.deliver(ALARM);
    await world.passTime(10 * MINUTE);
    await world.passTime(60 * MINUTE);
    expect(world.invoked).toHaveLength(2);
    expect(world.later).toEqual([]);
  });

  test('comes once, however often its message does', async () => {
    changesItsMind();
    await world.deliver(ALARM);
    const [{ body }] = world.later;
    await world.passTime(10 * MINUTE);
    expect(await world.deliver(body)).toBe('DUPLICATE');
    expect(world.invoked).toHaveLength(2);
    expect(world.reports()).toHaveLength(2);
  });

  test('has nothing to repeat where no handler looked at anything', async () => {
    delete world.handlers[HANDLER];
    await world.deliver(ALARM);
    expect(world.later).toEqual([]);
  });

  test('of an alarm that is gone is a line of the timeline', async () => {
    await world.deliver(ALARM);
    world.alarms = [];
    await world.passTime(10 * MINUTE);
    expect(world.invoked).toHaveLength(1);
    expect(await world.timeline()).toContain('REFUSED(alarm gone)');
  });

  test('whose executor died is not run again, and what was lost is not reported as news', async () => {
    changesItsMind();
    await world.deliver(ALARM);
    const [{ body }] = world.later;
    for (let n = 1; n < 12; n++) {
      world.revive();
      world.diesAfter = n;
      await world.deliver(body).catch(() => undefined);
      world.revive();
      world.now += 301_000;
      await world.deliver(body);
    }
    expect(world.invoked.filter(({ mode }) => mode === 'SECOND_LOOK').length).toBeLessThanOrEqual(1);
    expect(world.reports().every(({ json }) => !json.result.verdict.ruleId.startsWith('EX-'))).toBe(true);
  });
});

describe('the circuit breaker', () => {
  const alarms = ['a', 'b', 'c', 'd', 'e'];
  beforeEach(() => {
    for (const name of alarms) world.alarm('ALARM', T0, name);
    world.register([runbook('lambda-error', { cooldown: 0, matches: [{ class: 'METRIC', namespace: 'AWS/Lambda', metricName: 'Errors' }] })]);
  });
  const fire = async (name: string) => world.deliver(snsMessage({ name, state: 'ALARM', at: T0 }));
  const answersWith = (answer: string) => { world.handlers[HANDLER] = () => answer; };

  test('pauses a handler after three failures in a row, says so, and tries again when the pause is over', async () => {
    answersWith('nonsense');
    for (const name of alarms.slice(0, 4)) await fire(name);
    expect(world.invoked).toHaveLength(3);
    expect(await world.timeline()).toContain('REFUSED(paused)');
    const [refused] = (await world.items('I#')).filter(({ reason }) => reason === 'paused');
    expect(refused.text).toBe(`lambda-error failed 3 times in a row and is paused until ${minutes(60)}`);
    // Every incident is there all the same.
    expect(await world.incidents()).toHaveLength(4);

    world.now += 61 * MINUTE;
    world.handlers[HANDLER] = (request) => JSON.stringify(result(request));
    await fire('e');
    expect(world.invoked).toHaveLength(4);
    expect(await world.items('R#lambda-error/BREAKER')).toEqual([]);
  });

  test('after the pause, one more failure is enough', async () => {
    answersWith('nonsense');
    for (const name of alarms.slice(0, 3)) await fire(name);
    world.now += 61 * MINUTE;
    await fire('d');
    await fire('e');
    expect(world.invoked).toHaveLength(4);
  });

  test('failures that are not in a row do not pause; a deadline that passes is a failure', async () => {
    world.register([runbook('lambda-error', { cooldown: 0, timeout: 0.01 })]);
    const hangs = () => { world.handlers[HANDLER] = async () => new Promise(() => undefined); };
    hangs();
    for (const name of ['a', 'b']) await fire(name);
    world.handlers[HANDLER] = (request) => JSON.stringify(result(request));
    await fire('c');
    hangs();
    for (const name of ['d', 'e']) await fire(name);
    expect(world.invoked).toHaveLength(5);
    expect(await world.items('R#lambda-error/BREAKER')).toMatchObject([{ failures: 2 }]);
  });
});

describe('storms', () => {
  beforeEach(() => { world.settings = { ...SETTINGS, reportsPerMinute: 5 }; });
  const names = Array.from({ length: 40 }, (_, i) => `alarm-${i}`);
  const storm = async () => {
    world.register([runbook('lambda-error', { cooldown: 0, maxRunsPerHour: 1000 })]);
    for (const name of names) world.alarm('ALARM', T0, name);
    for (const name of names) await world.deliver(snsMessage({ name, state: 'ALARM', at: T0 }));
  };
  const grouped = () => world.reports('GROUPED');

  test('the first five reports of a minute come one by one, the others in one message when it is over', async () => {
    await storm();
    expect(await world.incidents()).toHaveLength(40);
    expect(world.reports()).toHaveLength(5);
    expect(grouped()).toEqual([]);
    expect(world.later).toHaveLength(1);
    await world.passTime(MINUTE);
    expect(grouped()).toHaveLength(1);
    const [{ json, copies, Subject, attributes }] = grouped();
    expect(json.incidents).toHaveLength(35);
    expect(json.incidents[0]).toMatchObject({ id: expect.any(String), alarm: expect.any(String), severity: 'MEDIUM', state: 'OPEN', verdict: { ruleId: 'LE-08' } });
    expect(Subject).toBe('MEDIUM: 35 more reports within a minute');
    expect(attributes).toEqual({ event: 'GROUPED', severity: 'MEDIUM' });
    expect(copies.email).toContain('- MEDIUM alarm-');
    expect(copies.email).toContain('(15 more)');
    const told = new Set([...world.reports().map((each) => each.json.incident.id), ...json.incidents.map(({ id }: { id: string }) => id)]);
    expect(told.size).toBe(40);
  });

  test('ends of incidents are told together too', async () => {
    await storm();
    await world.passTime(MINUTE);
    for (const name of names) world.alarm('OK', minutes(5), name);
    world.now += 10 * MINUTE;
    for (const name of names) await world.deliver(snsMessage({ name, state: 'OK', from: 'ALARM', at: minutes(5) }));
    await world.passTime(MINUTE);
    expect(world.reports('RESOLVED')).toHaveLength(5);
    expect(grouped()[1].Subject).toBe('MEDIUM: 35 alarms OK again within a minute');
  });

  test('a group that is asked for twice is told once', async () => {
    await storm();
    const [{ body }] = world.later;
    await world.passTime(MINUTE);
    expect(await world.deliver(body)).toBe('DUPLICATE');
    expect(grouped()).toHaveLength(1);
  });

  test('a group whose executor died at any point is told when it is asked for again', async () => {
    for (let n = 1; n <= 4; n++) {
      world.fresh();
      world.settings = { ...SETTINGS, reportsPerMinute: 5 };
      await storm();
      const [{ body }] = world.later;
      world.revive();
      world.diesAfter = n;
      await world.deliver(body).catch(() => undefined);
      world.revive();
      await world.deliver(body);
      expect(grouped().length).toBeGreaterThanOrEqual(1);
      expect(grouped()[0].json.incidents).toHaveLength(35);
    }
  });

  test('a report that comes to its minute after the group was closed is told by itself', async () => {
    await storm();
    const [{ body }] = world.later;
    await world.deliver(body);
    world.alarm('ALARM', T0, 'late');
    await world.deliver(snsMessage({ name: 'late', state: 'ALARM', at: T0 }));
    expect(world.reports().map(({ json }) => json.incident.alarm)).toContain('late');
  });
});

describe('reconciliation', () => {
  /** The schedule's message, and what it has done at once. */
  const reconcileAfter = async (ms: number) => {
    world.now += ms;
    expect(await world.deliver(RECONCILE)).toBe('DONE');
    await world.passTime(0);
  };

  test('closes an incident whose alarm is OK and whose message was lost', async () => {
    await world.deliver(ALARM);
    world.alarm('OK', minutes(7));
    await reconcileAfter(15 * MINUTE);
    expect(await world.incidents()).toMatchObject([{ state: 'RESOLVED', closed: minutes(7) }]);
    expect(world.reports('RESOLVED')).toHaveLength(1);
    // The message that was late after all changes nothing.
    await world.deliver(snsMessage({ state: 'OK', from: 'ALARM', at: minutes(7) }));
    expect(world.reports('RESOLVED')).toHaveLength(1);
  });

  test('leaves alone what is still in ALARM', async () => {
    await world.deliver(ALARM);
    await reconcileAfter(15 * MINUTE);
    expect(await world.incidents()).toMatchObject([{ state: 'OPEN' }]);
  });

  test('closes the incident of an alarm that is gone, and says that nobody watches any more', async () => {
    await world.deliver(ALARM);
    world.alarms = [];
    await reconcileAfter(15 * MINUTE);
    expect(await world.incidents()).toMatchObject([{ state: 'ALARM_GONE', closed: minutes(15) }]);
    const [{ Subject, copies, json }] = world.reports('RESOLVED');
    expect(Subject).toMatch(/^CLOSED \(MEDIUM\)/);
    expect(copies.email).toContain('the alarm does not exist any more');
    expect(json.incident.state).toBe('ALARM_GONE');
  });

  test('gives up what is open for too long, and the alarm\'s next change opens a new incident', async () => {
    await world.deliver(ALARM);
    await reconcileAfter(7 * 24 * 60 * MINUTE + MINUTE);
    expect(await world.incidents()).toMatchObject([{ state: 'STALE' }]);
    expect(world.reports('RESOLVED')[0].copies.email).toContain('has been in ALARM for too long to be news');
    world.now += MINUTE;
    const again = new Date(world.now).toISOString();
    world.alarm('ALARM', again);
    await world.deliver(snsMessage({ state: 'ALARM', at: again }));
    expect((await world.incidents()).map(({ state }) => state).sort()).toEqual(['OPEN', 'STALE']);
  });

  test('ends the incident that it meant, and no other that is open by then', async () => {
    for (let n = 1; n <= 20; n++) {
      world.fresh();
      await world.deliver(ALARM);
      world.alarm('OK', minutes(7));
      world.now += 15 * MINUTE;
      await world.deliver(RECONCILE);
      const [{ body }] = world.later;
      world.later = [];
      // Now come the messages of what was between: it was over before, and fired again; whoever opens that incident dies.
      await world.deliver(snsMessage({ state: 'OK', from: 'ALARM', at: minutes(3) }));
      const again = snsMessage({ state: 'ALARM', at: minutes(5) });
      world.revive();
      world.diesAfter = n;
      await world.deliver(again).catch(() => undefined);
      world.revive();
      await world.deliver(body);
      world.now += 301_000;
      await world.deliver(again);
      await reconcileAfter(15 * MINUTE);
      const incidents = await world.incidents();
      expect([n, incidents.map(({ opened, state }) => [opened, state]).sort()]).toEqual([n, [[T0, 'RESOLVED'], [minutes(5), 'RESOLVED']]]);
      expect(new Set(world.reports('RESOLVED').map(({ json }) => json.incident.id))).toEqual(new Set(incidents.map(({ id }) => id)));
    }
  });

  test.each([
    ['RESOLVED', () => world.alarm('OK', minutes(7))], ['ALARM_GONE', () => { world.alarms = []; }],
  ] as const)('ends an incident as %s though the executor died at any point, and says so', async (state, becomes) => {
    for (let n = 1; n <= 8; n++) {
      world.fresh();
      await world.deliver(ALARM);
      becomes();
      world.now += 15 * MINUTE;
      await world.deliver(RECONCILE);
      const [{ body }] = world.later;
      world.revive();
      world.diesAfter = n;
      await world.deliver(body).catch(() => undefined);
      world.revive();
      world.now += 301_000;
      await world.deliver(body);
      expect([n, (await world.incidents()).map((incident) => incident.state)]).toEqual([n, [state]]);
      expect(world.reports('RESOLVED').length).toBeGreaterThanOrEqual(1);
      expect((await world.timeline()).filter((entry) => entry === 'RESOLVED')).toHaveLength(1);
    }
  });
});

describe('drills', () => {
  const drill = async (known: boolean) => {
    if (known) await world.services().store.put({ pk: 'DRILL#d-1', sk: '-' }, { ttl: 1 });
    world.alarms = world.alarms.map((alarm) => ({ ...alarm, StateReasonData: JSON.stringify({ drill: 'd-1' }) }));
    await world.deliver(ALARM);
  };

  test('are marked in the request, the incident and the report', async () => {
    await drill(true);
    expect(world.invoked).toMatchObject([{ mode: 'DRILL' }]);
    expect(await world.incidents()).toMatchObject([{ drill: true }]);
    const [{ Subject, copies, json }] = world.reports();
    expect(Subject).toMatch(/^MEDIUM: DRILL: /);
    expect(copies.email).toContain('This is a drill');
    expect(json.incident.drill).toBe(true);
  });

  test('count only if the command put them into the table', async () => {
    await drill(false);
    expect(world.invoked).toMatchObject([{ mode: 'INVESTIGATE' }]);
    expect(world.reports()[0].Subject).not.toContain('DRILL');
  });

  test('neither wait for a cooldown nor make others wait', async () => {
    await drill(true);
    expect(await world.items('R#')).toEqual([]);
  });
});

describe('chat channels', () => {
  test('get custom notifications, a thread for each incident', async () => {
    world.chat = true;
    await world.deliver(ALARM);
    world.alarm('OK', minutes(7));
    await world.deliver(snsMessage({ state: 'OK', from: 'ALARM', at: minutes(7) }));
    const [{ id }] = await world.incidents();
    expect(world.chats).toEqual([
      {
        version: '1.0',
        source: 'custom',
        content: { textType: 'client-markdown', title: expect.stringMatching(/^MEDIUM: A new version fails/), description: expect.stringContaining('Evidence'), keywords: ['MEDIUM', 'lambda-error'] },
        metadata: { threadId: id, summary: expect.any(String), eventType: 'REPORT' },
      },
      expect.objectContaining({ metadata: { threadId: id, summary: expect.stringMatching(/^RESOLVED/), eventType: 'RESOLVED' } }),
    ]);
  });

  test('that are out of order do not keep people waiting', async () => {
    world.chat = true;
    world.chatFails = true;
    await world.deliver(ALARM);
    expect(world.reports()).toHaveLength(1);
    expect((await world.items('A#')).find(({ sk }) => sk.startsWith('E#'))).toMatchObject({ step: 'REPORTED' });
  });
});

test('nobody who may publish on the topic can have something done later', async () => {
  const envelope = (message: object) => JSON.stringify({ Type: 'Notification', Message: JSON.stringify(message) });
  for (const executor of ['RECONCILE', 'GROUP', 'SECOND_LOOK']) expect(await world.deliver(envelope({ executor }))).toBe('REFUSED');
});
