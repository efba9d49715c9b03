import { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  AddAlarmOptions, AlertingOptions, AlertingWithRunbooks, AlertRoutingOptions, ForeignAlarms, MonitorApiOptions, MonitorFunctionOptions,
  MonitorTableOptions, RunbookRegistration, ServiceAlarmOptions,
} from './alerting';
import { watchParts } from './alerting/own-parts';
import { ServiceAlarms } from './alerting/service-alarms';
import { FunctionOptions } from './function-options';
import { LogIngestion, LogIngestionOptions } from './log-ingestion';
import { MetricsApi, MetricsApiOptions } from './metrics-api';
import { MetricsStore, MetricsStoreOptions } from './metrics-store';

/** Properties of `ServerlessMonitoring`. */
export interface ServerlessMonitoringProps extends AlertRoutingOptions {
  /**
   * Options of the metrics table.
   *
   * @default - the defaults of `MetricsStoreOptions`
   */
  readonly metricsStore?: MetricsStoreOptions;

  /**
   * Options of the log bucket and its processor.
   *
   * @default - the defaults of `LogIngestionOptions`
   */
  readonly logIngestion?: LogIngestionOptions;

  /**
   * Options of the API.
   *
   * @default - the defaults of `MetricsApiOptions`
   */
  readonly metricsApi?: MetricsApiOptions;

  /**
   * Options of alerting.
   *
   * @default - the defaults of `AlertingOptions`
   */
  readonly alerting?: AlertingOptions;

  /**
   * How all of the library's functions are run. A part's own `functionOptions` wins.
   *
   * @default - the defaults of `FunctionOptions`
   */
  readonly functionOptions?: FunctionOptions;

  /**
   * Key that encrypts the tables and the bucket that are made here. A part's own `encryptionKey` wins.
   *
   * @default - keys of AWS, without cost
   */
  readonly encryptionKey?: IKey;
}

/**
 * Serverless monitoring in one construct: metrics collected from logs, an API to read and write them, alarms on what
 * matters, and a first investigation of every alarm. Works without any property.
 */
export class ServerlessMonitoring extends Construct {
  /** Stores the metrics. */
  public readonly metricsStore: MetricsStore;
  /** Collects metrics from logs. */
  public readonly logIngestion: LogIngestion;
  /** Serves the metrics. */
  public readonly metricsApi: MetricsApi;
  /** Alarms, runbooks, notifications. */
  public readonly alerting: AlertingWithRunbooks;

  private readonly functionOptions?: FunctionOptions;
  private serviceAlarms?: ServiceAlarms;

  constructor(scope: Construct, id: string, props: ServerlessMonitoringProps = {}) {
    super(scope, id);
    const { encryptionKey, functionOptions } = props;
    this.functionOptions = functionOptions;
    const store = new MetricsStore(this, 'MetricsStore', {
      // A table or a bucket of the user's own has its own key.
      functionOptions, ...(props.metricsStore?.table ? {} : { encryptionKey }), ...props.metricsStore,
    });
    this.metricsStore = store;
    this.logIngestion = new LogIngestion(this, 'LogIngestion', {
      store, functionOptions, ...(props.logIngestion?.bucket ? {} : { encryptionKey }), ...props.logIngestion,
    });
    this.alerting = new AlertingWithRunbooks(this, 'Alerting', {
      store,
      logIngestion: this.logIngestion,
      encryptionKey,
      functionOptions,
      ...props.alerting,
      alertEmails: props.alertEmails,
      subscriptions: props.subscriptions,
      runbooks: props.runbooks,
      foreignAlarms: props.foreignAlarms,
      alarmOverrides: props.alarmOverrides,
    });
    this.metricsApi = new MetricsApi(this, 'MetricsApi', { store, incidents: this.alerting.incidents, functionOptions, ...props.metricsApi });
    watchParts(this.alerting, this);
  }

  /** Address of the API, with a slash at its end. */
  public get apiUrl(): string {
    return this.metricsApi.url;
  }

  /** The bucket that receives the logs. */
  public get logBucket(): IBucket {
    return this.logIngestion.bucket;
  }

  /** The topic that alarms and reports are published on. */
  public get alertTopic(): ITopic {
    return this.alerting.alertTopic;
  }

  /**
   * Makes the alarm `<path>/Errors` on a function, and lets runbooks look at the function.
   *
   * @param lambdaFunction of this or another stack
   * @param options of the alarm
   */
  public monitorFunction(lambdaFunction: IFunction, options?: MonitorFunctionOptions): void {
    this.alerting.monitorFunction(lambdaFunction, options);
  }

  /**
   * Makes the alarm `<path>/ServerErrors` on a REST API, and lets runbooks look at the API and the functions behind it.
   *
   * @param api of this or another stack
   * @param options of the alarm
   */
  public monitorApi(api: IRestApi, options?: MonitorApiOptions): void {
    this.alerting.monitorApi(api, options);
  }

  /**
   * Makes the alarm `<path>/Throttles` on a table, and lets runbooks look at the table.
   *
   * @param table of this or another stack
   * @param options of the alarm
   */
  public monitorTable(table: ITable, options?: MonitorTableOptions): void {
    this.alerting.monitorTable(table, options);
  }

  /**
   * Routes an alarm of yours to people and runbooks. An alarm of another stack, or an imported one, is not modified.
   *
   * @param alarm of this or another stack
   * @param options about it
   */
  public addAlarm(alarm: IAlarm, options?: AddAlarmOptions): void {
    this.alerting.addAlarm(alarm, options);
  }

  /**
   * Routes alarms that others made to people and runbooks, told by their names or tags. They are not modified.
   *
   * @param alarms of this account and region
   */
  public addForeignAlarms(alarms: ForeignAlarms): void {
    this.alerting.addForeignAlarms(alarms);
  }

  /**
   * Makes an alarm on a metric that came from the logs or from `POST /metrics`. Its key in `alarmOverrides` is its id.
   *
   * @param id of the alarm, 1 to 100 of `A-Z`, `a-z`, `0-9`, `_`, `.`, `-`
   * @param options of the alarm
   */
  public addServiceAlarm(id: string, options: ServiceAlarmOptions): void {
    this.serviceAlarms ??= new ServiceAlarms(this, 'ServiceAlarms', {
      alerting: this.alerting,
      store: this.metricsStore,
      writers: [this.logIngestion.processor, this.metricsApi.handler],
      functionOptions: this.functionOptions,
    });
    this.serviceAlarms.add(id, options);
  }

  /**
   * Registers a runbook of yours; one of a built-in's name replaces it.
   *
   * @param runbook to register
   */
  public addRunbook(runbook: RunbookRegistration): void {
    this.alerting.addRunbook(runbook);
  }
}
