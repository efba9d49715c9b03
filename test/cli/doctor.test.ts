import { answerOf } from '../../cli/doctor';
import type { Cloud, FunctionFacts } from '../../cli/doctor/cloud';
import { examine } from '../../cli/doctor/examine';
import { arnOf } from '../lambda-src/runbook-executor/messages';
import { runbook } from '../lambda-src/runbook-executor/world';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const fine: FunctionFacts = {
  timeout: 60, traced: true, logGroup: '/checkout', role: 'arn:role', variables: { RUNBOOK_PARAMETER_PREFIX: '/runbooks' },
};
const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:look';
const byMachine = runbook('general', { functionArn: undefined, stateMachineArn: MACHINE });
const alarm = { AlarmName: 'checkout-errors', AlarmArn: arnOf('checkout-errors'), StateValue: 'OK' as const, AlarmActions: [TOPIC], Namespace: 'AWS/Lambda', MetricName: 'Errors' };

/** A stack with which all is well, unless a test says otherwise. */
function cloud(otherwise: Partial<Cloud> = {}): Cloud {
  return {
    resources: async () => [
      { type: 'AWS::SNS::Topic', id: TOPIC }, { type: 'AWS::SQS::Queue', id: 'queue' }, { type: 'AWS::SQS::Queue', id: 'dead' },
      { type: 'AWS::SSM::Parameter', id: '/runbooks/config/runbooks/0' }, { type: 'AWS::Lambda::Function', id: 'executor' },
    ],
    table: async () => table(),
    subscriptions: async () => [{ protocol: 'sqs', endpoint: 'queue', confirmed: true }, { protocol: 'email', endpoint: 'oncall@example.com', confirmed: true }],
    lambdaFunction: async () => fine,
    stateMachineType: async () => 'EXPRESS',
    decision: async () => 'allowed',
    hasLogGroup: async () => true,
    queue: async (url) => url === 'dead' ? { arn: 'arn:dead', messages: 0 } : { arn: 'arn:queue', messages: 3, deadLetterArn: 'arn:dead' },
    hasContributorInsights: async () => true,
    alarms: async () => ({ MetricAlarms: [alarm], CompositeAlarms: [] }),
    alarmTags: async () => ({}),
    ...otherwise,
  };
}

const table = (runbooks = [runbook('general')], broken: string[] = []) => ({
  table: {
    runbooks,
    alarms: [],
    foreign: [],
    targets: [
      { type: 'function' as const, name: 'checkout', logGroup: '/checkout' }, { type: 'api' as const, name: 'orders', stage: 'prod', functions: ['checkout'] },
      { type: 'table' as const, name: 'orders' },
    ],
    links: { general: 'https://example.com' },
  },
  broken,
});

test('all is well', async () => {
  const { ok, lines } = answerOf(await examine(cloud(), 'Shop'));
  expect(ok).toBe(true);
  expect(lines).toEqual([
    'ok       subscriptions', 'ok       dead-letter queues', 'ok       runbook parameters', 'ok       handlers', 'ok       executor\'s role',
    'ok       monitored functions', 'ok       monitored tables', 'ok       alarms', '', 'No findings.',
  ]);
});

test.each<[string, string, Partial<Cloud>, RegExp]>([
  ['subscriptions', 'a mail address that has not confirmed', { subscriptions: async () => [{ protocol: 'email', endpoint: 'oncall@example.com', confirmed: false }] }, /^oncall@example\.com \(email\) has not confirmed/],
  ['subscriptions', 'nobody', { subscriptions: async () => [{ protocol: 'sqs', endpoint: 'queue', confirmed: true }] }, /^nobody is told/],
  ['dead-letter queues', 'dead letters', { queue: async (url) => url === 'dead' ? { arn: 'arn:dead', messages: 2 } : { arn: 'arn:queue', messages: 0, deadLetterArn: 'arn:dead' } }, /^dead holds 2 messages/],
  ['runbook parameters', 'a parameter that was spoilt', { table: async () => table(undefined, ['/runbooks/config/alarms/0']) }, /^\/runbooks\/config\/alarms\/0 is no JSON/],
  ['runbook parameters', 'a link that is gone', { table: async () => table([runbook('general'), runbook('payments')]) }, /^\/runbooks\/payments is missing/],
  ['handlers', 'a function that is gone', { lambdaFunction: async (name) => name.startsWith('arn:') ? undefined : fine }, /^the function of general does not exist: arn:/],
  ['handlers', 'a function that stops too early', { lambdaFunction: async () => ({ ...fine, timeout: 3 }) }, /^the function of general stops after 3 s, the runbook may take 60 s$/],
  ['handlers', 'a state machine that is gone', { table: async () => table([byMachine]), stateMachineType: async () => undefined }, /^the state machine of general does not exist: arn:aws:states:\S+:look$/],
  ['handlers', 'a state machine that cannot be waited for', { table: async () => table([byMachine]), stateMachineType: async () => 'STANDARD' }, /^the state machine of general is STANDARD, and only an EXPRESS one can be waited for: arn:aws:states:\S+:look$/],
  ['executor\'s role', 'a function that the executor may not invoke', { decision: async () => 'implicitDeny' }, /^the executor's role must call lambda:InvokeFunction for general, and may not \(implicitDeny\): arn:role on arn:aws:lambda:\S+$/],
  ['executor\'s role', 'a state machine that it may not start', { table: async () => table([byMachine]), decision: async () => 'explicitDeny' }, /^the executor's role must call states:StartSyncExecution for general, and may not \(explicitDeny\): arn:role on arn:aws:states:\S+:look$/],
  ['executor\'s role', 'no executor', { lambdaFunction: async () => ({ ...fine, variables: { RUNBOOK_PARAMETER_PREFIX: '/others' } }) }, /^no function of the stack has the variable RUNBOOK_PARAMETER_PREFIX=\/runbooks/],
  ['executor\'s role', 'a refused simulation', { decision: async () => { throw Object.assign(new Error('not authorized'), { name: 'AccessDenied' }); } }, /^could not be checked: AccessDenied: not authorized$/],
  ['monitored functions', 'a log group that is not there', { hasLogGroup: async () => false }, /^the log group \/checkout of checkout does not exist/],
  ['alarms', 'an alarm that no runbook takes', { table: async () => table([runbook('general', { matches: [{ class: 'TAG', tagKey: 'team' }] })]) }, /^no runbook takes the alarm checkout-errors$/],
  ['alarms', 'disabled actions', { alarms: async () => ({ MetricAlarms: [{ ...alarm, ActionsEnabled: false }], CompositeAlarms: [] }) }, /^the actions of the alarm checkout-errors are disabled/],
  ['alarms', 'a refused call', { alarms: async () => { throw Object.assign(new Error('not authorized'), { name: 'AccessDenied' }); } }, /^could not be checked: AccessDenied: not authorized$/],
])('%s: %s', async (check, _what, otherwise, what) => {
  const examined = await examine(cloud(otherwise), 'Shop');
  expect(examined.filter(({ findings }) => findings.length > 0)).toEqual([{ check, findings: [{ level: 'FINDING', what: expect.stringMatching(what), fix: expect.stringMatching(/\w/) }] }]);
  expect(answerOf(examined)).toMatchObject({ ok: false, lines: expect.arrayContaining(['1 finding.']) });
});

test('a state machine that is EXPRESS and may be started is well', async () => {
  const asked: string[][] = [];
  const started = { table: async () => table([byMachine]), decision: async (...question: string[]) => { asked.push(question); return 'allowed' as const; } };
  expect(answerOf(await examine(cloud(started), 'Shop')).ok).toBe(true);
  expect(asked).toEqual([['arn:role', 'states:StartSyncExecution', MACHINE]]);
});

test('a written runbook has no handler that could be missing', async () => {
  const written = { table: async () => table([runbook('general', { functionArn: undefined })]), decision: async () => 'implicitDeny' as const };
  expect(answerOf(await examine(cloud(written), 'Shop')).ok).toBe(true);
});

test('what a runbook could see besides is a hint, and does not count', async () => {
  const examined = await examine(cloud({ hasContributorInsights: async () => false, lambdaFunction: async () => ({ ...fine, traced: false }) }), 'Shop');
  const { ok, lines } = answerOf(examined);
  expect(ok).toBe(true);
  expect(lines).toEqual(expect.arrayContaining(['hint     monitored functions', 'hint     monitored tables', 'No findings, 2 hints.']));
});

test('a function that was never invoked has no log group yet', async () => {
  const lines = answerOf(await examine(cloud({ hasLogGroup: async () => false, lambdaFunction: async () => ({ ...fine, logGroup: '/aws/lambda/checkout' }) }), 'Shop')).lines;
  expect(lines.slice(5, 10)).toEqual([
    'hint     monitored functions', '         hint  checkout has no log group yet: it was never invoked, or may not', '               make one',
    '         fix   allow its role logs:CreateLogGroup, or give the function a log', '               group',
  ]);
});

test('a tag that the alarm has counts', async () => {
  const byTag = { table: async () => table([runbook('general', { matches: [{ class: 'TAG', tagKey: 'team' }] })]), alarmTags: async () => ({ team: 'a' }) };
  expect(answerOf(await examine(cloud(byTag), 'Shop')).ok).toBe(true);
});

test('an alarm that is told elsewhere is nobody\'s business here', async () => {
  const elsewhere = { alarms: async () => ({ MetricAlarms: [{ ...alarm, ActionsEnabled: false, AlarmActions: ['arn:other'] }], CompositeAlarms: [] }) };
  expect(answerOf(await examine(cloud(elsewhere), 'Shop')).ok).toBe(true);
});

test('a stack without runbooks is the wrong one', async () => {
  await expect(examine(cloud({ resources: async () => [] }), 'Shop')).rejects.toThrow(/^the stack Shop holds no runbook table/);
});
