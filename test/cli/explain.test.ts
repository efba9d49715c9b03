import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { answerOf } from '../../cli/explain';
import { readEvent } from '../../cli/explain/event';
import { alarmOf, explanationOf } from '../../cli/explain/explanation';
import { tableOfApp, tableOfFile } from '../../cli/explain/read-table';
import { textOf } from '../../cli/explain/tokens';
import type { RunbookTable } from '../../lambda-src/runbook-executor/table';
import { AlarmMatcher, RunbookHandler, ServerlessMonitoring } from '../../src';
import { arnOf, eventBridgeEvent, localMessage, rawMessage, snsMessage } from '../lambda-src/runbook-executor/messages';
import { runbook } from '../lambda-src/runbook-executor/world';

const AT = '2026-11-20T10:00:00.000Z';
const change = { state: 'ALARM', at: AT } as const;
const folder = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TABLE: RunbookTable = {
  runbooks: [
    runbook('lambda-error', { matches: [{ class: 'METRIC', namespace: 'AWS/Lambda', metricName: 'Errors' }] }),
    runbook('payments', { order: 1, matches: [{ class: 'TAG', tagKey: 'team', tagValue: 'payments' }] }),
    runbook('general', { order: 2 }),
  ],
  alarms: [{ arn: arnOf('own'), key: 'Alerting/DeadLetters', own: true }],
  foreign: [],
  targets: [{ type: 'function', name: 'checkout' }],
  links: {},
};

const explained = async (text: string, tags = {}, table = TABLE) => {
  const event = readEvent(text, 'event.json');
  return explanationOf(await alarmOf(event, tags), table, event.notes);
};
const outcomes = ({ candidates }: Awaited<ReturnType<typeof explained>>) => candidates.map(({ runbook: name, outcome }) => `${name} ${outcome}`);

describe('the alarm', () => {
  const described = {
    AlarmName: 'checkout-errors',
    AlarmArn: arnOf('checkout-errors'),
    StateValue: 'ALARM',
    StateUpdatedTimestamp: AT,
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'FunctionName', Value: 'checkout' }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
  };
  const { detail, resources, account, region } = JSON.parse(eventBridgeEvent(change));

  test.each<[string, string]>([
    ['an SNS envelope', snsMessage(change)],
    ['raw delivery', rawMessage(change)],
    ['the local cloud', localMessage(change)],
    ['an EventBridge event', eventBridgeEvent(change)],
    ['a direct action', JSON.stringify({ source: 'aws.cloudwatch', alarmArn: resources[0], accountId: account, region, time: AT, alarmData: detail })],
    ['describe-alarms', JSON.stringify({ MetricAlarms: [described], CompositeAlarms: [] })],
    ['one alarm of describe-alarms', JSON.stringify(described)],
  ])('of %s: the same runbook, the same target', async (_shape, text) => {
    const explanation = await explained(text);
    expect(outcomes(explanation)).toEqual(['lambda-error RUNS', 'payments NO_MATCH', 'general LESS_SPECIFIC']);
    expect(explanation).toMatchObject({
      alarm: { name: 'checkout-errors', state: 'ALARM', stateTimestamp: AT, metrics: [{ namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'checkout' }, statistic: 'Sum', period: 60 }] },
      targets: [{ type: 'function', name: 'checkout' }],
    });
  });

  test('metric math, as SNS tells it', async () => {
    const Metrics = [
      { Id: 'rate', Expression: '100 * e', ReturnData: true },
      { Id: 'e', ReturnData: false, MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ name: 'FunctionName', value: 'checkout' }] }, Period: 60, Stat: 'Sum' } },
    ];
    const explanation = await explained(rawMessage(change, { Trigger: { Period: 60, EvaluationPeriods: 1, Metrics } }));
    expect(explanation.alarm).toMatchObject({ expression: '100 * e', metrics: [{ name: 'Errors' }] });
    expect(outcomes(explanation)[0]).toBe('lambda-error RUNS');
  });

  test('a composite: its message does not tell its children\'s metrics, describe-alarms does', async () => {
    const AlarmRule = 'ALARM("checkout-errors")';
    const message = await explained(rawMessage({ ...change, name: 'all' }, { AlarmRule, Trigger: undefined }));
    expect(outcomes(message)).toContain('general RUNS');
    expect(message.notes).toContainEqual(expect.stringMatching(/does not tell what its children watch/));
    const whole = await explained(JSON.stringify({ MetricAlarms: [described], CompositeAlarms: [{ ...described, AlarmName: 'all', AlarmArn: arnOf('all'), AlarmRule }] }));
    expect(whole).toMatchObject({ alarm: { name: 'all', children: ['checkout-errors'] } });
    expect(outcomes(whole)).toContain('lambda-error RUNS');
  });

  test('a tag that is given counts; where none is, the runbooks that match by tag are named', async () => {
    expect(outcomes(await explained(snsMessage(change), { team: 'payments' }))).toEqual(['lambda-error LESS_SPECIFIC', 'payments RUNS', 'general LESS_SPECIFIC']);
    expect((await explained(snsMessage(change))).notes).toEqual(['payments matches by tag, and no tag is known here: give the alarm\'s with --tag.']);
  });

  test.each([
    ['text', 'hello', /event\.json is no JSON/],
    ['another message', '{"a":1}', /is neither an alarm's message nor DescribeAlarms' answer: the message tells no change/],
    ['several alarms', JSON.stringify({ MetricAlarms: [described, { ...described, AlarmName: 'b' }] }), /describes 2 alarms: choose one with --alarm \(checkout-errors, b\)/],
    ['no alarm', JSON.stringify({ MetricAlarms: [] }), /describes no alarm/],
  ])('%s is an error', (_what, text, message) => {
    expect(() => readEvent(text, 'event.json')).toThrow(message);
  });
});

test('people read who runs, who does not, and why', async () => {
  const { ok, lines } = answerOf(await explained(snsMessage(change)));
  expect(ok).toBe(true);
  expect(lines).toEqual([
    'Alarm    checkout-errors, ALARM since 2026-11-20T10:00:00.000Z',
    'Watches  AWS/Lambda Errors, FunctionName=checkout',
    'Targets  function:checkout',
    '',
    'Runs     lambda-error: the alarm watches AWS/Lambda Errors (METRIC)',
    'Not      payments: none of its matchers fits the alarm',
    '         general: it takes every alarm, but METRIC wins over ANY',
    '',
    'Mind     payments matches by tag, and no tag is known here: give the alarm\'s',
    '         with --tag.',
  ]);
});

test.each<[string, string, RegExp]>([
  ['an alarm of the alert path', snsMessage({ ...change, name: 'own' }, { AlarmArn: arnOf('own') }), /^Runs +nothing: it is on the alert path itself/],
  ['an alarm that is over', snsMessage({ state: 'OK', at: AT }), /^Runs +nothing: its state is OK/],
])('%s starts nothing', async (_what, text, line) => {
  const { ok, json, lines } = answerOf(await explained(text));
  expect({ ok, json }).toMatchObject({ ok: false, json: { runs: [] } });
  expect(lines).toContainEqual(expect.stringMatching(line));
});

describe('the table', () => {
  test('from the SSM parameters, as the AWS CLI prints them', async () => {
    const file = join(folder, 'parameters.json');
    const parameter = (name: string, value: object) => ({ Name: `/runbooks/config/${name}/0`, Value: JSON.stringify(value), Type: 'String' });
    writeFileSync(file, JSON.stringify({ Parameters: [parameter('runbooks', { runbooks: TABLE.runbooks }), parameter('alarms', { alarms: TABLE.alarms }), { Name: '/runbooks/general', Value: 'https://example.com' }] }));
    expect(await tableOfFile(file)).toEqual({ ...TABLE, targets: [], links: { general: 'https://example.com' } });
    await expect(tableOfFile(file, '/other')).rejects.toThrow(/no runbook table under \/other, but under \/runbooks/);
  });

  test('from a file of the same shape; anything else is an error', async () => {
    const file = join(folder, 'table.json');
    writeFileSync(file, JSON.stringify(TABLE));
    expect((await tableOfFile(file)).runbooks).toEqual(TABLE.runbooks);
    writeFileSync(file, '[]');
    await expect(tableOfFile(file)).rejects.toThrow(/is no runbook table: expected \{"runbooks"/);
    await expect(tableOfApp(join(folder, 'none'), { alarmArn: '', names: [] })).rejects.toThrow(/there is no folder .*synthesise the app first/);
  });
});

describe('an app that was synthesised', () => {
  const outdir = join(folder, 'cdk.out');
  let functionId: string;
  let alarmId: string;

  beforeAll(() => {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Shop');
    const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
    const checkout = new lambda.Function(stack, 'Checkout', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('0') });
    monitoring.monitorFunction(checkout);
    const { alarm } = monitoring.alerting.alarms.find(({ key }) => key === 'MetricsApi/ServerErrors')!;
    monitoring.addRunbook({ name: 'payments', handler: RunbookHandler.fromFunction(checkout), matches: [AlarmMatcher.alarm(alarm)] });
    functionId = stack.getLogicalId(checkout.node.defaultChild as lambda.CfnFunction);
    alarmId = stack.getLogicalId(alarm.node.defaultChild as never);
    app.synth();
  });

  /** The names that CloudFormation would make. */
  const deployedName = (id: string) => `Shop-${id}-A1B2C3D4E5F6`;
  const table = (name: string, fn = '-') => tableOfApp(outdir, { alarmArn: arnOf(name), names: [name, fn] });

  test('an alarm of the app is known by the name that CloudFormation makes of its logical id', async () => {
    const name = deployedName(alarmId);
    const explanation = await explained(snsMessage({ ...change, name }), {}, await table(name));
    expect(explanation.entry).toMatchObject({ key: 'MetricsApi/ServerErrors', severity: 'HIGH' });
    expect(outcomes(explanation)).toContain('payments RUNS');
  });

  test('so is a function among the targets', async () => {
    const fn = deployedName(functionId);
    const trigger = { MetricName: 'Errors', Namespace: 'AWS/Lambda', Statistic: 'SUM', Period: 60, Dimensions: [{ name: 'FunctionName', value: fn }] };
    const explanation = await explained(snsMessage(change, { Trigger: trigger }), {}, await table('checkout-errors', fn));
    expect(explanation.targets).toMatchObject([{ type: 'function', name: fn }]);
    expect(outcomes(explanation)).toContain('lambda-error RUNS');
  });

  test('what only a deployment knows is said', async () => {
    const { notes } = await explained(snsMessage(change), {}, await table('checkout-errors'));
    expect(notes).toEqual([
      expect.stringMatching(/^payments is registered for the alarm \$\{\w+\.Arn\}, whose name is known only after a deployment\.$/),
      expect.stringMatching(/alarms of the app have names that only a deployment gives/),
      expect.stringMatching(/registered resources have names that only a deployment gives/),
    ]);
  });
});

test.each<[string, unknown, string]>([
  ['a pseudo parameter', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x:', { Ref: 'AWS::Region' }]] }, 'arn:aws:x:eu-west-1'],
  ['a name that the app gave', { Ref: 'Named' }, 'orders'],
  ['a name that is alike by chance', { Ref: 'Other' }, '${Other}'],
  ['another attribute', { 'Fn::GetAtt': ['Named', 'StreamArn'] }, '${Named.StreamArn}'],
  ['another function', { 'Fn::ImportValue': 'x' }, '${Fn::ImportValue}'],
])('%s in a template', (_what, value, text) => {
  const resources = { Named: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } }, Other: { Type: 'AWS::Lambda::Function' } };
  expect(textOf(value, resources, { alarmArn: arnOf('a'), names: ['Shop-Others-A1B2C3D4E5F6', 'Other'] })).toBe(text);
});
