import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ofType, Resource, statementsOf, synth } from './synth';
import {
  AlarmMatcher, AlertingWithRunbooks, AlertingWithRunbooksProps, IRunbookHandler, LogIngestion, MetricsApi, MetricsStore, RunbookBindOptions,
  RunbookDocumentation,
  RunbookHandler, RunbookHandlerBinding, RunbookTarget,
} from '../../src';
import { BUILT_IN_RUNBOOKS } from '../../src/private/shared/runbook-table';

const aFunction = (stack: Stack, id = 'Investigate') => new Function(stack, id, {
  runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => 1;'),
});

/** The runbook table as the executor will read it; `Ref`s and `GetAtt`s become their logical ids. */
function runbookTable(resources: Record<string, Resource>): any[] {
  return Object.entries(resources).filter(([id]) => id.includes('RunbookTable')).flatMap(([, { Properties }]) => {
    const parts: unknown[] = Properties.Value['Fn::Join']?.[1] ?? [Properties.Value];
    const json = parts.map((part) => typeof part === 'string' ? part : Object.values(part as object).flat()[0]).join('');
    return JSON.parse(json).runbooks;
  });
}

test('each part stands alone', () => {
  synth((stack) => new AlertingWithRunbooks(stack, 'Alerting', { alertEmails: ['oncall@example.com'] }))
    .template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'oncall@example.com' });
  synth((stack) => {
    const store = new MetricsStore(stack, 'Store');
    new LogIngestion(stack, 'Logs', { store });
    new MetricsApi(stack, 'Api', { store });
  });
});

describe('runbooks', () => {
  test('a function of yours is registered, invoked and linked', () => {
    const { resources, template } = synth((stack) => new AlertingWithRunbooks(stack, 'Alerting').addRunbook({
      name: 'payment-provider-down',
      handler: RunbookHandler.fromFunction(aFunction(stack)),
      matches: [AlarmMatcher.namePattern('payments-*'), AlarmMatcher.metric('Payments', 'Declined'), AlarmMatcher.tag('team', 'payments')],
      documentation: RunbookDocumentation.url('https://wiki.example.com/payments-down'),
      cooldown: Duration.minutes(30),
      parameters: { provider: 'acme' },
    }));
    expect(runbookTable(resources)).toContainEqual({
      name: 'payment-provider-down',
      order: 5,
      functionArn: expect.stringContaining('Investigate'),
      matches: [
        { class: 'NAME_PATTERN', pattern: 'payments-*' },
        { class: 'METRIC', namespace: 'Payments', metricName: 'Declined' },
        { class: 'TAG', tagKey: 'team', tagValue: 'payments' },
      ],
      timeout: 60,
      cooldown: 1800,
      maxRunsPerHour: 10,
      parameters: { provider: 'acme' },
    });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/runbooks/payment-provider-down', Value: 'https://wiki.example.com/payments-down' });
    const invoke = statementsOf(resources, /RunbookExecutor/).find(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(JSON.stringify(invoke?.Resource)).toContain('Investigate');
  });

  test.each(['by props', 'by addRunbook'])('one of a built-in\'s name replaces it, %s, and leaves nothing of it behind', (how) => {
    const { resources } = synth((stack) => {
      const runbook = { name: 'high-error-rate', handler: RunbookHandler.fromFunction(aFunction(stack)) };
      const alerting = new AlertingWithRunbooks(stack, 'Alerting', { runbooks: how === 'by props' ? [runbook] : [] });
      if (how !== 'by props') {
        alerting.addRunbook(runbook);
      }
    });
    const entries = runbookTable(resources).filter(({ name }) => name === 'high-error-rate');
    expect(entries).toHaveLength(1);
    expect(entries[0].functionArn).toContain('Investigate');
    // What the built-in is for stays what its replacement is for.
    expect(entries[0].matches).toContainEqual({ class: 'METRIC', namespace: 'AWS/ApiGateway', metricName: '5XXError' });
    expect(Object.keys(resources).filter((id) => /highererrorrateFunction|highererrorrateLink/.test(id))).toEqual([]);
    expect(ofType(resources, 'AWS::Lambda::Function')).toHaveLength(6); // the executor, four built-ins, and the one of the user
  });

  test('a handler that extends RunbookHandler is told every monitored resource, before and after', () => {
    const told: RunbookTarget[] = [];
    class House extends RunbookHandler {
      public bind(scope: Construct, options: RunbookBindOptions): RunbookHandlerBinding {
        expect(options).toMatchObject({ runbookName: 'house', timeout: Duration.seconds(30) });
        return { handlerFunction: aFunction(scope as Stack), targetAccess: { grantTarget: (target) => told.push(target) } };
      }
    }
    synth((stack) => {
      const alerting = new AlertingWithRunbooks(stack, 'Alerting');
      alerting.monitorFunction(aFunction(stack, 'Before'));
      alerting.addRunbook({ name: 'house', handler: new House(), timeout: Duration.seconds(30), documentation: RunbookDocumentation.packaged() });
      alerting.monitorFunction(aFunction(stack, 'After'));
    });
    expect(told.map(({ lambdaFunction }) => lambdaFunction?.node.id)).toEqual(['Before', 'After']);
  });

  test('a manual one has a link and nothing to run', () => {
    const { resources } = synth((stack) => new AlertingWithRunbooks(stack, 'Alerting').addRunbook({ name: 'call-the-bank', handler: RunbookHandler.manual() }));
    expect(runbookTable(resources).find(({ name }) => name === 'call-the-bank')).not.toHaveProperty('functionArn');
  });

  test('manual ones alone: the executor may invoke a function that is none, for IAM refuses an empty list', () => {
    const { resources } = synth((stack) => new AlertingWithRunbooks(stack, 'Alerting', {
      runbooks: BUILT_IN_RUNBOOKS.map((name) => ({ name, handler: RunbookHandler.manual() })),
    }));
    const invoke = statementsOf(resources, /RunbookExecutor/).find(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(JSON.stringify(invoke?.Resource)).toContain(':function:no-handler');
  });

  test('without documentation: a warning', () => {
    const { stack } = synth((scope) => new AlertingWithRunbooks(scope, 'Alerting').addRunbook({ name: 'x', handler: RunbookHandler.manual() }));
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp("the runbook 'x' has no documentation"));
  });

  const broken: IRunbookHandler = { bind: () => undefined as unknown as RunbookHandlerBinding };
  test.each([
    [{ name: 'Nope!' }, /must be 1 to 64 of a-z, 0-9 and '-'/],
    [{ name: 'config' }, /and not 'config'/],
    [{ name: 'slow', timeout: Duration.minutes(5) }, /at most 240 s/],
    [{ name: 'broken', handler: broken }, /bind\(\) of the runbook 'broken' must return a RunbookHandlerBinding.*found undefined/],
  ])('bad registrations are refused: %j', (registration, message) => {
    expect(() => synth((stack) => new AlertingWithRunbooks(stack, 'Alerting').addRunbook({ handler: RunbookHandler.manual(), ...registration })))
      .toThrow(message);
  });

  test('the same name twice is refused', () => {
    expect(() => synth((stack) => {
      const alerting = new AlertingWithRunbooks(stack, 'Alerting');
      alerting.addRunbook({ name: 'x', handler: RunbookHandler.manual() });
      alerting.addRunbook({ name: 'x', handler: RunbookHandler.manual() });
    })).toThrow("the runbook 'x' is registered twice");
  });
});

describe('two deployments', () => {
  const deploy = (prefix: string | undefined, region?: string) => {
    const app = new App();
    new AlertingWithRunbooks(new Stack(app, 'One', { env: { region: 'eu-west-1', account: '1' } }), 'Alerting');
    new AlertingWithRunbooks(new Stack(app, 'Two', { env: { region: region ?? 'eu-west-1', account: '1' } }), 'Alerting', { runbookParameterPrefix: prefix });
    return () => app.synth();
  };
  test('with one parameter prefix in one account and region fail synth', () => {
    expect(deploy(undefined)).toThrow(/\/runbooks\/\* are also made by Two\/Alerting.*Give one of them another runbookParameterPrefix/);
  });
  test('with two prefixes, or in two regions, do not', () => {
    expect(deploy('/house')).not.toThrow();
    expect(deploy(undefined, 'us-east-1')).not.toThrow();
  });
  test.each([['runbooks/', /must be a path/], ['/aws/runbooks', /SSM keeps names/]])('the prefix %s is refused', (runbookParameterPrefix, message) => {
    expect(() => synth((stack) => new AlertingWithRunbooks(stack, 'A', { runbookParameterPrefix }))).toThrow(message);
  });
  test('a prefix that is known at deployment only is read where it is written', () => {
    const { resources } = synth((stack) => new AlertingWithRunbooks(stack, 'A', { runbookParameterPrefix: new CfnParameter(stack, 'Prefix').valueAsString }));
    const read = statementsOf(resources, /RunbookExecutor/).find(({ Action }) => Action === 'ssm:GetParametersByPath');
    expect((read?.Resource as any[]).map((arn) => arn['Fn::Join'][1].slice(-3))).toEqual([
      [{ Ref: 'AWS::AccountId' }, ':parameter', { Ref: 'Prefix' }],
      [':parameter', { Ref: 'Prefix' }, '/*'],
    ]);
  });
});

test('alarms may publish on the topic: its policy replaces the default one that lets them', () => {
  const { template } = synth((stack) => new AlertingWithRunbooks(stack, 'Alerting'));
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      })]),
    },
  });
});

test('a topic of another stack is subscribed to from here', () => {
  const app = new App();
  const theirs = new Stack(app, 'Theirs');
  const ours = new Stack(app, 'Ours');
  new AlertingWithRunbooks(ours, 'Alerting', { alertTopic: new Topic(theirs, 'Topic'), alertEmails: ['oncall@example.com'] });
  Template.fromStack(theirs).resourceCountIs('AWS::SNS::Subscription', 0);
  Template.fromStack(ours).hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'oncall@example.com' });
});

test('reports can go to a topic of their own', () => {
  const { template, resources } = synth((stack) => new AlertingWithRunbooks(stack, 'Alerting', { reportTopic: new Topic(stack, 'Reports') }));
  template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { REPORT_TOPIC_ARN: { Ref: Match.stringLikeRegexp('^Reports') } } } });
  const publish = statementsOf(resources, /RunbookExecutor/).find(({ Action }) => Action === 'sns:Publish');
  expect(JSON.stringify(publish?.Resource)).toContain('Reports');
});

test('an override can send an alarm elsewhere; it is then not investigated', () => {
  const { resources } = synth((stack) => new AlertingWithRunbooks(stack, 'Alerting', {
    alarmOverrides: { 'Alerting/DeadLetters': { topic: new Topic(stack, 'Elsewhere') } },
  }));
  const alarm = ofType(resources, 'AWS::CloudWatch::Alarm').find(({ Properties }) => JSON.stringify(Properties).includes('Alerting/DeadLetters'));
  expect(JSON.stringify(alarm?.Properties.AlarmActions)).toContain('Elsewhere');
  expect(JSON.stringify(Object.entries(resources).filter(([id]) => id.includes('AlarmTable')))).not.toContain('Alerting/DeadLetters');
});

test('AlarmMatcher.alarm takes an alarm of another stack', () => {
  const { resources } = synth((stack) => {
    const alarm = new Alarm(stack, 'A', { metric: new Metric({ namespace: 'N', metricName: 'M' }), threshold: 1, evaluationPeriods: 1 });
    new AlertingWithRunbooks(stack, 'Alerting').addRunbook({
      name: 'x', handler: RunbookHandler.manual(), matches: [AlarmMatcher.alarm(alarm), AlarmMatcher.namespace('N'), AlarmMatcher.any()],
    });
  });
  expect(runbookTable(resources).find(({ name }) => name === 'x').matches.map((matcher: { class: string }) => matcher.class)).toEqual(['ALARM', 'NAMESPACE', 'ANY']);
});

test('the log bucket refuses what would overwrite its notifications', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const { bucket } = new LogIngestion(stack, 'Logs', { store: new MetricsStore(stack, 'Store') });
  bucket.enableEventBridgeNotification();
  expect(() => Template.fromStack(stack)).toThrow(/would overwrite its EventBridge notifications/);
});

test('a bucket of your own: its shape is refused here, and silence about its events is warned of', () => {
  const stack = new Stack(new App(), 'Stack');
  const store = new MetricsStore(stack, 'Store');
  new LogIngestion(stack, 'On', { store, bucket: new Bucket(stack, 'BucketOn', { eventBridgeEnabled: true }) });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  new LogIngestion(stack, 'Off', { store, bucket: new Bucket(stack, 'BucketOff') });
  Annotations.fromStack(stack).hasWarning('/Stack/Off', Match.stringLikeRegexp('Stack/BucketOff sends its events to EventBridge cannot be seen'));
  expect(() => new LogIngestion(stack, 'Shaped', { store, bucket: new Bucket(stack, 'B'), logExpiration: Duration.days(1) }))
    .toThrow('Stack/Shaped: logExpiration cannot be set together with bucket');
});

test('an alarm that names a runbook nobody registered fails synth; one that is registered later does not', () => {
  const build = (register: boolean) => () => synth((stack) => {
    const alerting = new AlertingWithRunbooks(stack, 'Alerting');
    const alarm = new Alarm(stack, 'A', { metric: new Metric({ namespace: 'N', metricName: 'M' }), threshold: 1, evaluationPeriods: 1 });
    alerting.addAlarm(alarm, { runbook: 'paymnets' });
    if (register) {
      alerting.addRunbook({ name: 'paymnets', handler: RunbookHandler.manual() });
    }
  });
  expect(build(false)).toThrow(/the alarm 'Stack\/A' names the runbook 'paymnets', which is not registered; the runbooks are: high-error-rate/);
  expect(build(true)).not.toThrow();
});

test('an override of an alarm that was added, not made here, is refused', () => {
  expect(() => synth((stack) => {
    const alerting = new AlertingWithRunbooks(stack, 'Alerting', { alarmOverrides: { 'Stack/A': { threshold: 3 } } });
    alerting.addAlarm(new Alarm(stack, 'A', { metric: new Metric({ namespace: 'N', metricName: 'M' }), threshold: 1, evaluationPeriods: 1 }));
  })).toThrow(/alarmOverrides has 'Stack\/A', which is no alarm that is made here/);
});

test.each([
  [{ quarantinePrefix: 'quarantine' }, /quarantinePrefix is 'quarantine'; it must end with '\/'/],
  [{ keyPrefix: 'quarantine/x' }, /lies in the quarantine/],
])('bad prefixes are refused: %j', (options, message) => {
  expect(() => synth((stack) => new LogIngestion(stack, 'Logs', { store: new MetricsStore(stack, 'Store'), ...options }))).toThrow(message);
});

test.each([
  [{ sampleRetention: Duration.days(1) }, /sampleRetention is 1 days; it must be a whole number of days, at least 2/],
  [{ sampleRetention: Duration.days(10), rollupRetention: Duration.days(5) }, /rollupRetention is 5 days.*at least sampleRetention \(10\)/],
])('bad retentions are refused: %j', (options, message) => {
  expect(() => synth((stack) => new MetricsStore(stack, 'Store', options))).toThrow(message);
});

describe('state machines as handlers', () => {
  const express = (stack: Stack, stateMachineType = StateMachineType.EXPRESS) => new StateMachine(stack, 'Check', {
    stateMachineType, definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Look')),
  });
  const withHandler = (handlerOf: (stack: Stack) => IRunbookHandler) => synth((stack) => new AlertingWithRunbooks(stack, 'Alerting').addRunbook({
    name: 'check', handler: handlerOf(stack), documentation: RunbookDocumentation.url('https://wiki.example.com/check'),
  }));

  test('one of yours is registered, and the executor may start it and no other', () => {
    const { resources } = withHandler((stack) => RunbookHandler.fromStateMachine(express(stack)));
    expect(runbookTable(resources)).toContainEqual(expect.objectContaining({ name: 'check', stateMachineArn: expect.stringContaining('Check') }));
    const [statement] = statementsOf(resources, /AlertingRunbookExecutorFunction/).filter(({ Action }) => Action === 'states:StartSyncExecution');
    expect(JSON.stringify(statement.Resource)).toMatch(/^\[?\{"Ref":"Check\w+"\}\]?$/);
  });

  test('a standard one cannot be waited for', () => {
    expect(() => withHandler((stack) => RunbookHandler.fromStateMachine(express(stack, StateMachineType.STANDARD))))
      .toThrow("the state machine of the runbook 'check' is of the type STANDARD, which cannot be waited for; set stateMachineType: StateMachineType.EXPRESS");
  });

  test('a binding of both is refused', () => {
    class Both extends RunbookHandler {
      public bind(scope: Construct, _options: RunbookBindOptions): RunbookHandlerBinding {
        return { handlerFunction: aFunction(Stack.of(scope)), stateMachine: express(Stack.of(scope)) };
      }
    }
    expect(() => withHandler(() => new Both())).toThrow("bind() of the runbook 'check' returned both a handlerFunction and a stateMachine");
  });
});

describe('what the executor does later', () => {
  const environmentOf = (props: AlertingWithRunbooksProps = {}) => {
    const { resources, template } = synth((stack) => new AlertingWithRunbooks(stack, 'Alerting', props));
    const [executor] = Object.entries(resources).filter(([id]) => /RunbookExecutorFunction/.test(id) && !/Parts/.test(id)).map(([, each]) => each);
    return { variables: executor.Properties.Environment.Variables, template, resources };
  };

  test('is configured by its defaults', () => {
    const { variables, template, resources } = environmentOf();
    expect(variables).toMatchObject({
      SECOND_LOOK_SECONDS: '600', BREAKER_PAUSE_SECONDS: '3600', STALE_AFTER_SECONDS: '604800', REPORTS_PER_MINUTE: '5',
    });
    expect(variables.CHAT_TOPIC_ARN).toBeUndefined();
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(15 minutes)', Targets: [Match.objectLike({ Input: '{"executor":"RECONCILE"}' })],
    });
    expect(statementsOf(resources, /AlertingRunbookExecutorFunction/)).toContainEqual(expect.objectContaining({ Action: 'sqs:SendMessage' }));
  });

  test('is configured by props', () => {
    const { variables, template } = environmentOf({
      secondLookDelay: Duration.seconds(0),
      breakerPause: Duration.minutes(5),
      maxIncidentAge: Duration.days(1),
      reconcileInterval: Duration.hours(1),
      reportsPerMinute: 10,
    });
    expect(variables).toMatchObject({ SECOND_LOOK_SECONDS: '0', BREAKER_PAUSE_SECONDS: '300', STALE_AFTER_SECONDS: '86400', REPORTS_PER_MINUTE: '10' });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)' });
  });

  test('a message cannot wait for longer than 15 minutes', () => {
    expect(() => environmentOf({ secondLookDelay: Duration.minutes(20) }))
      .toThrow('Stack/Alerting: secondLookDelay is 20 minutes; at most 15 minutes are possible, and 0 seconds for no second look.');
  });

  test('chat has a topic of its own, on which the executor may publish', () => {
    const { resources } = synth((stack) => new AlertingWithRunbooks(stack, 'Alerting', { chatTopic: new Topic(stack, 'Chat') }));
    const topics = statementsOf(resources, /AlertingRunbookExecutorFunction/).filter(({ Action }) => Action === 'sns:Publish').map(({ Resource: topic }) => JSON.stringify(topic));
    expect(topics.some((topic) => /Chat/.test(topic))).toBe(true);
  });
});
