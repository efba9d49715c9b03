import { snsMessage } from './messages';
import { HandlerThrows, minutes, result, runbook, T0, World } from './world';

const ALARM = snsMessage({ state: 'ALARM', at: T0 });

const world = new World();
beforeEach(() => world.fresh());

describe('handlers that fail', () => {
  const failing = {
    throws: [() => { throw new HandlerThrows('cannot reach 10.0.0.1'); }, 'FAILED', 'EX-01', 'cannot reach 10.0.0.1'],
    nonsense: [() => '"all good"', 'FAILED', 'EX-02', 'expected Object'],
    nothing: [() => '', 'FAILED', 'EX-02', 'not JSON'],
    oversized: [(request: any) => JSON.stringify(result(request, { proposedActions: ['x'.repeat(210 * 1024)] })), 'FAILED', 'EX-02', 'at most 204800'],
    wordy: [(request: any) => JSON.stringify(result(request, { verdict: { ...result(request).verdict, title: 'x'.repeat(150 * 1024) } })), 'FAILED', 'EX-02', 'verdict.title'],
    otherRun: [() => JSON.stringify(result({ runId: 'other' })), 'FAILED', 'EX-02', 'runId'],
  } as const;

  test.each(Object.entries(failing))('%s: reported with the reason, and nothing breaks', async (_name, [handler, status, rule, reason]) => {
    world.handlers['arn:aws:lambda:eu-west-1:123456789012:function:lambda-error'] = handler;
    expect(await world.deliver(ALARM)).toBe('DONE');
    const [{ json, copies }] = world.reports();
    expect(json.result).toMatchObject({ status, verdict: { ruleId: rule, confidence: 'LOW' } });
    expect(json.result.summary).toContain(reason);
    expect(copies.email).toContain(`run ${status}`);
    expect((await world.items('I#')).find(({ sk }) => sk.startsWith('RUN#'))).toMatchObject({ step: 'REPORTED' });
  });

  test('one that may not be called says so', async () => {
    delete world.handlers['arn:aws:lambda:eu-west-1:123456789012:function:lambda-error'];
    await world.deliver(ALARM);
    expect(world.reports()[0].json.result).toMatchObject({ status: 'FAILED', verdict: { ruleId: 'EX-04' }, summary: expect.stringContaining('AccessDeniedException') });
  });

  test('one that hangs past its deadline yields a partial report; the others\' results are there', async () => {
    world.register([runbook('slow', { timeout: 0.01 }), runbook('quick', { order: 1 })]);
    world.handlers[runbook('slow').functionArn!] = async () => new Promise(() => undefined);
    await world.deliver(ALARM);
    expect(world.reports().map(({ json }) => [json.runbook, json.result.status, json.result.verdict.ruleId])).toEqual([
      ['slow', 'PARTIAL', 'EX-03'], ['quick', 'SUCCEEDED', 'LE-08'],
    ]);
    expect(world.reports()[0].json.result.notChecked).toMatchObject([{ status: 'TIMED_OUT' }]);
  });

  test('a result too long for the topic is reported by its verdict, with where the rest is', async () => {
    world.handlers['arn:aws:lambda:eu-west-1:123456789012:function:lambda-error'] = (request) =>
      JSON.stringify(result(request, { proposedActions: Array.from({ length: 1000 }, (_, index) => `${index} ${'x'.repeat(100)}`) }));
    await world.deliver(ALARM);
    const [{ json, copies }] = world.reports();
    expect(Buffer.byteLength(JSON.stringify(copies))).toBeLessThan(200 * 1024);
    expect(json.result).toMatchObject({ verdict: { ruleId: 'LE-08' }, stored: { pk: `I#${json.incident.id}`, sk: `RUN#${json.result.runId}` } });
    expect(copies.email).toContain('(994 more in the incident)');
  });

  test('secrets in a result are neither stored nor sent', async () => {
    world.handlers['arn:aws:lambda:eu-west-1:123456789012:function:lambda-error'] = (request) => JSON.stringify(result(request, {
      summary: 'login with password=hunter2 fails for bob@example.com',
      evidence: [{ id: 'log', kind: 'LOG', status: 'OK', summary: 'Bearer abcdefghijkl', data: { sample: 'card 4111 1111 1111 1111', apiKey: 'topsecretvalue' } }],
    }));
    await world.deliver(ALARM);
    const everything = JSON.stringify(await world.items()) + JSON.stringify(world.published);
    for (const secret of ['hunter2', 'bob@', 'abcdefghijkl', '4111', 'topsecretvalue']) expect(everything).not.toContain(secret);
  });
});

describe('guards', () => {
  test('a runbook cools down per target, across incidents; the refusal is on the timeline and nobody is mailed', async () => {
    await world.deliver(ALARM);
    world.alarm('ALARM', minutes(1), 'checkout-throttles');
    world.now = Date.parse(minutes(1));
    await world.deliver(snsMessage({ name: 'checkout-throttles', state: 'ALARM', at: minutes(1) }));
    expect(world.invoked).toHaveLength(1);
    expect(await world.timeline()).toContain('REFUSED(cooling down)');
    expect(world.reports()).toHaveLength(1);
    expect(await world.items('R#lambda-error/COOLDOWN#function:checkout')).toMatchObject([{ runId: world.invoked[0].runId, until: minutes(15) }]);
  });

  test('the cap counts runs of an hour; a capped run leaves no cooldown behind', async () => {
    world.register([runbook('general', { cooldown: 1, maxRunsPerHour: 2 })]);
    for (const after of [0, 2, 4]) {
      const name = `alarm-${after}`;
      world.alarm('ALARM', minutes(after), name);
      world.now = Date.parse(minutes(after));
      await world.deliver(snsMessage({ name, state: 'ALARM', at: minutes(after) }));
    }
    expect(world.invoked).toHaveLength(2);
    expect(await world.timeline()).toContain('REFUSED(capped)');
    const [cooldown] = await world.items('R#general/COOLDOWN#function:checkout');
    expect(cooldown).toBeUndefined();
  });
});

describe('state machines', () => {
  const stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:check';
  beforeEach(() => world.register([runbook('check', { functionArn: undefined, stateMachineArn })]));

  test('one that succeeds answers with its output', async () => {
    world.handlers[stateMachineArn] = (request) => JSON.stringify(result(request));
    await world.deliver(ALARM);
    expect(world.invoked).toMatchObject([{ runbook: { name: 'check' }, mode: 'INVESTIGATE' }]);
    expect(world.reports()).toMatchObject([{ json: { runbook: 'check', result: { status: 'SUCCEEDED', verdict: { ruleId: 'LE-08' } } } }]);
  });

  test('one that fails is reported with its error and cause', async () => {
    world.handlers[stateMachineArn] = () => { throw new HandlerThrows('the status page is not JSON'); };
    await world.deliver(ALARM);
    expect(world.reports()[0].json.result).toMatchObject({ status: 'FAILED', verdict: { ruleId: 'EX-01' }, summary: expect.stringContaining('FAILED States.TaskFailed: the status page is not JSON') });
  });

  test('one whose output is no result is told so', async () => {
    world.handlers[stateMachineArn] = () => '{}';
    await world.deliver(ALARM);
    expect(world.reports()[0].json.result).toMatchObject({ status: 'FAILED', verdict: { ruleId: 'EX-02' } });
  });
});
