import { Annotations, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { CfnRestApi, IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnTable, ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { AlarmRegistry } from './alarm-registry';
import { AlarmSeverity } from './alarm-severity';
import { MonitorApiOptions, MonitorFunctionOptions, MonitorTableOptions } from './monitor-options';
import { RunbookRegistry } from './runbook-registry';
import { logGroupNameOf } from '../private/log-group-name';
import { ParameterList } from '../private/parameter-list';
import { selfMetric } from '../private/self-metric';
import { Target } from '../private/shared/contract';
import { SelfMetric } from '../private/shared/metrics';
import { wholeFunction } from '../private/whole-function';

const FIVE_MINUTES = Duration.minutes(5);
const { NOT_BREACHING } = TreatMissingData;
/** An entry must fit one SSM parameter: an API of more functions has several entries, which the executor puts together. */
const FUNCTIONS_PER_ENTRY = 7;

/** Watches resources: an alarm each, and what the runbooks must know and may look at. */
export class ResourceMonitors {
  constructor(
    private readonly alarms: AlarmRegistry,
    private readonly runbooks: RunbookRegistry,
    private readonly targets: ParameterList<Target>,
  ) {}

  /** A function: the alarm `<key>/Errors`. */
  public function(fn: IFunction, key: string, options: MonitorFunctionOptions, ownPart = false) {
    this.runbooks.addTarget({ lambdaFunction: fn });
    const { fn: whole, alias } = wholeFunction(fn);
    this.targets.add({ type: 'function', name: whole.functionName, alias, logGroup: logGroupNameOf(whole) });
    this.alarms.create({
      key: `${key}/Errors`,
      metric: fn.metricErrors({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      sentence: `The function ${fn.node.path} fails.`,
      severity: options.severity ?? AlarmSeverity.HIGH,
      threshold: options.errorThreshold ?? 1,
      evaluationPeriods: 1,
      treatMissingData: NOT_BREACHING, // A function that is not called does not fail.
      page: 'lambda-error',
      ownPart,
    });
  }

  /** A REST API: the alarm `<key>/ServerErrors`. */
  public api(api: IRestApi, key: string, options: MonitorApiOptions, ownPart = false) {
    const apiName = options.apiName ?? nameOf(api);
    const stageName = options.stageName ?? stageOf(api);
    const functions = options.functions ?? [];
    this.runbooks.addTarget({ restApi: { api, apiName, stageName, functions } });
    const names = functions.map((fn) => wholeFunction(fn).fn.functionName);
    for (let first = 0; first === 0 || first < names.length; first += FUNCTIONS_PER_ENTRY) {
      this.targets.add({
        type: 'api', name: apiName, stage: stageName, apiId: api.restApiId, functions: names.slice(first, first + FUNCTIONS_PER_ENTRY),
      });
    }
    this.alarms.create({
      key: `${key}/ServerErrors`,
      metric: new Metric({
        namespace: 'AWS/ApiGateway', metricName: '5XXError', dimensionsMap: { ApiName: apiName, Stage: stageName }, statistic: Stats.SUM, period: FIVE_MINUTES,
      }),
      sentence: `The API ${api.node.path} answers with server errors.`,
      severity: options.severity ?? AlarmSeverity.HIGH,
      threshold: options.serverErrorThreshold ?? 5,
      evaluationPeriods: 1,
      treatMissingData: NOT_BREACHING, // Without a request there is no error.
      page: 'high-error-rate',
      ownPart,
    });
  }

  /** Lets runbooks look at a table, without an alarm on it. */
  public showTable(table: ITable) {
    this.runbooks.addTarget({ table });
    this.targets.add({ type: 'table', name: table.tableName });
  }

  /** A table: the alarm `<key>/Throttles`. */
  public table(table: ITable, key: string, options: MonitorTableOptions) {
    if (options.throttledKeyInsights) {
      this.turnOnKeyInsights(table);
    }
    this.showTable(table);
    const throttles = (metricName: string) => new Metric({
      namespace: 'AWS/DynamoDB', metricName, dimensionsMap: { TableName: table.tableName }, statistic: Stats.SUM, period: FIVE_MINUTES,
    });
    this.alarms.create({
      key: `${key}/Throttles`,
      // DynamoDB publishes a throttle metric only while it throttles, and ignores what an alarm says of missing data:
      // without FILL the alarm would never go back to OK.
      metric: new MathExpression({
        expression: 'FILL(r, 0) + FILL(w, 0)',
        usingMetrics: { r: throttles('ReadThrottleEvents'), w: throttles('WriteThrottleEvents') },
        period: FIVE_MINUTES,
        label: 'Throttled reads and writes',
      }),
      sentence: `The table ${table.node.path} is throttled.`,
      severity: options.severity ?? AlarmSeverity.HIGH,
      threshold: options.throttleThreshold ?? 1,
      evaluationPeriods: 1,
      treatMissingData: NOT_BREACHING,
      page: 'dynamodb-throttling',
    });
  }

  /** The alert path itself: reported to the same people, never investigated by what has just failed. */
  public alertPath(topic: ITopic, executor: IFunction, deadLetters: IQueue) {
    const own = { own: true, ownPart: true, severity: AlarmSeverity.HIGH, threshold: 1, evaluationPeriods: 1, treatMissingData: NOT_BREACHING, page: 'general' };
    this.alarms.create({
      ...own,
      key: 'Alerting/ExecutorErrors',
      metric: executor.metricErrors({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      sentence: 'The runbook executor fails: alarms still reach people, their investigation may not.',
    });
    this.alarms.create({
      ...own,
      key: 'Alerting/DeadLetters',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: FIVE_MINUTES }),
      sentence: 'Alarm messages could not be handled and wait in the dead-letter queue.',
    });
    this.alarms.create({
      ...own,
      key: 'Alerting/FailedDeliveries',
      metric: new Metric({
        namespace: 'AWS/SNS', metricName: 'NumberOfNotificationsFailed', dimensionsMap: { TopicName: topic.topicName }, statistic: Stats.SUM, period: FIVE_MINUTES,
      }),
      sentence: 'Notifications of the alert topic could not be delivered.',
    });
    this.alarms.create({
      ...own,
      key: 'Alerting/UnconfirmedSubscriptions',
      // Told anew at each reconcile: over a shorter time the alarm would go to and fro between two of them.
      metric: selfMetric(SelfMetric.UNCONFIRMED_SUBSCRIPTIONS, executor.functionName, { statistic: Stats.MAXIMUM, period: Duration.hours(1) }),
      sentence: 'Subscribers to alerts, reports or chat have not confirmed: they are told nothing.',
    });
  }

  private turnOnKeyInsights(table: ITable) {
    const resource = table.node.defaultChild;
    const isTable = CfnResource.isCfnResource(resource) && resource.cfnResourceType === CfnTable.CFN_RESOURCE_TYPE_NAME;
    if (isTable && Stack.of(table) === Stack.of(this.alarms)) {
      (resource as CfnTable).contributorInsightsSpecification = { enabled: true, mode: 'THROTTLED_KEYS' };
      return;
    }
    Annotations.of(this.alarms).addWarningV2('cdk-serverless-monitoring:keyInsightsNotTurnedOn',
      `${table.node.path} is not a Table (AWS::DynamoDB::Table) of this stack, so throttledKeyInsights cannot turn on its Contributor Insights. Set contributorInsightsSpecification (mode THROTTLED_KEYS) where the table is defined.`);
  }
}

function nameOf(api: IRestApi): string {
  const resource = api.node.defaultChild;
  const name = CfnResource.isCfnResource(resource) && resource.cfnResourceType === CfnRestApi.CFN_RESOURCE_TYPE_NAME
    ? (resource as CfnRestApi).name
    : undefined;
  return required(name, `${api.node.path}: the API's name cannot be told, because it is not made in this app. Pass apiName to monitorApi.`);
}

function stageOf(api: IRestApi): string {
  // An imported API throws when its stage is asked for.
  const stage = CfnResource.isCfnResource(api.node.defaultChild) ? api.deploymentStage?.stageName : undefined;
  return required(stage, `${api.node.path}: the API has no deployment stage here. Pass stageName to monitorApi.`);
}

function required(value: string | undefined, problem: string): string {
  if (!value) {
    throw new Error(problem);
  }
  return value;
}
