import { Duration } from 'aws-cdk-lib';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { AlarmSeverity } from './alarm-severity';

/** Changes one alarm that the library makes. What is not set stays as it is. */
export interface AlarmOverride {
  /**
   * Whether the alarm is made at all.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The value it is compared with, in the metric's unit.
   *
   * @default - the alarm's own
   */
  readonly threshold?: number;

  /**
   * Length of one datapoint.
   *
   * @default - the alarm's own
   */
  readonly period?: Duration;

  /**
   * How many datapoints are looked at.
   *
   * @default - the alarm's own
   */
  readonly evaluationPeriods?: number;

  /**
   * How many of them must be bad.
   *
   * @default - the alarm's own
   */
  readonly datapointsToAlarm?: number;

  /**
   * How urgent it is.
   *
   * @default - the alarm's own
   */
  readonly severity?: AlarmSeverity;

  /**
   * Name of the runbook that investigates it.
   *
   * @default - the runbook that matches the alarm
   */
  readonly runbook?: string;

  /**
   * Topic that CloudWatch's own message goes to in place of the alert topic. The alarm is then not investigated.
   *
   * @default - the alert topic
   */
  readonly topic?: ITopic;
}

/** Options of `addAlarm`. */
export interface AddAlarmOptions {
  /**
   * How urgent it is.
   *
   * @default - the severity of its runbook, or else AlarmSeverity.MEDIUM
   */
  readonly severity?: AlarmSeverity;

  /**
   * Name of the runbook that investigates it.
   *
   * @default - the runbook that matches the alarm
   */
  readonly runbook?: string;
}

/** An alarm that is routed to people and runbooks. */
export interface RegisteredAlarm {
  /**
   * Its key: `<Part>/<Alarm>`, `<path of the monitored construct>/<Alarm>`, or the id of a service alarm, as `alarmOverrides`
   * takes them; the path of an alarm that you added.
   */
  readonly key: string;

  /** The alarm. */
  readonly alarm: IAlarm;

  /**
   * How urgent it is.
   *
   * @default - nobody said: the severity of its runbook
   */
  readonly severity?: AlarmSeverity;
}
