import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ofType, statementsOf, synth } from './synth';
import { AlertingWithRunbooks, AlertingWithRunbooksProps } from '../../src';

/** The check that those who are to be told have confirmed. */

type Topics = Pick<AlertingWithRunbooksProps, 'alertTopic' | 'reportTopic' | 'chatTopic'>;

const topic = (name: string) => `arn:aws:sns:eu-west-1:123456789012:${name}`;
const synthWith = (topics: Record<keyof Topics, string> | {} = {}) => synth((stack) => new AlertingWithRunbooks(stack, 'Alerting',
  Object.fromEntries(Object.entries(topics).map(([prop, name]) => [prop, Topic.fromTopicArn(stack, prop, topic(name))]))));
const listed = (resources: ReturnType<typeof synthWith>['resources']) =>
  statementsOf(resources, /AlertingRunbookExecutorFunction/).filter(({ Action }) => Action === 'sns:ListSubscriptionsByTopic');
const executorOf = (template: Template) => Object.keys(template.findResources('AWS::Lambda::Function')).find((id) => /RunbookExecutorFunction/.test(id));

test('the alarm watches what the executor emits, and stays while it is emitted at each reconcile', () => {
  const { resources, template } = synthWith();
  const [alarm] = ofType(resources, 'AWS::CloudWatch::Alarm').filter(({ Properties }) => Properties.MetricName === 'UnconfirmedSubscriptions');
  expect(alarm.Properties).toMatchObject({
    Namespace: 'ServerlessMonitoring',
    Dimensions: [{ Name: 'RunbookExecutor', Value: { Ref: executorOf(template) } }],
    Statistic: 'Maximum',
    Period: 3600,
    EvaluationPeriods: 1,
    Threshold: 1,
    TreatMissingData: 'notBreaching',
    Tags: expect.arrayContaining([{ Key: 'serverless-monitoring:alarm', Value: 'Alerting/UnconfirmedSubscriptions' }]),
  });
});

test('the executor may list the subscriptions of its own topic, and of no other', () => {
  const { resources } = synthWith();
  expect(listed(resources)).toEqual([expect.objectContaining({ Resource: { Ref: expect.stringMatching(/^AlertingTopic/) } })]);
});

test('topics that were given are listed too', () => {
  const { resources } = synthWith({ alertTopic: 'alerts', reportTopic: 'reports', chatTopic: 'chat' });
  expect(listed(resources)).toEqual([expect.objectContaining({ Resource: ['alerts', 'reports', 'chat'].map(topic) })]);
});

test('a topic that has two tasks is named once', () => {
  const { resources } = synthWith({ alertTopic: 'house', reportTopic: 'house' });
  expect(listed(resources)).toEqual([expect.objectContaining({ Resource: topic('house') })]);
});

test('the executor knows the topic of the alerts', () => {
  const { template } = synthWith({ alertTopic: 'alerts', reportTopic: 'reports' });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { ALERT_TOPIC_ARN: topic('alerts'), REPORT_TOPIC_ARN: topic('reports') } },
  });
});

test('the executor may read incidents by the batch', () => {
  const { resources } = synthWith();
  expect(statementsOf(resources, /AlertingRunbookExecutorFunction/).flatMap(({ Action }) => Action)).toContain('dynamodb:BatchGetItem');
});
