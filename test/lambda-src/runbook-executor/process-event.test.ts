import { arnOf, envelope, eventBridgeEvent, localMessage, rawMessage, snsMessage } from './messages';
import { minutes, runbook, T0, World } from './world';
import { processMessage } from '../../../lambda-src/runbook-executor/process-message';
import { incidentId } from '../../../lambda-src/shared/incident-items';

const ALARM = snsMessage({ state: 'ALARM', at: T0 });
const OK = snsMessage({ state: 'OK', from: 'ALARM', at: minutes(7) });
const ARN = arnOf('checkout-errors');

const world = new World();
beforeEach(() => world.fresh());

/** The alarm is OK since `at`, and its message comes. */
async function recover(at = 7) {
  world.alarm('OK', minutes(at));
  world.now = Date.parse(minutes(at)) + 1000;
  return world.deliver(snsMessage({ state: 'OK', from: 'ALARM', at: minutes(at) }));
}

describe('from alarm to report', () => {
  test('an alarm opens an incident, runs its runbook with the whole request, stores the result and reports it', async () => {
    world.now = Date.parse(T0) + 2000;
    expect(await world.deliver(ALARM)).toBe('DONE');

    expect(world.invoked).toHaveLength(1);
    expect(world.invoked[0]).toMatchObject({
      schemaVersion: '1',
      mode: 'INVESTIGATE',
      incidentId: incidentId(ARN, T0),
      runbook: { name: 'lambda-error', parameters: {} },
      alarm: {
        arn: ARN,
        name: 'checkout-errors',
        type: 'METRIC',
        state: 'ALARM',
        previousState: 'OK',
        stateTimestamp: T0,
        threshold: 5,
        period: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        region: 'eu-west-1',
        accountId: '123456789012',
        children: [],
        metrics: [{ namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'checkout' }, statistic: 'Sum', period: 60 }],
      },
      window: { start: '2026-11-20T09:56:00.000Z', end: '2026-11-20T10:00:02.000Z' },
      targets: [{ type: 'function', name: 'checkout', logGroup: '/aws/lambda/checkout' }],
      context: { previousIncidents: [], documentationUrl: 'https://github.com/example/repo/blob/v1/docs/runbooks/lambda-error.md' },
      deadline: '2026-11-20T10:01:02.000Z',
    });

    const [incident] = await world.incidents();
    expect(incident).toMatchObject({
      pk: `I#${incidentId(ARN, T0)}`, state: 'OPEN', alarm: 'checkout-errors', severity: 'MEDIUM', opened: T0, verdict: { ruleId: 'LE-08' }, counts: { events: 1, investigations: 1 },
    });
    expect(await world.timeline()).toEqual(['OPENED', 'REPORTED', 'RESULT', 'RUN_STARTED']);
    expect(await world.items('L#2026-11-20/')).toMatchObject([{ sk: `${T0}#${incident.id}`, id: incident.id }]);
    expect(await world.items(`A#${ARN}/E#ALARM#${T0}#-`)).toMatchObject([{ step: 'REPORTED' }]);
    const [run] = await world.items(`I#${incident.id}/RUN#`);
    expect(run).toMatchObject({ step: 'REPORTED', runbook: 'lambda-error' });
    expect(JSON.parse(run.evidence)).toHaveLength(5);
    expect(JSON.parse(run.result)).not.toHaveProperty('evidence');

    const [report] = world.published;
    expect(world.published).toHaveLength(1);
    expect(report.MessageStructure).toBe('json');
    expect(report.attributes).toEqual({ event: 'REPORT', severity: 'MEDIUM', runbook: 'lambda-error' });
    expect(report.Subject).toBe('MEDIUM: A new version fails - function checkout, checkout-errors (eu-west-1)');
    expect(report.json).toMatchObject({ schemaVersion: '1', event: 'REPORT', incident: { id: incident.id, state: 'OPEN' }, runbook: 'lambda-error', result: { evidence: { length: 5 } } });
    expect(report.copies.email).toContain('docs/runbooks/lambda-error.md#le-08');
  });

  test('OK closes the incident and tells the same people how long it took', async () => {
    await world.deliver(ALARM);
    await recover();
    expect(await world.incidents()).toMatchObject([{ state: 'RESOLVED', opened: T0, closed: minutes(7), counts: { events: 2 } }]);
    const [resolved] = world.reports('RESOLVED');
    expect(resolved.json).toMatchObject({ event: 'RESOLVED', incident: { state: 'RESOLVED', durationSeconds: 420, verdict: { ruleId: 'LE-08' } } });
    expect(resolved.Subject).toBe('RESOLVED (MEDIUM): checkout-errors (eu-west-1) after 7 min');
    expect(await world.items(`A#${ARN}/OPEN`)).toMatchObject([{ state: 'OK', at: minutes(7), v: 2 }]);
    expect((await world.items(`A#${ARN}/OPEN`))[0].incident).toBeUndefined();
  });

  test('every shape of message is the same event: one incident, and duplicates beside it', async () => {
    world.register([runbook('general')], [{ arn: ARN, key: 'Theirs', foreign: true }]);
    const bodies = [rawMessage({ state: 'ALARM', at: T0 }), eventBridgeEvent({ state: 'ALARM', at: T0 }), localMessage({ state: 'ALARM', at: T0 }), ALARM];
    const became = [];
    for (const body of bodies) became.push(await world.deliver(body));
    expect(became).toEqual(['DONE', 'DUPLICATE', 'DUPLICATE', 'DUPLICATE']);
    expect(world.invoked).toHaveLength(1);
    expect(world.published).toHaveLength(1);
    expect((await world.timeline()).filter((entry) => entry === 'REFUSED(duplicate)')).toHaveLength(3);
  });

  test('severity, service and targets are the alarm\'s own where it is registered; else the severity is the runbook\'s', async () => {
    world.register([runbook('lambda-error', { severity: 'LOW' })]);
    await world.deliver(ALARM);
    expect(world.reports()[0].attributes.severity).toBe('LOW');

    world.fresh();
    world.register([runbook('general', { severity: 'LOW' })], [{
      arn: ARN, key: 'CheckoutErrors', severity: 'CRITICAL', service: 'checkout', targets: [{ type: 'service', name: 'checkout', metric: 'errors' }],
    }]);
    await world.deliver(ALARM);
    expect(world.reports()[0].attributes).toEqual({ event: 'REPORT', severity: 'CRITICAL', service: 'checkout', runbook: 'general' });
    expect(world.invoked[0].targets).toEqual([{ type: 'service', name: 'checkout', metric: 'errors' }]);
  });

  test('three runbooks of the best class run, side by side; the fourth is told', async () => {
    world.register(['a', 'b', 'c', 'd'].map((name, order) => runbook(name, { order })));
    await world.deliver(ALARM);
    expect(world.invoked.map((request) => request.runbook.name).sort()).toEqual(['a', 'b', 'c']);
    expect(world.reports().map(({ attributes }) => attributes.runbook)).toEqual(['a', 'b', 'c']);
    expect(await world.timeline()).toContain('REFUSED(too many runbooks)');
  });

  test('earlier incidents of the alarm are in the request', async () => {
    await world.deliver(ALARM);
    await recover();
    world.alarm('ALARM', minutes(60));
    world.now = Date.parse(minutes(60));
    await world.deliver(snsMessage({ state: 'ALARM', at: minutes(60) }));
    expect(world.invoked[1].context.previousIncidents).toEqual([
      { id: incidentId(ARN, T0), opened: T0, closed: minutes(7), ruleId: 'LE-08', title: 'A new version fails' },
    ]);
  });

  test('without permission for tags the run goes on; with it, tags match', async () => {
    world.register([runbook('tagged', { matches: [{ class: 'TAG', tagKey: 'team', tagValue: 'shop' }] }), runbook('general', { order: 1 })]);
    world.tags = Object.assign(new Error('denied'), { name: 'AccessDenied' });
    await world.deliver(ALARM);
    expect(world.invoked[0].runbook.name).toBe('general');
    await recover();
    world.tags = { team: 'shop' };
    world.alarm('ALARM', minutes(30));
    world.now = Date.parse(minutes(30));
    await world.deliver(snsMessage({ state: 'ALARM', at: minutes(30) }));
    expect(world.invoked[1].runbook.name).toBe('tagged');
  });
});

describe('what nothing is to be looked at for', () => {
  test.each([
    ['a report', envelope(JSON.stringify({ schemaVersion: '1', event: 'REPORT' })), 'neither NewStateValue nor detail.state'],
    ['no JSON', 'hello password=hunter2', 'not a JSON object'],
    ['an unknown state', snsMessage({ state: 'ALARM', at: T0 }, { NewStateValue: 'BROKEN' }), 'BROKEN'],
    ['no time', snsMessage({ state: 'ALARM', at: T0 }, { StateChangeTime: 'soon' }), 'soon'],
    ['an alarm that does not exist', snsMessage({ name: 'invented', state: 'ALARM', at: T0 }), 'no such alarm'],
    ['an alarm of that name in another account', snsMessage({ state: 'ALARM', at: T0 }, { AlarmArn: ARN.replace('123456789012', '999999999999') }), 'no such alarm'],
  ])('%s is recorded and ignored', async (_what, body, reason) => {
    expect(await world.deliver(body)).toBe('REFUSED');
    const [refused] = await world.items('X#2026-11-20/');
    expect(refused.reason).toContain(reason);
    expect(refused.body).not.toContain('hunter2');
    expect(await world.items('I#')).toEqual([]);
    expect(world.published).toEqual([]);
  });

  test('a message newer than the alarm\'s own last change, to another state, is forged', async () => {
    world.alarm('OK', minutes(-60));
    expect(await world.deliver(ALARM)).toBe('REFUSED');
    expect((await world.items('X#'))[0]).toMatchObject({ alarm: 'checkout-errors', reason: expect.stringContaining('forged') });
    expect(world.invoked).toEqual([]);
  });

  test('a real alarm that DescribeAlarms tells late is no forgery', async () => {
    world.alarm('OK', minutes(-60));
    await processMessage({ ...world.services(), pause: async () => world.alarm('ALARM', T0) }, ALARM, world.now + 300_000);
    expect(world.invoked).toHaveLength(1);
  });

  test('nobody can make later messages look old by a time in the future', async () => {
    await world.deliver(snsMessage({ state: 'ALARM', at: '2099-01-01T00:00:00.000Z' }));
    await recover();
    expect(await world.incidents()).toMatchObject([{ state: 'RESOLVED', opened: T0, closed: minutes(7) }]);
  });

  test('a replay under other times belongs to the same incident and starts nothing', async () => {
    await world.deliver(ALARM);
    for (const after of [1, 2, 3]) await world.deliver(snsMessage({ state: 'ALARM', at: minutes(after) }));
    expect(await world.incidents()).toHaveLength(1);
    expect(world.invoked).toHaveLength(1);
    expect(world.published).toHaveLength(1);
  });

  test('the executor reports its own alarms and does not investigate them', async () => {
    world.register([runbook('general')], [{ arn: ARN, key: 'Alerting/DeadLetters', severity: 'HIGH', own: true }]);
    await world.deliver(ALARM);
    expect(world.invoked).toEqual([]);
    expect(world.reports()[0].json).toMatchObject({ runbook: 'none', result: { status: 'SKIPPED', verdict: { ruleId: 'EX-08' } } });
  });

  test('an alarm without any runbook is reported all the same', async () => {
    world.register([runbook('other', { matches: [{ class: 'NAMESPACE', namespace: 'AWS/SQS' }] })]);
    await world.deliver(ALARM);
    expect(world.reports()[0].json).toMatchObject({ result: { status: 'SKIPPED', verdict: { ruleId: 'EX-07' } } });
  });

  test('a manual runbook is its link', async () => {
    world.register([runbook('payment-provider-down', { functionArn: undefined })]);
    world.parameters['/runbooks/payment-provider-down'] = 'https://wiki.corp/payments-down';
    await world.deliver(ALARM);
    expect(world.reports()[0].json.result).toMatchObject({ status: 'SKIPPED', verdict: { ruleId: 'EX-06' } });
    expect(world.reports()[0].copies.email).toContain('Written runbook: https://wiki.corp/payments-down\n');
    expect((await world.incidents())[0].verdict).toBeUndefined();
  });
});

describe('messages in any order', () => {
  test('an alarm that is over before its message is read opens, runs and resolves at once; its OK adds nothing', async () => {
    world.alarm('OK', minutes(7));
    world.tags = { 'serverless-monitoring:alarm': 'Shop/Checkout/Errors' };
    await world.deliver(ALARM);
    expect(world.published.map(({ json }) => json.event)).toEqual(['REPORT', 'RESOLVED']);
    // Both call the alarm by its key.
    expect(world.published.map(({ copies }) => copies.email.includes('Shop/Checkout/Errors'))).toEqual([true, true]);
    expect(await world.deliver(OK)).toBe('DONE');
    expect(await world.incidents()).toMatchObject([{ state: 'RESOLVED', opened: T0, closed: minutes(7) }]);
    expect(world.published).toHaveLength(2);
  });

  test('an OK that overtakes its ALARM: the alarm is investigated, reported and resolved', async () => {
    world.alarm('OK', minutes(7));
    world.now = Date.parse(minutes(8));
    await world.deliver(OK);
    expect(await world.incidents()).toEqual([]);
    await world.deliver(ALARM);
    expect(await world.incidents()).toMatchObject([{ state: 'RESOLVED', opened: T0, closed: minutes(7) }]);
    expect(world.published.map(({ json }) => json.event)).toEqual(['REPORT', 'RESOLVED']);
  });

  test('an older event is on the timeline and changes nothing', async () => {
    await world.deliver(ALARM);
    await recover();
    await world.deliver(snsMessage({ state: 'INSUFFICIENT_DATA', at: minutes(3) }));
    expect(await world.incidents()).toMatchObject([{ state: 'RESOLVED', closed: minutes(7), counts: { events: 3 } }]);
    expect(await world.timeline()).toContain('EVENT');
    expect(world.published).toHaveLength(2);
  });

  test('a further ALARM after another state runs again, in the same incident', async () => {
    world.register([runbook('general', { cooldown: 60 })]);
    await world.deliver(ALARM);
    world.alarm('INSUFFICIENT_DATA', minutes(3));
    world.now = Date.parse(minutes(3));
    await world.deliver(snsMessage({ state: 'INSUFFICIENT_DATA', from: 'ALARM', at: minutes(3) }));
    world.alarm('ALARM', minutes(5));
    world.now = Date.parse(minutes(5));
    await world.deliver(snsMessage({ state: 'ALARM', from: 'INSUFFICIENT_DATA', at: minutes(5) }));
    expect(world.invoked).toHaveLength(2);
    expect(await world.incidents()).toMatchObject([{ state: 'OPEN', opened: T0, counts: { events: 3, investigations: 2 } }]);
  });

  test('a contributor\'s OK does not close; the alarm\'s does', async () => {
    const series = { AlarmContributorId: '6d442278dba546f6' };
    await world.deliver(snsMessage({ state: 'ALARM', at: T0 }, series));
    await world.deliver(snsMessage({ state: 'OK', from: 'ALARM', at: minutes(2) }, series));
    expect(await world.incidents()).toMatchObject([{ state: 'OPEN' }]);
    await recover();
    expect(await world.incidents()).toMatchObject([{ state: 'RESOLVED', closed: minutes(7) }]);
    expect(world.invoked).toHaveLength(1);
  });

  test('two executors with the same message: one works, the other gives it back', async () => {
    const settled = await Promise.allSettled([world.deliver(ALARM), world.deliver(ALARM)]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(settled.find((one) => one.status === 'rejected')).toMatchObject({ reason: { name: 'LeaseHeldError' } });
    expect(await world.deliver(ALARM)).toBe('DUPLICATE');
    expect(world.invoked).toHaveLength(1);
  });

  test('ALARM and OK at the same time: one incident, resolved, reported', async () => {
    world.alarm('OK', minutes(7));
    const bodies = [ALARM, OK];
    await Promise.allSettled(bodies.map(async (body) => world.deliver(body)));
    world.now += 3600_000;
    await Promise.allSettled(bodies.map(async (body) => world.deliver(body)));
    expect(await world.incidents()).toMatchObject([{ state: 'RESOLVED', opened: T0, closed: minutes(7) }]);
    expect(world.invoked).toHaveLength(1);
    expect(world.reports()).toHaveLength(1);
    expect(world.reports('RESOLVED').length).toBeGreaterThanOrEqual(1);
  });
});
