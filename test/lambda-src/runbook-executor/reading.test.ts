import { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { arnOf, eventBridgeEvent, localMessage, rawMessage, snsMessage } from './messages';
import { runbook } from './world';
import { readAlarm } from '../../../lambda-src/runbook-executor/alarm-facts';
import { normalise } from '../../../lambda-src/runbook-executor/normalise';
import { readTable } from '../../../lambda-src/runbook-executor/table';
import { resolveTargets } from '../../../lambda-src/runbook-executor/targets';
import { windowOf } from '../../../lambda-src/runbook-executor/window';
import type { AlarmFacts, Target } from '../../../src/private/shared/contract';
import { matchRunbooks } from '../../../src/private/shared/matcher';
import type { MatcherEntry } from '../../../src/private/shared/runbook-table';

const AT = '2026-11-20T10:00:00.985Z';

describe('normalise', () => {
  const alarm = {
    arn: arnOf('checkout-errors'), name: 'checkout-errors', region: 'eu-west-1', account: '123456789012', newState: 'ALARM', oldState: 'OK', stateTime: AT,
  };

  test('SNS envelope and raw delivery: the region is the ARN\'s, not the display name', () => {
    expect(normalise(snsMessage({ state: 'ALARM', at: AT }))).toMatchObject(alarm);
    expect(normalise(rawMessage({ state: 'ALARM', at: AT }))).toMatchObject(alarm);
    expect(normalise(rawMessage({ state: 'ALARM', at: AT }, { AlarmArn: undefined }))).toMatchObject({ name: 'checkout-errors', region: undefined, account: '123456789012' });
  });

  test('the local cloud: no ARN, a region\'s code, whole seconds', () => {
    expect(normalise(localMessage({ state: 'ALARM', at: AT }))).toMatchObject({
      name: 'checkout-errors', region: 'eu-west-1', account: '000000000000', newState: 'ALARM', stateTime: '2026-11-20T10:00:00.000Z',
    });
    expect(normalise(localMessage({ state: 'ALARM', at: AT }))).not.toHaveProperty('arn', expect.anything());
  });

  test('EventBridge event, the event of a direct action, and a contributor\'s', () => {
    const event = eventBridgeEvent({ state: 'ALARM', at: AT });
    expect(normalise(event)).toMatchObject(alarm);
    const { detail, resources, account, region } = JSON.parse(event);
    expect(normalise(JSON.stringify({ source: 'aws.cloudwatch', alarmArn: resources[0], accountId: account, region, time: AT, alarmData: detail }))).toMatchObject(alarm);
    expect(normalise(eventBridgeEvent({ state: 'OK', at: AT }, { alarmContributor: { id: '6d44', attributes: { FunctionName: 'a' } } }))).toMatchObject({ contributor: '6d44', newState: 'OK' });
  });

  test('what is no alarm says why', () => {
    expect(normalise('[1]')).toEqual({ refusal: 'the message is not a JSON object' });
    expect(normalise('{"Type":"Notification","Message":"hello"}')).toEqual({ refusal: 'the SNS notification carries no JSON object' });
    expect(normalise('{"NewStateValue":"ALARM"}')).toEqual({ refusal: 'the message names no alarm' });
  });
});

function cloud(...alarms: (Partial<MetricAlarm> | Partial<CompositeAlarm>)[]): any {
  const complete = alarms.map((alarm) => ({ AlarmArn: arnOf(alarm.AlarmName!), StateValue: 'ALARM', StateUpdatedTimestamp: new Date(AT), StateReason: 'because', ...alarm }));
  return {
    send: async ({ input }: { input: { AlarmNames: string[]; AlarmTypes: string[] } }) => {
      expect(input.AlarmTypes).toEqual(['MetricAlarm', 'CompositeAlarm']);
      const found = complete.filter(({ AlarmName }) => input.AlarmNames.includes(AlarmName!));
      return { MetricAlarms: found.filter((alarm) => !('AlarmRule' in alarm)), CompositeAlarms: found.filter((alarm) => 'AlarmRule' in alarm) };
    },
  };
}

const ERRORS = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: 'checkout' }], Statistic: 'Sum' as const, Period: 60, EvaluationPeriods: 3, Threshold: 0 };

describe('facts of an alarm', () => {
  test('metric math: the expression, and the metrics behind it', async () => {
    const facts = await readAlarm(cloud({
      AlarmName: 'rate',
      EvaluationPeriods: 2,
      Metrics: [
        { Id: 'rate', Expression: '100 * errors / calls', ReturnData: true },
        { Id: 'errors', ReturnData: false, MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: ERRORS.Dimensions }, Stat: 'Sum', Period: 300 } },
        { Id: 'calls', ReturnData: false, MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Invocations', Dimensions: ERRORS.Dimensions }, Stat: 'Sum', Period: 300 } },
      ],
    }), { name: 'rate' });
    expect(facts).toMatchObject({
      type: 'METRIC',
      expression: '100 * errors / calls',
      period: 300,
      evaluationPeriods: 2,
      metrics: [{ name: 'Errors', dimensions: { FunctionName: 'checkout' }, statistic: 'Sum', period: 300 }, { name: 'Invocations' }],
    });
  });

  test('percentiles, a threshold of zero, and no description', async () => {
    const facts = await readAlarm(cloud({ AlarmName: 'slow', ...ERRORS, MetricName: 'Duration', Statistic: undefined, ExtendedStatistic: 'p99', AlarmDescription: '' }), { name: 'slow', oldState: 'OK' });
    expect(facts).toMatchObject({ threshold: 0, previousState: 'OK', stateTimestamp: AT, metrics: [{ statistic: 'p99' }] });
    expect(facts!.description).toBeUndefined();
  });

  test('composite: children by name or ARN, nested ones followed, their metrics told; a circle ends', async () => {
    const facts = await readAlarm(cloud(
      { AlarmName: 'all', AlarmRule: `(ALARM("a (1)") OR ALARM(${arnOf('inner')})) AND NOT OK('quiet')` },
      { AlarmName: 'a (1)', ...ERRORS },
      { AlarmName: 'inner', AlarmRule: 'ALARM(deep) OR ALARM(all)' },
      { AlarmName: 'deep', ...ERRORS, Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Dimensions: [{ Name: 'QueueName', Value: 'jobs' }] },
    ), { name: 'all', arn: arnOf('all') });
    expect(facts).toMatchObject({ type: 'COMPOSITE', children: ['a (1)', 'inner', 'quiet'], metrics: [{ name: 'Errors' }, { name: 'ApproximateAgeOfOldestMessage' }] });
    expect(resolveTargets(facts!, undefined, [{ type: 'queue', name: 'jobs' }, { type: 'function', name: 'checkout' }, { type: 'queue', name: 'other' }])).toEqual([
      { type: 'function', name: 'checkout' }, { type: 'queue', name: 'jobs' },
    ]);
  });

  test('none where the account has no such alarm', async () => {
    expect(await readAlarm(cloud(), { name: 'invented' })).toBeUndefined();
  });
});

const FACTS: AlarmFacts = {
  arn: arnOf('payments-declined'),
  name: 'payments-declined',
  type: 'METRIC',
  state: 'ALARM',
  stateTimestamp: AT,
  reason: '',
  children: [],
  tags: { team: 'shop' },
  metrics: [{ namespace: 'AWS/Lambda', name: 'AsyncEventsDropped', dimensions: {}, statistic: 'Sum', period: 60 }],
  accountId: '1',
  region: 'eu-west-1',
  period: 60,
  evaluationPeriods: 3,
};

describe('matcher', () => {
  const matchers: MatcherEntry[] = [
    { class: 'ALARM', alarmArn: FACTS.arn },
    { class: 'TAG', tagKey: 'team', tagValue: 'shop' },
    { class: 'NAME_PATTERN', pattern: 'pay*-decl*d' },
    { class: 'METRIC', namespace: 'AWS/Lambda', metricName: 'Async*' },
    { class: 'NAMESPACE', namespace: 'AWS/Lambda' },
    { class: 'ANY' },
  ];
  const all = matchers.map((matcher, index) => runbook(matcher.class.toLowerCase(), { order: matchers.length - index, matches: [matcher] }));

  test.each(matchers.map((matcher, index) => [matcher.class, index] as const))('%s wins over everything less specific', (name, index) => {
    const { runbooks, candidates } = matchRunbooks(all.slice(index), FACTS);
    expect(runbooks.map((one) => one.name)).toEqual([name.toLowerCase()]);
    expect(candidates.filter(({ outcome }) => outcome === 'LESS_SPECIFIC').map((one) => one.class).sort()).toEqual(matchers.slice(index + 1).map((one) => one.class).sort());
    expect(candidates.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  test('the runbook that the alarm names wins over every matcher; one that is gone does not', () => {
    const entry = { arn: FACTS.arn, key: 'k', severity: 'HIGH' as const };
    expect(matchRunbooks(all, FACTS, { ...entry, runbook: 'any' }).runbooks.map(({ name }) => name)).toEqual(['any']);
    expect(matchRunbooks(all, FACTS, { ...entry, runbook: 'gone' }).runbooks.map(({ name }) => name)).toEqual(['alarm']);
  });

  test('all of the best class, in the order of registration, at most three; the losers are told', () => {
    const { runbooks, candidates } = matchRunbooks([4, 2, 3, 1].map((order) => runbook(`r${order}`, { order })), FACTS);
    expect(runbooks.map(({ name }) => name)).toEqual(['r1', 'r2', 'r3']);
    expect(candidates[3]).toEqual({ runbook: 'r4', class: 'ANY', outcome: 'TOO_MANY', reason: 'it takes every alarm, but 3 runbooks run already' });
  });

  test.each<[MatcherEntry, boolean]>([
    [{ class: 'TAG', tagKey: 'team' }, true],
    [{ class: 'TAG', tagKey: 'team', tagValue: 'other' }, false],
    [{ class: 'NAME_PATTERN', pattern: 'payments-declined' }, true],
    [{ class: 'NAME_PATTERN', pattern: 'payments' }, false],
    [{ class: 'NAME_PATTERN', pattern: '*' }, true],
    [{ class: 'NAME_PATTERN', pattern: 'payments-d*-declined' }, false],
    [{ class: 'NAME_PATTERN', pattern: `${'*a'.repeat(40)}*` }, false],
    [{ class: 'METRIC', namespace: 'AWS/Lambda', metricName: 'Async' }, false],
    [{ class: 'METRIC', namespace: 'Other', metricName: '*' }, false],
    [{ class: 'ALARM', alarmArn: arnOf('payments') }, false],
  ])('%j: %s', (matcher, expected) => {
    expect(matchRunbooks([runbook('r', { matches: [matcher] })], FACTS).runbooks).toHaveLength(expected ? 1 : 0);
  });
});

describe('targets', () => {
  const registered: Target[] = [
    { type: 'api', name: 'orders', stage: 'prod', functions: ['orders-fn'] },
    { type: 'api', name: 'orders', stage: 'test', functions: [] },
    { type: 'function', name: 'checkout', logGroup: '/aws/lambda/checkout' },
    { type: 'table', name: 'orders', indexes: ['by-day'] },
    { type: 'queue', name: 'jobs' },
  ];
  const of = (...dimensions: Record<string, string>[]) => resolveTargets(
    { ...FACTS, metrics: dimensions.map((one) => ({ namespace: 'n', name: 'm', dimensions: one, statistic: 'Sum', period: 60 })) }, undefined, registered);

  test('an API by name and stage, or all its stages', () => {
    expect(of({ ApiName: 'orders', Stage: 'prod' })).toEqual([registered[0]]);
    expect(of({ ApiName: 'orders' })).toEqual([registered[0], registered[1]]);
  });

  test('an API whose functions are spread over several entries is one', () => {
    const part = (functions: string[]): Target => ({ type: 'api', name: 'many', stage: 'prod', functions });
    expect(resolveTargets(
      { ...FACTS, metrics: [{ namespace: 'n', name: 'm', dimensions: { ApiName: 'many' }, statistic: 'Sum', period: 60 }] }, undefined, [part(['a', 'b']), part(['c'])],
    )).toEqual([part(['a', 'b', 'c'])]);
  });

  test('a function, with the alias that its metric is about', () => {
    expect(of({ FunctionName: 'checkout' })).toEqual([registered[2]]);
    expect(of({ FunctionName: 'checkout', Resource: 'checkout:live' })).toEqual([{ ...registered[2], alias: 'live' }]);
  });

  test('a table with the index that its metric is about, a queue, and several metrics without repetition', () => {
    expect(of({ TableName: 'orders', GlobalSecondaryIndexName: 'by-user' })).toEqual([{ type: 'table', name: 'orders', indexes: ['by-day', 'by-user'] }]);
    expect(of({ QueueName: 'jobs' }, { FunctionName: 'checkout' }, { QueueName: 'jobs' })).toEqual([registered[4], registered[2]]);
  });

  test('what is not registered is no target', () => {
    expect(of({ FunctionName: 'foreign' }, { InstanceId: 'i-1' })).toEqual([]);
  });
});

test('the window: one evaluation and a period before the alarm to five minutes after it, and baselines of the same length', () => {
  const window = windowOf(FACTS, new Date('2026-11-20T11:00:00.000Z'));
  expect(window).toMatchObject({ start: '2026-11-20T09:56:00.985Z', end: '2026-11-20T10:05:00.985Z' });
  expect(window.baselines).toEqual([
    { start: '2026-11-20T09:47:00.985Z', end: '2026-11-20T09:56:00.985Z' },
    { start: '2026-11-19T09:56:00.985Z', end: '2026-11-19T10:05:00.985Z' },
    { start: '2026-11-13T09:56:00.985Z', end: '2026-11-13T10:05:00.985Z' },
  ]);
  expect(windowOf(FACTS, new Date('2026-11-20T10:00:30.000Z')).end).toBe('2026-11-20T10:00:30.000Z');
});

test('the table: pages and chunks put together, links beside it, a spoilt parameter told and left out', async () => {
  const pages = [
    [{ Name: '/house/runbooks/general', Value: 'https://wiki' }, { Name: '/house/runbooks/config/runbooks/0', Value: JSON.stringify({ runbooks: [runbook('general')] }) }],
    [{ Name: '/house/runbooks/config/runbooks/1', Value: JSON.stringify({ runbooks: [runbook('mine')], targets: [{ type: 'queue', name: 'jobs' }] }) }, { Name: '/house/runbooks/config/alarms/0', Value: '{oops' }],
  ];
  const spoilt: string[] = [];
  const client: any = { send: async ({ input }: any) => ({ Parameters: pages[Number(input.NextToken ?? 0)], NextToken: input.NextToken ? undefined : '1' }) };
  const table = await readTable(client, '/house/runbooks', (name) => spoilt.push(name));
  expect(table.runbooks.map(({ name }) => name)).toEqual(['general', 'mine']);
  expect(table).toMatchObject({ links: { general: 'https://wiki' }, targets: [{ name: 'jobs' }], alarms: [] });
  expect(spoilt).toEqual(['/house/runbooks/config/alarms/0']);
});
