import { App, ArnFormat, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, Effect, PolicyStatement, User } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { IConstruct } from 'constructs';
import * as inline from './inline-functions';
import { STORM_ABOVE } from './storm-above';
import { AlarmMatcher, AlarmSeverity, ApiAuthorization, ForeignAlarms, IRunbookHandler, MetricsApi, RunbookHandler, ServerlessMonitoring, ServiceStatistic } from 'cdk-serverless-monitoring';

/** Everything that the end-to-end tests exercise, in one stack: deployed once. */
const app = new App();
const stack = new Stack(app, 'EndToEnd');

const makeFunction = (id: string, code: string) => new Function(stack, id, {
  runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline(code), timeout: Duration.seconds(10),
});

const chatTopic = new Topic(stack, 'Chat');
const chats = new Queue(stack, 'Chats');
chatTopic.addSubscription(new SqsSubscription(chats, { rawMessageDelivery: true }));

const monitoring = new ServerlessMonitoring(stack, 'Monitoring', {
  alertEmails: ['oncall@example.com'],
  // Not by a tag too: the executor would hear of every alarm here, those of the storm included.
  foreignAlarms: [ForeignAlarms.namePrefix('elsewhere-', { severity: AlarmSeverity.CRITICAL })],
  metricsStore: { removalPolicy: RemovalPolicy.DESTROY },
  // As a team with Grafana has it.
  metricsApi: { prometheus: { authorization: ApiAuthorization.apiKey() }, cors: { allowOrigins: ['https://dashboards.example.com'] } },
  // Small enough that a test can go beyond it.
  logIngestion: { maxObjectSize: Size.mebibytes(16) },
  // Minutes as seconds; and no storm before the suite that makes one.
  alerting: {
    secondLookDelay: Duration.seconds(2), breakerPause: Duration.seconds(6), reportsPerMinute: STORM_ABOVE, chatTopic,
  },
  // The local cloud's alarms ignore dimensions. Of all alarms on one metric's name only the one under test is left.
  alarmOverrides: {
    'LogIngestion/Errors': { enabled: false },
    'Alerting/ExecutorErrors': { enabled: false },
    'MetricsApi/ServerErrors': { enabled: false },
  },
});

// ---- What people would have got: alarms, reports, closings.
const inbox = new Queue(stack, 'Inbox', { enforceSSL: true });
monitoring.alertTopic.addSubscription(new SqsSubscription(inbox, { rawMessageDelivery: true }));

// ---- Ingestion: the events of the bucket, to deliver one again; and an object that the bucket's policy denies must end in the dead-letter queue, soon.
monitoring.logBucket.addToResourcePolicy(new PolicyStatement({
  effect: Effect.DENY,
  principals: [new AnyPrincipal()],
  actions: ['s3:GetObject'],
  resources: [monitoring.logBucket.arnForObjects('denied/*')],
}));
const events = new Queue(stack, 'Events', { enforceSSL: true });
new Rule(stack, 'EventsOfTheBucket', {
  eventPattern: { source: ['aws.s3'], detail: { bucket: { name: [monitoring.logBucket.bucketName] } } },
  targets: [new SqsQueue(events)],
});
const processorQueue = monitoring.logIngestion.node.findChild('Queue') as Queue;
monitoring.logIngestion.processor.addEnvironment('RETRY_DELAYS', '1');

// ---- What is monitored, and what the four built-in runbooks look at.
const failing = makeFunction('Failing', inline.FAILING);
const orders = new RestApi(stack, 'Orders', { cloudWatchRole: false });
orders.root.addMethod('GET', new LambdaIntegration(failing));
const carts = new Table(stack, 'Carts', {
  partitionKey: { name: 'pk', type: AttributeType.STRING }, billingMode: BillingMode.PAY_PER_REQUEST, removalPolicy: RemovalPolicy.DESTROY,
});
monitoring.monitorFunction(failing);
monitoring.monitorApi(orders, { functions: [failing] });
monitoring.monitorTable(carts, { throttledKeyInsights: true });

monitoring.addServiceAlarm('CheckoutErrors', {
  service: 'checkout',
  metric: 'errors',
  statistic: ServiceStatistic.SUM,
  threshold: 5,
  period: Duration.minutes(1),
  uploadDelay: Duration.seconds(0),
  severity: AlarmSeverity.CRITICAL,
});

// A half-filled bucket's average would lie, so this one is published after its end, by a function with a schedule.
monitoring.addServiceAlarm('CartLatency', {
  service: 'carts', metric: 'latency', statistic: ServiceStatistic.AVERAGE, threshold: 1000, period: Duration.minutes(1), uploadDelay: Duration.seconds(0),
});

// ---- Runbooks of one's own: one that works, one that throws, one that answers nonsense; each with an alarm of its own.
const ownRunbooks = {
  custom: inline.CUSTOM_RUNBOOK,
  throwing: inline.THROWING_RUNBOOK,
  nonsense: inline.NONSENSE_RUNBOOK,
  changing: inline.CHANGING_RUNBOOK,
  hanging: inline.HANGING_RUNBOOK,
  huge: inline.HUGE_RUNBOOK,
  flaky: inline.FLAKY_RUNBOOK,
};
// One without any code, which answers with what it was asked.
const express = new StateMachine(stack, 'Express', {
  stateMachineType: StateMachineType.EXPRESS,
  definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Answer', {
    parameters: {
      'schemaVersion': '1',
      'runId.$': '$.runId',
      'status': 'SUCCEEDED',
      'summary.$': '$.alarm.name',
      'verdict': { ruleId: 'OWN-06', title: 'A state machine looked', confidence: 'LOW', category: 'INCONCLUSIVE' },
      'findings': [],
      'ruledOut': [],
      'notChecked': [],
      'evidence': [],
      'proposedActions': [],
      'metrics': { durationMs: 1, apiCalls: 0, logBytesScanned: 0 },
    },
  })),
});

const ownHandlers: [name: string, handler: IRunbookHandler][] = [
  ...Object.entries(ownRunbooks).map(([name, code]): [string, IRunbookHandler] => [name, RunbookHandler.fromFunction(makeFunction(`Runbook-${name}`, code))]),
  ['express', RunbookHandler.fromStateMachine(express)],
  ['written', RunbookHandler.manual()],
];
const ownAlarms = ownHandlers.map(([name, handler]) => {
  monitoring.addRunbook({
    name,
    handler,
    matches: [AlarmMatcher.metric('EndToEnd', name)],
    timeout: Duration.seconds(name === 'hanging' ? 2 : 20),
    cooldown: name === 'flaky' ? Duration.seconds(0) : undefined,
  });
  const alarm = new Alarm(stack, `Alarm-${name}`, {
    metric: new Metric({ namespace: 'EndToEnd', metricName: name, statistic: 'Maximum', period: Duration.minutes(1) }),
    threshold: 1,
    evaluationPeriods: 1,
  });
  monitoring.addAlarm(alarm);
  return [`own/${name}`, alarm.alarmName];
});

// ---- An alarm that somebody else makes.
monitoring.addAlarm(Alarm.fromAlarmArn(stack, 'Theirs', stack.formatArn({
  service: 'cloudwatch', resource: 'alarm', resourceName: 'theirs', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
})));

// ---- For every function of the library one that has its role, and hands it out: what a role is refused can then be tried.
const ownFunctions = monitoring.node.findAll().filter((found: IConstruct): found is Function => found instanceof Function);
const probes = ownFunctions.map((fn) => {
  const probe = new Function(stack, `Probe-${fn.node.path.replace(/[^A-Za-z0-9]/g, '-')}`, {
    runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline(inline.HAND_OUT_CREDENTIALS), role: fn.role,
  });
  return [fn.node.path.slice(monitoring.node.path.length + 1), probe.functionName];
});

// ---- The API once more, over the same store and open to everybody: schemathesis, which sends it whatever fits its description and
// whatever does not, cannot sign. The lines of docs/api.md are tried there too.
const openApi = new MetricsApi(stack, 'OpenApi', {
  store: monitoring.metricsStore, incidents: monitoring.alerting.incidents, authorization: ApiAuthorization.none(),
});

// ---- And once more with the two kinds of authorization that the first has not, and without incidents.
const guardedApi = new MetricsApi(stack, 'GuardedApi', {
  store: monitoring.metricsStore,
  authorization: ApiAuthorization.custom(new TokenAuthorizer(stack, 'Authorizer', { handler: makeFunction('AuthorizerFunction', inline.AUTHORIZER) })),
  prometheus: { authorization: ApiAuthorization.cognito(new UserPool(stack, 'Users', { removalPolicy: RemovalPolicy.DESTROY })) },
});

// ---- Callers of the API, each with one grant.
const reader = new User(stack, 'Reader');
monitoring.metricsApi.grantRead(reader);
const onCall = new User(stack, 'OnCall');
monitoring.metricsApi.grantReadIncidents(onCall);

const outputs = {
  ApiUrl: monitoring.apiUrl,
  OpenApiUrl: openApi.url,
  GuardedApiUrl: guardedApi.url,
  ReaderName: reader.userName,
  OnCallName: onCall.userName,
  PrometheusKeyId: monitoring.metricsApi.apiKeys[0].keyId,
  LogBucketName: monitoring.logBucket.bucketName,
  MetricsApiName: monitoring.metricsApi.restApi.restApiName,
  MetricsTableName: monitoring.metricsStore.table.tableName,
  AlertTopicArn: monitoring.alertTopic.topicArn,
  IncidentTableName: monitoring.alerting.incidents.tableName,
  InboxUrl: inbox.queueUrl,
  ChatsUrl: chats.queueUrl,
  ExecutorQueueUrl: (monitoring.alerting.node.findChild('RunbookExecutor').node.findChild('Queue') as Queue).queueUrl,
  ExecutorFunctionName: monitoring.alerting.executor.functionName,
  EventsUrl: events.queueUrl,
  ProcessorQueueUrl: processorQueue.queueUrl,
  DayRollerFunctionName: monitoring.metricsStore.dayRoller.functionName,
  BackfillFunctionName: monitoring.logIngestion.backfill.functionName,
  DeadLettersUrl: monitoring.logIngestion.deadLetterQueue.queueUrl,
  FailingFunctionName: failing.functionName,
  OrdersApiName: orders.restApiName,
  OrdersApiUrl: orders.url,
  CartsTableName: carts.tableName,
  /** Names of the alarms, by key. */
  Alarms: stack.toJsonString(Object.fromEntries([
    ...monitoring.alerting.alarms.map(({ key, alarm }) => [key, alarm.alarmName]), ...ownAlarms,
  ])),
  /** Names of the functions that hand out a role's credentials, by the path of the function whose role it is. */
  Probes: stack.toJsonString(Object.fromEntries(probes)),
};
Object.entries(outputs).forEach(([name, value]) => new CfnOutput(stack, name, { value }));
