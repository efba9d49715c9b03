import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { actionsOf, ofType, Resource, statementsOf, synth } from './synth';
import { AlarmOverride, AlarmSeverity, ServerlessMonitoring, ServiceStatistic } from '../../src';

const aFunction = (stack: Construct, id = 'Checkout') => new Function(stack, id, {
  runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => 1;'),
});

describe('without any property', () => {
  const { stack: zeroProps, template, resources } = synth((stack) => new ServerlessMonitoring(stack, 'Monitoring'));

  test('synthesis has nothing to warn of', () => {
    Annotations.fromStack(zeroProps).hasNoWarning('*', Match.anyValue());
  });

  test('it has every part, no output and no custom resource', () => {
    template.resourceCountIs('AWS::DynamoDB::Table', 2);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.resourceCountIs('AWS::ApiGateway::RestApi', 1);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    expect(template.toJSON().Outputs).toBeUndefined();
    expect(Object.values(resources).filter(({ Type }) => Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource')).toEqual([]);
  });

  test('what holds data is kept, but for a first deployment that fails', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::S3::Bucket']) {
      for (const resource of ofType(resources, type)) {
        expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      }
    }
  });

  test('nothing has a physical name that a second stack would collide with, but for the runbook parameters', () => {
    const names = Object.values(resources).flatMap(({ Type, Properties }) =>
      ['TableName', 'BucketName', 'QueueName', 'TopicName', 'FunctionName', 'AlarmName', 'RoleName', 'LogGroupName']
        .filter((name) => Properties?.[name] !== undefined && !/EventSourceMapping|Permission|Subscription/.test(Type)).map((name) => `${Type}.${name}`));
    expect(names).toEqual([]);
    const parameters = ofType(resources, 'AWS::SSM::Parameter').map(({ Properties }) => Properties.Name);
    expect(parameters).toEqual(expect.arrayContaining(
      ['high-error-rate', 'high-latency', 'lambda-error', 'dynamodb-throttling', 'general'].map((name) => `/runbooks/${name}`)));
  });

  test('roles have no AWS managed policy, no wildcard action, and a wildcard resource only where IAM knows none', () => {
    for (const role of ofType(resources, 'AWS::IAM::Role')) {
      expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    }
    const statements = ofType(resources, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action: string) => action.includes('*'))).toEqual([]);
    const everywhere = statements.filter(({ Resource: on }) => [on].flat().includes('*')).flatMap(({ Action }) => Action);
    const resourceless = [
      'cloudtrail:LookupEvents',
      'cloudwatch:DescribeAlarmHistory', 'cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'dynamodb:DescribeLimits', 'lambda:GetAccountSettings', 'lambda:ListEventSourceMappings',
      'logs:GetQueryResults', 'logs:StopQuery',
    ];
    expect([...new Set(everywhere)].filter((action) => !resourceless.includes(action))).toEqual([]);
  });

  test('built-in runbooks only read, and only the executor invokes', () => {
    for (const runbook of ['highErrorRate', 'highLatency', 'lambdaError', 'dynamodbThrottling', 'general'].map((name) => name.toLowerCase())) {
      const actions = actionsOf(resources, new RegExp(`Runbooks${runbook.replace(/-/g, '')}Function`));
      expect(actions.filter((action) => !/^(\w|-)+:(Get|List|Describe|Lookup|Query|BatchGet|GET|Filter|StartQuery|StopQuery)/.test(action)))
        .toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    }
    const invoke = statementsOf(resources, /RunbookExecutor/).filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(invoke).toHaveLength(1);
    expect(invoke[0].Resource).toHaveLength(5);
  });

  test('the bucket is private, TLS only, encrypted, and sends its events to EventBridge', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
    });
  });

  test('every route of the API but GET /health asks for IAM', () => {
    const methods = ofType(resources, 'AWS::ApiGateway::Method').map(({ Properties }) => Properties);
    expect(methods.filter(({ AuthorizationType }) => AuthorizationType === 'NONE')).toHaveLength(2); // GET and ANY of /health
    expect(methods.filter(({ AuthorizationType }) => AuthorizationType === 'AWS_IAM')).toHaveLength(methods.length - 2);
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('the API compresses answers of any size, and decompresses bodies of any size', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { MinimumCompressionSize: 0 });
  });

  test('every alarm tells people in all three states, carries its key and links its runbook', () => {
    const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    expect(alarms.length).toBeGreaterThan(6);
    for (const alarm of alarms) {
      for (const actions of [alarm.AlarmActions, alarm.OKActions, alarm.InsufficientDataActions]) {
        expect(actions).toHaveLength(1);
      }
      expect(alarm.TreatMissingData).toBe('notBreaching');
      expect(JSON.stringify(alarm.AlarmDescription)).toMatch(/Runbook: https:\/\/.*docs\/runbooks\/monitoring\.md#[a-z]+-[a-z]+/);
      expect(alarm.Tags).toEqual([{ Key: 'serverless-monitoring:alarm', Value: expect.stringMatching(/^\w+\/\w+$/) }]);
    }
  });

  test('alarm messages, and only those, reach the executor through the topic', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs', FilterPolicyScope: 'MessageBody', FilterPolicy: { AlarmName: [{ exists: true }], NewStateValue: [{ exists: true }] },
    });
  });

  test('every function has the handler that its asset holds', () => {
    const assets = readdirSync(join(__dirname, '..', '..', 'assets'));
    expect(assets.sort()).toEqual([
      'backfill', 'day-roller', 'log-processor', 'metrics-api', 'runbook-dynamodb-throttling', 'runbook-executor', 'runbook-general', 'runbook-high-error-rate',
      'runbook-high-latency', 'runbook-lambda-error', 'service-alarm-publisher',
    ]);
  });

  test('every function of the library writes lines of JSON; CDK\'s own have their own ways', () => {
    const formats = ofType(resources, 'AWS::Lambda::Function').map(({ Properties }) => [Properties.Handler, Properties.LoggingConfig?.LogFormat]);
    expect(new Set(formats.filter(([handler]) => handler === 'index.handler').map(([, format]) => format))).toEqual(new Set(['JSON']));
  });

  test('the logical ids are pinned: a change would replace a user\'s tables, bucket or API', () => {
    expect(Object.keys(resources).filter((id) => /Table$|Bucket$|RestApi$|Topic$|Queue$/.test(resources[id].Type.split('::')[2])).sort()).toMatchInlineSnapshot(`
[
  "MonitoringAlertingIncidents6F9C17DD",
  "MonitoringAlertingRunbookExecutorDeadLettersE44D11C9",
  "MonitoringAlertingRunbookExecutorQueue5D045F6C",
  "MonitoringAlertingTopic638604DC",
  "MonitoringLogIngestionBucket252EECDE",
  "MonitoringLogIngestionDeadLettersCA9BA55D",
  "MonitoringLogIngestionQueue117391D5",
  "MonitoringMetricsApiA058325C",
  "MonitoringMetricsStoreEED28E4B",
]
`);
  });
});

describe('monitored resources', () => {
  test('runbooks may look at a monitored function, and at no other', () => {
    const { resources } = synth((stack) => {
      aFunction(stack, 'Other');
      new ServerlessMonitoring(stack, 'Monitoring').monitorFunction(aFunction(stack));
    });
    const seen = JSON.stringify(statementsOf(resources, /Runbookslambdaerror/));
    expect(seen).toContain('Checkout');
    expect(seen).not.toContain('Other');
  });

  test('the log group of a function is taken as it is, without a custom resource', () => {
    const { resources, template } = synth((stack) => {
      const logGroup = new LogGroup(stack, 'Logs');
      const own = new Function(stack, 'Own', { runtime: Runtime.NODEJS_24_X, handler: 'i.h', code: Code.fromInline('1'), logGroup });
      const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
      monitoring.monitorFunction(own);
      monitoring.monitorFunction(aFunction(stack));
    });
    template.resourceCountIs('Custom::LogRetention', 0);
    const targets = JSON.stringify(Object.entries(resources).filter(([id]) => id.includes('TargetTable')).map(([, { Properties }]) => Properties.Value));
    expect(targets).toContain('{"Ref":"Logs6819BB44"}');
    expect(targets).toContain('/aws/lambda/');
  });

  test('an alias is watched as such, and looked at as the function that it is of', () => {
    const { resources, template } = synth((stack) => {
      const logGroup = new LogGroup(stack, 'Logs');
      const fn = new Function(stack, 'Own', { runtime: Runtime.NODEJS_24_X, handler: 'i.h', code: Code.fromInline('1'), logGroup });
      new ServerlessMonitoring(stack, 'Monitoring').monitorFunction(fn.addAlias('live'));
    });
    const id = Object.keys(resources).find((each) => /^Own[0-9A-F]{8}$/.test(each));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Errors', Dimensions: Match.arrayWith([{ Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: id }, ':live']] } }]),
    });
    const table = resources[Object.keys(resources).find((each) => each.includes('TargetTable0'))!].Properties.Value;
    expect(JSON.stringify(table)).toContain(JSON.stringify(['"name":"', { Ref: id }, '","alias":"live","logGroup":"', { Ref: 'Logs6819BB44' }]).slice(2, -1));
    expect(statementsOf(resources, /Runbookslambdaerror/).map((statement) => statement.Resource)).toContainEqual([
      { 'Fn::GetAtt': [id, 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, ':*']] },
    ]);
  });

  test('an API of any number of functions fits the parameters', () => {
    const { resources } = synth((stack) => {
      const api = new RestApi(stack, 'Api');
      api.root.addMethod('GET');
      const functions = Array.from({ length: 20 }, (_, n) => aFunction(stack, `Behind${n}`));
      new ServerlessMonitoring(stack, 'Monitoring').monitorApi(api, { functions });
    });
    const entries = Object.entries(resources).filter(([id]) => id.includes('TargetTable')).flatMap(([, { Properties }]) => {
      const json = Properties.Value['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : part.Ref).join('');
      return JSON.parse(json).targets.filter(({ name }: { name: string }) => name === 'Api');
    });
    expect(entries.flatMap(({ functions }) => functions)).toEqual(Array.from({ length: 20 }, (_, n) => expect.stringMatching(`^Behind${n}[0-9A-F]{8}$`)));
  });

  test('resources whose paths differ in a dash only', () => {
    const { built } = synth((stack) => {
      const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
      monitoring.monitorFunction(aFunction(stack, 'Orders-Worker'));
      monitoring.monitorFunction(aFunction(new Construct(stack, 'Orders'), 'Worker'));
      return monitoring;
    });
    expect(built.alerting.alarms.map(({ key }) => key)).toEqual(expect.arrayContaining(['Stack/Orders-Worker/Errors', 'Stack/Orders/Worker/Errors']));
  });

  test('a resource that is monitored twice is refused by name', () => {
    expect(() => synth((stack) => {
      const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
      const fn = aFunction(stack);
      monitoring.monitorFunction(fn);
      monitoring.monitorFunction(fn);
    })).toThrow("the alarm 'Stack/Checkout/Errors' is registered twice");
  });

  test('key insights of a table are turned on in this stack, and warned about elsewhere', () => {
    const app = new App();
    const other = new Stack(app, 'App');
    const stack = new Stack(app, 'Stack');
    const table = (scope: Stack) => new Table(scope, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
    monitoring.monitorTable(table(stack), { throttledKeyInsights: true });
    monitoring.monitorTable(table(other), { throttledKeyInsights: true });
    Template.fromStack(stack).hasResourceProperties('AWS::DynamoDB::Table', { ContributorInsightsSpecification: { Enabled: true, Mode: 'THROTTLED_KEYS' } });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('App/Orders is not a Table \\(AWS::DynamoDB::Table\\) of this stack'));
  });
});

test('a monitoring stack watches an app stack, and the app stack stays independent', () => {
  const app = new App();
  const appStack = new Stack(app, 'App');
  const fn = aFunction(appStack);
  const table = new Table(appStack, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const alarm = new Alarm(appStack, 'TheirAlarm', { metric: fn.metricErrors(), threshold: 1, evaluationPeriods: 1 });
  const stack = new Stack(app, 'Monitoring');
  const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
  monitoring.monitorFunction(fn);
  monitoring.monitorTable(table);
  monitoring.addAlarm(alarm, { severity: AlarmSeverity.HIGH });

  app.synth(); // A cycle would throw.
  expect(appStack.dependencies).toEqual([]);
  expect(stack.dependencies).toEqual([appStack]);
  expect(Template.fromStack(appStack).findResources('AWS::CloudWatch::Alarm')).toEqual({
    TheirAlarm97961B4A: expect.objectContaining({ Properties: expect.not.objectContaining({ AlarmActions: expect.anything() }) }),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'source': ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'], 'resources': [Match.anyValue()] },
  });
});

describe('alarms of your own', () => {
  const anAlarm = (stack: Stack, id: string) => new Alarm(stack, id, {
    metric: new Metric({ namespace: 'Payments', metricName: 'Declined' }), threshold: 1, evaluationPeriods: 1,
  });

  test('one of the same stack gets the topic in all three states', () => {
    const { template, built } = synth((stack) => {
      const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
      monitoring.addAlarm(anAlarm(stack, 'Declined'), { severity: AlarmSeverity.CRITICAL, runbook: 'general' });
      return monitoring;
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Payments', AlarmActions: [Match.anyValue()], OKActions: [Match.anyValue()], InsufficientDataActions: [Match.anyValue()],
    });
    expect(built.alerting.alarms.map(({ key, severity }) => ({ key, severity }))).toContainEqual({ key: 'Stack/Declined', severity: 'CRITICAL' });
  });

  test('an imported one is listened to', () => {
    const { template } = synth((stack) => new ServerlessMonitoring(stack, 'Monitoring')
      .addAlarm(Alarm.fromAlarmArn(stack, 'Imported', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:theirs')));
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { resources: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:theirs'] },
    });
  });

  test.each(['arn:aws:cloudwatch:us-east-1:111122223333:alarm:theirs', 'arn:aws:cloudwatch:eu-west-1:444455556666:alarm:theirs'])('one whose events never come here is refused: %s', (arn) => {
    const build = (from: string) => () => synth((stack) => new ServerlessMonitoring(stack, 'Monitoring').addAlarm(Alarm.fromAlarmArn(stack, 'Imported', from)),
      { region: 'eu-west-1', account: '111122223333' });
    expect(build(arn)).toThrow('a stack in 111122223333/eu-west-1 never hears of it');
    expect(build('arn:aws:cloudwatch:eu-west-1:111122223333:alarm:theirs')).not.toThrow();
  });

  test('two hundred alarms fit: parameters stay under 4 KB, and each alarm is in one', () => {
    const { resources } = synth((stack) => {
      const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
      Array.from({ length: 200 }, (_, n) => monitoring.addAlarm(anAlarm(stack, `Alarm${n}`)));
    });
    const parameters = Object.entries(resources).filter(([id]) => id.includes('AlarmTable')).map(([, { Properties }]) => Properties.Value);
    const resolved = parameters.map((value) => value['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'x'.repeat(310)).join(''));
    expect(Math.max(...resolved.map((value) => value.length))).toBeLessThanOrEqual(4096);
    const keys = resolved.flatMap((value) => JSON.parse(value).alarms).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.startsWith('Stack/Alarm'))).toHaveLength(200);
  });
});

describe('alarm overrides', () => {
  test('retune, reroute and switch off', () => {
    const { template, built } = synth((stack) => new ServerlessMonitoring(stack, 'Monitoring', {
      alarmOverrides: {
        'LogIngestion/DeadLetters': { threshold: 10, severity: AlarmSeverity.LOW, period: Duration.minutes(1) },
        'MetricsApi/Latency': { enabled: false },
      },
    }));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 10, Period: 60 });
    const keys = built.alerting.alarms.map(({ key }) => key);
    expect(keys).not.toContain('MetricsApi/Latency');
    expect(keys).toContain('LogIngestion/DeadLetters');
  });

  test('what CloudWatch would refuse, or what would blind the alarm, is refused here', () => {
    const build = (key: string, override: AlarmOverride) => () => synth((stack) => new ServerlessMonitoring(stack, 'Monitoring', { alarmOverrides: { [key]: override } })
      .addServiceAlarm('Slow', { service: 's', metric: 'm', statistic: ServiceStatistic.P99, threshold: 1 }));
    expect(build('LogIngestion/DeadLetters', { datapointsToAlarm: 2 })).toThrow("'LogIngestion/DeadLetters' cannot have 2 bad datapoints among 1");
    expect(build('LogIngestion/DeadLetters', { datapointsToAlarm: 2, evaluationPeriods: 3 })).not.toThrow();
    expect(build('Slow', { period: Duration.minutes(1) })).toThrow("the period of the service alarm 'Slow' is its bucket's");
  });

  test('an unknown key fails synth, and the message lists the known ones', () => {
    expect(() => synth((stack) => new ServerlessMonitoring(stack, 'Monitoring', { alarmOverrides: { 'LogIngestion/DeadLetter': { threshold: 1 } } })))
      .toThrow(/alarmOverrides has 'LogIngestion\/DeadLetter', which is no alarm that is made here; those are: .*LogIngestion\/DeadLetters/);
  });
});

describe('service alarms', () => {
  const add = (options: object = {}, id = 'CheckoutErrors') => synth((stack) => {
    const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
    monitoring.addServiceAlarm(id, {
      service: 'checkout', metric: 'errors', statistic: ServiceStatistic.SUM, threshold: 5, ...options,
    });
    return monitoring;
  });
  const specs = (resources: Record<string, Resource>) =>
    JSON.parse(resources[Object.keys(resources).find((id) => id.includes('Specs0'))!].Properties.Value);

  test('looks back as far as logs may be late, with one datapoint to alarm', () => {
    const { template, resources } = add({ period: Duration.minutes(1), uploadDelay: Duration.minutes(10) });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'ServerlessMonitoring/Service', Statistic: 'Maximum', Period: 60, EvaluationPeriods: 11, DatapointsToAlarm: 1, Threshold: 5, Dimensions: Match.absent(),
    });
    expect(specs(resources)).toEqual([{
      id: expect.stringContaining('-CheckoutErrors'), service: 'checkout', metric: 'errors', statistic: 'SUM', period: 60, uploadDelay: 600, eager: true,
    }]);
  });

  test('no schedule where a value can only get worse; one where a half-filled bucket would lie', () => {
    const eager = add();
    eager.template.resourceCountIs('AWS::Events::Rule', 3); // the log objects' own, the day roller's, and the executor's
    const late = add({ statistic: ServiceStatistic.P99 });
    late.template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
    expect(specs(late.resources)[0].eager).toBe(false);
    // 5 min of upload delay and 2 of the schedule, in periods of 5: the bucket itself and two more.
    late.template.hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'ServerlessMonitoring/Service', EvaluationPeriods: 3 });
    const below = add({ comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD });
    below.template.hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'ServerlessMonitoring/Service', Statistic: 'Minimum' });
    expect(specs(below.resources)[0].eager).toBe(false);
  });

  test('the writers may publish that namespace alone, and are told where the list is', () => {
    const { resources } = add();
    for (const fn of [/LogProcessor/, /ApiLambda/]) {
      const publish = statementsOf(resources, fn).find(({ Action }) => Action === 'cloudwatch:PutMetricData');
      expect(publish?.Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': 'ServerlessMonitoring/Service' } });
    }
    const variables = ofType(resources, 'AWS::Lambda::Function').filter(({ Properties }) => Properties.Environment.Variables.SERVICE_ALARMS_PATH);
    expect(variables).toHaveLength(2);
  });

  test.each([
    [{}, 'prüfung', /must be 1 to 100 of A-Z/],
    [{ period: Duration.seconds(90) }, 'A', /whole minutes/],
    [{ service: '' }, 'A', /needs the name of a service/],
    [{ period: Duration.minutes(1), uploadDelay: Duration.hours(30) }, 'A', /look back 1801 periods of 60 s, more than the 86400 s/],
    [{ comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_THRESHOLD }, 'A', /needs a band/],
  ])('bad options are refused: %j %s', (options, id, message) => {
    expect(() => add(options, id)).toThrow(message);
  });

  test('warns above three hours of upload delay', () => {
    const { stack } = add({ uploadDelay: Duration.hours(4) });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('up to 2 hours later'));
  });
});

test('brings your own table, bucket, topic and key', () => {
  const { template, resources } = synth((stack) => {
    const table = new Table(stack, 'OwnTable', { partitionKey: { name: 'pk', type: AttributeType.STRING }, sortKey: { name: 'sk', type: AttributeType.STRING } });
    new ServerlessMonitoring(stack, 'Monitoring', {
      encryptionKey: new Key(stack, 'Key'),
      metricsStore: { table },
      logIngestion: { bucket: Bucket.fromBucketName(stack, 'OwnBucket', 'logs'), keyPrefix: 'app-logs/' },
      alerting: { runbookParameterPrefix: '/house/runbooks' },
    });
  });
  template.resourceCountIs('AWS::DynamoDB::Table', 2);
  template.resourceCountIs('AWS::S3::Bucket', 0);
  template.hasResourceProperties('AWS::Events::Rule', { EventPattern: { detail: { bucket: { name: ['logs'] }, object: { key: [{ prefix: 'app-logs/' }] } } } });
  template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS' } });
  template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/house/runbooks/high-latency' });
  expect(actionsOf(resources, /RunbookExecutor/)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*']));
});

describe.each(['us-east-1', 'cn-north-1', 'us-gov-west-1'])('in %s', (region) => {
  test('no ARN and no console link names a partition of its own', () => {
    const { template } = synth((stack) => {
      const monitoring = new ServerlessMonitoring(stack, 'Monitoring', { alertEmails: ['oncall@example.com'] });
      monitoring.monitorFunction(aFunction(stack));
      monitoring.addServiceAlarm('A', { service: 's', metric: 'm', statistic: ServiceStatistic.AVERAGE, threshold: 1 });
    }, { region, account: '111122223333' });
    const { Mappings: _mappings, ...rest } = template.toJSON();
    expect(JSON.stringify(rest)).not.toMatch(/arn:aws(-cn|-us-gov)?:/);
    expect(JSON.stringify(rest)).not.toMatch(/console\.a/);
  });
});
