import { Annotations, Duration, Names } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlarmSeverity } from './alarm-severity';
import { AlertingWithRunbooks } from './alerting-with-runbooks';
import { ServiceAlarmOptions, ServiceStatistic } from './service-alarm';
import { FunctionOptions } from '../function-options';
import { IMetricsStore } from '../metrics-store';
import { MonitoringFunction } from '../private/monitoring-function';
import { ParameterList } from '../private/parameter-list';
import { grantReadPath } from '../private/parameter-path';
import { Env } from '../private/shared/environment';
import { SERVICE_NAMESPACE, ServiceAlarmSpec } from '../private/shared/service-alarms';

/** How long after a bucket's time to be published the schedule may come: its minute, and another for the run. */
const SCHEDULE_DELAY_SECONDS = 120;

/** What service alarms need of the deployment. */
export interface ServiceAlarmsProps {
  readonly alerting: AlertingWithRunbooks;
  readonly store: IMetricsStore;
  /** The functions that write metrics: they publish the buckets they have changed. */
  readonly writers: Function[];
  readonly functionOptions?: FunctionOptions;
}

/**
 * Alarms on metrics that lie in the metrics table. CloudWatch cannot see those, so for the named (service, metric,
 * statistic, period) only, a bucket's value is computed from the stored parts and published, stamped with the bucket's own
 * start: publishing it twice changes nothing.
 */
export class ServiceAlarms extends Construct {
  private readonly specs: ParameterList<ServiceAlarmSpec>;
  private readonly path: string;
  private scheduled = false;

  constructor(scope: Construct, id: string, private readonly props: ServiceAlarmsProps) {
    super(scope, id);
    this.path = `/serverless-monitoring/${Names.uniqueResourceName(this, { maxLength: 200, separator: '-' })}`;
    this.specs = new ParameterList<ServiceAlarmSpec>(this, 'Specs', this.path, (specs) => specs);
    props.writers.forEach((writer) => this.letPublish(writer));
  }

  /** Makes the alarm, and has its metric published. */
  public add(id: string, options: ServiceAlarmOptions) {
    const period = options.period ?? Duration.minutes(5);
    const uploadDelay = options.uploadDelay ?? Duration.minutes(5);
    this.check(id, options, period);
    if (uploadDelay.toHours({ integral: false }) > 3) {
      Annotations.of(this).addWarningV2('cdk-serverless-monitoring:lateServiceAlarm',
        `${this.node.path}: the service alarm '${id}' waits ${uploadDelay.toHumanString()} for logs. CloudWatch shows points older than 3 hours up to 2 hours later, so it fires that much later.`);
    }
    const comparison = options.comparisonOperator ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
    const greater = this.isGreater(id, comparison);
    const spec: ServiceAlarmSpec = {
      // Deployments of one account and region share the namespace, so the name carries more than the id.
      id: `${Names.uniqueResourceName(this, { maxLength: 120, separator: '-' })}-${id}`,
      service: options.service.normalize('NFC'),
      metric: options.metric.normalize('NFC'),
      statistic: options.statistic,
      period: period.toSeconds(),
      uploadDelay: uploadDelay.toSeconds(),
      eager: onlyGetsWorse(options.statistic, greater),
    };
    this.specs.add(spec);
    if (!spec.eager) {
      this.schedule();
    }
    this.props.alerting._createAlarm({
      key: id,
      metric: new Metric({ namespace: SERVICE_NAMESPACE, metricName: spec.id, statistic: greater ? Stats.MAXIMUM : Stats.MINIMUM, period }),
      sentence: `${options.statistic} of ${spec.metric} of the service ${spec.service} is ${comparison.replace(/Threshold$/, '').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()} ${options.threshold}.`,
      severity: options.severity ?? AlarmSeverity.HIGH,
      threshold: options.threshold,
      comparisonOperator: comparison,
      evaluationPeriods: this.evaluationPeriods(id, spec),
      datapointsToAlarm: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING, // No log, no sample: that the data is late is another alarm's matter.
      page: options.runbook ?? 'high-error-rate',
      runbook: options.runbook,
      service: spec.service,
      targets: [{ type: 'service', name: spec.service, metric: spec.metric }],
    });
  }

  /** A half-filled bucket of such an alarm would lie, so its value waits for the bucket's end. */
  private schedule() {
    if (this.scheduled) {
      return;
    }
    this.scheduled = true;
    const publisher = new MonitoringFunction(this, 'Publisher', {
      asset: 'service-alarm-publisher',
      description: 'Publishes ended buckets of service alarms',
      timeout: Duration.seconds(50),
      options: this.props.functionOptions,
      environment: { [Env.METRICS_TABLE]: this.props.store.table.tableName },
    });
    this.props.store.grantRead(publisher);
    this.letPublish(publisher);
    new Rule(this, 'EveryMinute', {
      description: 'Publishes ended buckets of service alarms',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(publisher)],
    });
  }

  private letPublish(fn: Function) {
    fn.addEnvironment(Env.SERVICE_ALARMS_PATH, this.path);
    grantReadPath(this, this.path, fn);
    fn.addToRolePolicy(new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'], // The action knows no resource; the condition narrows it.
      conditions: { StringEquals: { 'cloudwatch:namespace': SERVICE_NAMESPACE } },
    }));
  }

  private check(id: string, options: ServiceAlarmOptions, period: Duration) {
    if (!/^[A-Za-z0-9_.-]{1,100}$/.test(id)) {
      throw new Error(`${this.node.path}: the service alarm's id '${id}' must be 1 to 100 of A-Z, a-z, 0-9, '_', '.', '-': CloudWatch takes it as a metric's name.`);
    }
    if (period.toSeconds() < 60 || period.toSeconds() % 60 !== 0 || period.toSeconds() > 86400) {
      throw new Error(`${this.node.path}: the service alarm '${id}' has a period of ${period.toSeconds()} s; it must be whole minutes, at most a day.`);
    }
    if (!options.service || !options.metric) {
      throw new Error(`${this.node.path}: the service alarm '${id}' needs the name of a service and of a metric, as the logs carry them.`);
    }
  }

  /**
   * Late logs change buckets of the past: one bad bucket among those they may still change is enough. A value that waits for
   * the bucket's end comes with the schedule's next minute, and may take a moment.
   */
  private evaluationPeriods(id: string, { uploadDelay, period, eager }: ServiceAlarmSpec): number {
    const periods = 1 + Math.ceil((uploadDelay + (eager ? 0 : SCHEDULE_DELAY_SECONDS)) / period);
    // CloudWatch refuses more (PutMetricAlarm, EvaluationPeriods).
    const mostSeconds = period < 3600 ? 86400 : 7 * 86400;
    if (periods * period > mostSeconds) {
      throw new Error(`${this.node.path}: the service alarm '${id}' has to look back ${periods} periods of ${period} s, more than the ${mostSeconds} s that CloudWatch allows. Shorten uploadDelay, or take a period of at least an hour (7 days then).`);
    }
    return periods;
  }

  private isGreater(id: string, comparison: ComparisonOperator): boolean {
    if (comparison === ComparisonOperator.GREATER_THAN_THRESHOLD || comparison === ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD) {
      return true;
    }
    if (comparison === ComparisonOperator.LESS_THAN_THRESHOLD || comparison === ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD) {
      return false;
    }
    throw new Error(`${this.node.path}: the service alarm '${id}' compares with one threshold; ${comparison} needs a band. Use a GREATER_THAN or LESS_THAN operator.`);
  }
}

/** Whether further samples can only move the bucket's value to the bad side. */
function onlyGetsWorse(statistic: ServiceStatistic, greater: boolean): boolean {
  return greater
    ? [ServiceStatistic.SUM, ServiceStatistic.COUNT, ServiceStatistic.MAXIMUM].includes(statistic)
    : statistic === ServiceStatistic.MINIMUM;
}
