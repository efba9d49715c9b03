import { Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, AlarmRule, CompositeAlarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Alias, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { synth } from './synth';
import { AlarmMatcher, AlertingWithRunbooks, RunbookDocumentation, RunbookHandler, ServerlessMonitoring } from '../../src';

const aFunction = (stack: Stack, id = 'Checkout') => new Function(stack, id, {
  runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => 1;'),
});
const anAlarm = (stack: Stack, metric: Metric | MathExpression, alarmName?: string) => (
  new Alarm(stack, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1, alarmName }));
const errors = new Metric({ namespace: 'Shop', metricName: 'Errors' });

/** Written runbooks a, b, c, ... of the same matcher. */
function written(alerting: AlertingWithRunbooks, count: number, matcher: AlarmMatcher) {
  for (const name of 'abcdefgh'.slice(0, count)) {
    alerting.addRunbook({ name, handler: RunbookHandler.manual(), matches: [matcher], documentation: RunbookDocumentation.packaged() });
  }
}

describe('more runbooks than run', () => {
  test.each<[string, AlarmMatcher, string]>([
    ['name pattern', AlarmMatcher.namePattern('shop-*'), "a (the alarm's name fits shop-*), b "],
    ['metric', AlarmMatcher.metric('Shop', 'Err*'), 'a (the alarm watches Shop Errors), b '],
    ['namespace', AlarmMatcher.namespace('Shop'), 'a (the alarm watches Shop), b '],
    ['tag', AlarmMatcher.tag('team', 'shop'), 'a (the alarm has the tag team=shop), b '],
  ])('of the same %s: an error that names them', (_, matcher, each) => {
    const build = (count: number) => () => synth((stack) => {
      const alerting = new AlertingWithRunbooks(stack, 'Alerting');
      written(alerting, count, matcher);
      alerting.addAlarm(anAlarm(stack, errors, 'shop-errors'));
      Tags.of(stack).add('team', 'shop');
    });
    expect(build(4)).toThrow(`Stack/Alerting: 4 runbooks match the alarm 'Stack/Alarm', and at most 3 run: ${each}`);
    expect(build(3)).not.toThrow();
  });

  test('for this very alarm', () => {
    expect(() => synth((stack) => {
      const alerting = new AlertingWithRunbooks(stack, 'Alerting');
      const alarm = anAlarm(stack, errors);
      written(alerting, 5, AlarmMatcher.alarm(alarm));
      alerting.addAlarm(alarm);
    })).toThrow(/5 runbooks match the alarm 'Stack\/Alarm'.*it is registered for this alarm.*Name one of them for the alarm, or narrow what they match/);
  });

  test('not where the alarm names one of them', () => {
    synth((stack) => {
      const alerting = new AlertingWithRunbooks(stack, 'Alerting');
      written(alerting, 4, AlarmMatcher.namespace('Shop'));
      alerting.addAlarm(anAlarm(stack, errors), { runbook: 'b' });
    });
  });

  test('not for a composite, whose metrics are not known here, nor for an imported alarm', () => {
    synth((stack) => {
      const alerting = new AlertingWithRunbooks(stack, 'Alerting');
      written(alerting, 4, AlarmMatcher.namespace('Shop'));
      alerting.addAlarm(new CompositeAlarm(stack, 'Both', { alarmRule: AlarmRule.fromBoolean(true) }));
      alerting.addAlarm(Alarm.fromAlarmArn(stack, 'Theirs', 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:theirs'));
    }, { account: '123456789012', region: 'eu-west-1' });
  });
});

describe('a runbook that cannot see what the alarm watches', () => {
  const warning = (build: (stack: Stack, alerting: AlertingWithRunbooks) => unknown) => {
    const { stack } = synth((scope) => build(scope, new AlertingWithRunbooks(scope, 'Alerting')));
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cannot see')).map(({ entry }) => String(entry.data));
  };
  const aTable = (stack: Stack) => new Table(stack, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });

  test('a function', () => {
    expect(warning((stack, alerting) => alerting.addAlarm(anAlarm(stack, aFunction(stack).metricErrors())))).toEqual([expect.stringContaining(
      "Stack/Alerting: the runbook 'lambda-error' investigates the alarm 'Stack/Alarm', but cannot see the function that it watches. Register it with monitorFunction;",
    )]);
  });

  test('a table in metric math', () => {
    const math = (table: Table) => new MathExpression({ expression: 'FILL(m, 0)', usingMetrics: { m: table.metric('ReadThrottleEvents') } });
    expect(warning((stack, alerting) => alerting.addAlarm(anAlarm(stack, math(aTable(stack)))))).toEqual([
      expect.stringContaining("the runbook 'dynamodb-throttling' investigates the alarm 'Stack/Alarm', but cannot see the table that it watches. Register it with monitorTable;"),
    ]);
  });

  test('an API', () => {
    expect(warning((stack, alerting) => {
      const api = new RestApi(stack, 'Api');
      api.root.addMethod('GET');
      alerting.addAlarm(anAlarm(stack, api.metricServerError()));
    })).toEqual([expect.stringContaining("the runbook 'high-error-rate' investigates the alarm 'Stack/Alarm', but cannot see the API that it watches. Register it with monitorApi;")]);
  });

  test.each<[string, (stack: Stack, alerting: AlertingWithRunbooks) => void]>([
    ['once it is registered, also later', (stack, alerting) => {
      const fn = aFunction(stack);
      alerting.addAlarm(anAlarm(stack, fn.metricErrors()));
      alerting.monitorFunction(fn);
    }],
    ['where it is registered by its alias', (stack, alerting) => {
      const fn = aFunction(stack);
      alerting.addAlarm(anAlarm(stack, fn.metricErrors()));
      alerting.monitorFunction(new Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion }));
    }],
    ['where function and alarm are of another stack', (_, alerting) => {
      const other = new Stack(Stack.of(alerting).node.root, 'Other');
      const fn = aFunction(other);
      alerting.addAlarm(anAlarm(other, fn.metricErrors()));
      alerting.monitorFunction(fn);
    }],
    ['where the function is of another stack', (stack, alerting) => {
      const fn = aFunction(new Stack(Stack.of(alerting).node.root, 'Other'));
      alerting.addAlarm(anAlarm(stack, fn.metricErrors()));
      alerting.monitorFunction(fn);
    }],
    ['where an API that it is behind is registered', (stack, alerting) => {
      const fn = aFunction(stack);
      const api = new RestApi(stack, 'Api');
      api.root.addMethod('GET');
      alerting.monitorApi(api, { functions: [fn] });
      alerting.addAlarm(anAlarm(stack, fn.metricErrors()));
    }],
    ['where the general runbook takes it, which looks at metrics alone', (stack, alerting) => (
      alerting.addAlarm(anAlarm(stack, aFunction(stack).metricErrors()), { runbook: 'general' }))],
    ['where the runbook is a written one', (stack, alerting) => {
      written(alerting, 1, AlarmMatcher.namespace('AWS/Lambda'));
      alerting.addAlarm(anAlarm(stack, aFunction(stack).metricErrors()), { runbook: 'a' });
    }],
    ['where the metric is of no such resource', (stack, alerting) => alerting.addAlarm(anAlarm(stack, errors))],
  ])('is not warned of %s', (_, build) => {
    expect(warning(build)).toEqual([]);
  });

  test('nor is any of the library\'s own alarms', () => {
    const { stack } = synth((scope) => new ServerlessMonitoring(scope, 'Monitoring').monitorFunction(aFunction(scope)));
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cannot see'))).toEqual([]);
  });
});
