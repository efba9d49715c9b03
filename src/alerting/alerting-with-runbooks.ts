import { Aws, Duration, Stack, Token } from 'aws-cdk-lib';
import { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { checkAlarms } from './alarm-checks';
import { AddAlarmOptions, RegisteredAlarm } from './alarm-options';
import { AlarmDefinition, AlarmRegistry } from './alarm-registry';
import { AlertingWithRunbooksProps } from './alerting-options';
import { ForeignAlarmRules } from './foreign-alarm-rules';
import { ForeignAlarms } from './foreign-alarms';
import { MonitorApiOptions, MonitorFunctionOptions, MonitorTableOptions } from './monitor-options';
import { ResourceMonitors } from './resource-monitors';
import { RunbookExecutor } from './runbook-executor';
import { RunbookHandler } from './runbook-handlers';
import { RunbookRegistration } from './runbook-registration';
import { RunbookRegistry } from './runbook-registry';
import { createDataTable } from '../private/data-table';
import { ParameterList } from '../private/parameter-list';
import { Target } from '../private/shared/contract';
import { AlarmEntry, ForeignEntry, RunbookEntry, TABLE_PATH } from '../private/shared/runbook-table';

/**
 * Alarms that reach people at once, and whose first investigation is done by the time somebody opens the notification: an
 * SNS topic, the links to the written runbooks in SSM Parameter Store, and the `RunbookExecutor` function with its five
 * built-in runbooks.
 */
export class AlertingWithRunbooks extends Construct {
  /** The topic that alarms publish on. */
  public readonly alertTopic: ITopic;
  /** The topic that reports are published on: the alert topic, unless another was given. */
  public readonly reportTopic: ITopic;
  /** The table of incidents. */
  public readonly incidents: ITable;
  /** The function that runs runbooks. */
  public readonly executor: Function;

  private readonly registry: AlarmRegistry;
  private readonly runbooks: RunbookRegistry;
  private readonly monitors: ResourceMonitors;
  private readonly parameterPrefix: string;

  constructor(scope: Construct, id: string, props: AlertingWithRunbooksProps = {}) {
    super(scope, id);
    this.parameterPrefix = checkedPrefix(this, props.runbookParameterPrefix ?? '/runbooks');
    this.alertTopic = props.alertTopic ?? createAlertTopic(this);
    this.reportTopic = props.reportTopic ?? this.alertTopic;
    // A topic of another stack is not modified: what subscribes here is made here.
    const topic = Stack.of(this.alertTopic) === Stack.of(this) ? this.alertTopic : Topic.fromTopicArn(this, 'GivenTopic', this.alertTopic.topicArn);
    (props.alertEmails ?? []).forEach((address) => topic.addSubscription(new EmailSubscription(address)));
    (props.subscriptions ?? []).forEach((subscription) => topic.addSubscription(subscription));

    this.incidents = createDataTable(this, 'Incidents', props);

    const table = `${this.parameterPrefix}/${TABLE_PATH}`;
    this.runbooks = new RunbookRegistry(this, 'Runbooks', {
      parameterPrefix: this.parameterPrefix,
      entries: new ParameterList<RunbookEntry>(this, 'RunbookTable', `${table}/runbooks`, (runbooks) => ({ runbooks })),
      bind: { functionOptions: props.functionOptions, store: props.store, logIngestion: props.logIngestion },
    });
    const executor = new RunbookExecutor(this, 'RunbookExecutor', {
      alertTopic: this.alertTopic,
      reportTopic: this.reportTopic,
      incidents: this.incidents,
      incidentRetention: props.incidentRetention ?? Duration.days(400),
      parameterPrefix: this.parameterPrefix,
      chatTopic: props.chatTopic,
      secondLookDelay: checkedDelay(this, props.secondLookDelay ?? Duration.minutes(10)),
      breakerPause: props.breakerPause ?? Duration.hours(1),
      reconcileInterval: props.reconcileInterval ?? Duration.minutes(15),
      maxIncidentAge: props.maxIncidentAge ?? Duration.days(7),
      reportsPerMinute: props.reportsPerMinute ?? 5,
      handlerArns: () => this.runbooks.handlerArns(),
      stateMachineArns: () => this.runbooks.stateMachineArns(),
      functionOptions: props.functionOptions,
    });
    this.executor = executor.function;
    this.registry = new AlarmRegistry(this, 'Alarms', {
      topic: this.alertTopic,
      overrides: props.alarmOverrides ?? {},
      entries: new ParameterList<AlarmEntry>(this, 'AlarmTable', `${table}/alarms`, (alarms) => ({ alarms })),
      foreignEntries: new ParameterList<ForeignEntry>(this, 'ForeignTable', `${table}/foreign`, (foreign) => ({ foreign })),
      foreign: new ForeignAlarmRules(this, 'ForeignAlarms', executor.queue, executor.deadLetterQueue),
      pageOf: (runbook) => this.runbooks.page(runbook),
      runbookNames: () => this.runbooks.names(),
    });
    this.monitors = new ResourceMonitors(
      this.registry, this.runbooks, new ParameterList<Target>(this, 'TargetTable', `${table}/targets`, (targets) => ({ targets })));

    const own = props.runbooks ?? [];
    const replaced = new Set(own.map(({ name }) => name));
    builtInRunbooks().filter(({ name }) => !replaced.has(name)).forEach((runbook) => this.runbooks.add(runbook, true));
    own.forEach((runbook) => this.runbooks.add(runbook));
    (props.foreignAlarms ?? []).forEach((alarms) => this.addForeignAlarms(alarms));
    this.monitors.alertPath(this.alertTopic, executor.function, executor.deadLetterQueue);
    this.node.addValidation({ validate: () => [...this.sharedPrefixes(), ...this.checkedAlarms()] });
  }

  /** The alarms that are routed here, with the keys that `alarmOverrides` takes. */
  public get alarms(): RegisteredAlarm[] {
    return [...this.registry.alarms];
  }

  /**
   * Routes an alarm of yours to people and runbooks. An alarm of another stack, or an imported one, is not modified: its
   * state changes are listened to, and its report comes here.
   *
   * @param alarm of this or another stack
   * @param options about it
   */
  public addAlarm(alarm: IAlarm, options: AddAlarmOptions = {}): void {
    this.registry.add(alarm, options);
  }

  /**
   * Routes alarms that others made to people and runbooks, told by their names or tags. They are not modified.
   *
   * @param alarms of this account and region
   */
  public addForeignAlarms(alarms: ForeignAlarms): void {
    this.registry.addForeign(alarms);
  }

  /**
   * Registers a runbook of yours; one of a built-in's name replaces it.
   *
   * @param runbook to register
   */
  public addRunbook(runbook: RunbookRegistration): void {
    this.runbooks.add(runbook);
  }

  /**
   * Makes the alarm `<path>/Errors` on a function, and lets runbooks look at the function.
   *
   * @param lambdaFunction of this or another stack
   * @param options of the alarm
   */
  public monitorFunction(lambdaFunction: IFunction, options: MonitorFunctionOptions = {}): void {
    this.monitors.function(lambdaFunction, lambdaFunction.node.path, options);
  }

  /**
   * Makes the alarm `<path>/ServerErrors` on a REST API, and lets runbooks look at the API and the functions behind it.
   *
   * @param api of this or another stack
   * @param options of the alarm
   */
  public monitorApi(api: IRestApi, options: MonitorApiOptions = {}): void {
    this.monitors.api(api, api.node.path, options);
  }

  /**
   * Makes the alarm `<path>/Throttles` on a table, and lets runbooks look at the table.
   *
   * @param table of this or another stack
   * @param options of the alarm
   */
  public monitorTable(table: ITable, options: MonitorTableOptions = {}): void {
    this.monitors.table(table, table.node.path, options);
  }

  /**
   * For the areas of this library: makes an alarm through the one registry.
   *
   * @internal
   */
  public _createAlarm(definition: AlarmDefinition) {
    return this.registry.create(definition);
  }

  /**
   * For the areas of this library: the monitors, to watch its own parts.
   *
   * @internal
   */
  public get _monitors(): ResourceMonitors {
    return this.monitors;
  }

  private checkedAlarms(): string[] {
    return checkAlarms(this, { alarms: this.registry.routed, runbooks: this.runbooks.entries(), targets: this.runbooks.targets });
  }

  /** Two deployments that share a path would overwrite each other's links and tables. */
  private sharedPrefixes(): string[] {
    const here = Stack.of(this);
    return this.node.root.node.findAll()
      .filter((other): other is AlertingWithRunbooks => other instanceof AlertingWithRunbooks && other !== this)
      .filter((other) => other.parameterPrefix === this.parameterPrefix && Stack.of(other).environment === here.environment)
      .map((other) => `${this.node.path}: the SSM parameters ${this.parameterPrefix}/* are also made by ${other.node.path}, in the same account and region (${here.environment}). Give one of them another runbookParameterPrefix, such as '${this.parameterPrefix}-2'.`);
  }
}

/** A topic's policy, such as the one that asks for TLS, takes the place of the default one, by which alarms may publish. */
function createAlertTopic(scope: Construct): Topic {
  const topic = new Topic(scope, 'Topic', { enforceSSL: true });
  topic.addToResourcePolicy(new PolicyStatement({
    sid: 'AlarmsPublish',
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  }));
  return topic;
}

function builtInRunbooks(): RunbookRegistration[] {
  return [
    { name: 'high-error-rate', handler: RunbookHandler.highErrorRate() },
    { name: 'high-latency', handler: RunbookHandler.highLatency() },
    { name: 'lambda-error', handler: RunbookHandler.lambdaErrors() },
    { name: 'dynamodb-throttling', handler: RunbookHandler.dynamoDbThrottling() },
    { name: 'general', handler: RunbookHandler.general() },
  ];
}

/** A message can wait in a queue for 15 minutes. */
function checkedDelay(scope: Construct, delay: Duration): Duration {
  if (delay.toSeconds() <= Duration.minutes(15).toSeconds()) return delay;
  throw new Error(`${scope.node.path}: secondLookDelay is ${delay.toHumanString()}; at most 15 minutes are possible, and 0 seconds for no second look.`);
}

function checkedPrefix(scope: Construct, prefix: string): string {
  if (!Token.isUnresolved(prefix) && !/^(\/[A-Za-z0-9_.-]+)+$/.test(prefix)) {
    throw new Error(`${scope.node.path}: runbookParameterPrefix is '${prefix}'; it must be a path of letters, digits, '_', '.', '-' that starts with '/' and does not end with it, such as '/runbooks'.`);
  }
  if (/^\/(aws|ssm)/i.test(prefix)) {
    throw new Error(`${scope.node.path}: runbookParameterPrefix is '${prefix}'; SSM keeps names that begin with 'aws' or 'ssm' to itself. Take another, such as '/runbooks'.`);
  }
  return prefix;
}
