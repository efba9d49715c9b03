import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { AlarmSeverity } from './alarm-severity';

/** Options of `monitorFunction`. */
export interface MonitorFunctionOptions {
  /**
   * How urgent the alarm is.
   *
   * @default AlarmSeverity.HIGH
   */
  readonly severity?: AlarmSeverity;

  /**
   * Errors in 5 minutes from which the alarm fires.
   *
   * @default 1
   */
  readonly errorThreshold?: number;
}

/** Options of `monitorApi`. */
export interface MonitorApiOptions {
  /**
   * How urgent the alarm is.
   *
   * @default AlarmSeverity.HIGH
   */
  readonly severity?: AlarmSeverity;

  /**
   * Answers with a status of 500 or more, in 5 minutes, from which the alarm fires.
   *
   * @default 5
   */
  readonly serverErrorThreshold?: number;

  /**
   * Functions behind the API: its runbooks look at them too.
   *
   * @default - none
   */
  readonly functions?: IFunction[];

  /**
   * Name of the API, as its metrics carry it. Needed for an imported API.
   *
   * @default - the name of the API, where it is made in this app
   */
  readonly apiName?: string;

  /**
   * Name of the stage to watch. Needed for an API without a deployment stage of its own.
   *
   * @default - the API's deployment stage
   */
  readonly stageName?: string;
}

/** Options of `monitorTable`. */
export interface MonitorTableOptions {
  /**
   * How urgent the alarm is.
   *
   * @default AlarmSeverity.HIGH
   */
  readonly severity?: AlarmSeverity;

  /**
   * Throttled reads and writes in 5 minutes from which the alarm fires.
   *
   * @default 1
   */
  readonly throttleThreshold?: number;

  /**
   * Turns on Contributor Insights for throttled keys, so that the runbook can name hot keys. Only for a table of the same
   * stack; costs about 0.03 USD per million throttled events, nothing while nothing is throttled.
   *
   * @default false
   */
  readonly throttledKeyInsights?: boolean;
}
