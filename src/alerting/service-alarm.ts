import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmSeverity } from './alarm-severity';

/** How the samples of one bucket become the one value that a service alarm looks at. */
export enum ServiceStatistic {
  /** Mean of the samples. */
  AVERAGE = 'AVERAGE',
  /** Smallest sample. */
  MINIMUM = 'MINIMUM',
  /** Largest sample. */
  MAXIMUM = 'MAXIMUM',
  /** Sum of the samples; 0 for an empty bucket. */
  SUM = 'SUM',
  /** Number of samples; 0 for an empty bucket. */
  COUNT = 'COUNT',
  /** Median. */
  P50 = 'P50',
  /** 90th percentile. */
  P90 = 'P90',
  /** 95th percentile. */
  P95 = 'P95',
  /** 99th percentile. */
  P99 = 'P99',
}

/** An alarm on a metric that came from logs or from `POST /metrics`. */
export interface ServiceAlarmOptions {
  /** Name of the service, as the logs carry it. */
  readonly service: string;

  /** Name of the metric, as the logs carry it. */
  readonly metric: string;

  /** How a bucket's samples become one value. */
  readonly statistic: ServiceStatistic;

  /** The value it is compared with, in the metric's unit. */
  readonly threshold: number;

  /**
   * Which side of the threshold is bad.
   *
   * @default ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
   */
  readonly comparisonOperator?: ComparisonOperator;

  /**
   * Length of a bucket: a whole number of minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * How late logs may come: the alarm looks back so far. Above 3 hours CloudWatch itself shows old points up to 2 hours
   * later.
   *
   * @default Duration.minutes(5)
   */
  readonly uploadDelay?: Duration;

  /**
   * How urgent it is.
   *
   * @default AlarmSeverity.HIGH
   */
  readonly severity?: AlarmSeverity;

  /**
   * Name of the runbook that investigates it.
   *
   * @default 'high-error-rate'
   */
  readonly runbook?: string;
}
