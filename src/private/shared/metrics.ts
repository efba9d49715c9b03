/** Metrics the library emits about itself: the handler that emits one and the alarm that watches it use the same constant. */

/** Namespace of the library's metrics about itself. */
export const SELF_NAMESPACE = 'ServerlessMonitoring';

export const SelfMetric = {
  /** Lines and values that were quarantined. Unit: Count. */
  QUARANTINED_LINES: 'QuarantinedLines',
  /** Writes to the metrics table that DynamoDB throttled, retried ones included. Unit: Count. */
  WRITE_THROTTLES: 'WriteThrottles',
  /** Days that were to be computed anew when some of their samples had expired already. Unit: Count. */
  FINAL_DAYS: 'FinalDays',
  /** Age of the newest sample of all services, told every hour. Unit: Seconds. */
  NEWEST_SAMPLE_AGE: 'NewestSampleAge',
  /** Subscribers to the topics of alerts, reports and chat who have not confirmed; told only where there are any. Unit: Count. */
  UNCONFIRMED_SUBSCRIPTIONS: 'UnconfirmedSubscriptions',
} as const;

export type SelfMetricName = typeof SelfMetric[keyof typeof SelfMetric];

/**
 * Dimension that tells one deployment's metrics from another's: its value is the name of the metrics table, or of the executor's
 * function, since alerting may be used without a metrics table.
 */
export function dimensionOf(name: SelfMetricName): 'MetricsTable' | 'RunbookExecutor' {
  return name === SelfMetric.UNCONFIRMED_SUBSCRIPTIONS ? 'RunbookExecutor' : 'MetricsTable';
}

/** CloudWatch's units; all others are counts. */
export const SELF_METRIC_UNITS: Partial<Record<SelfMetricName, 'Seconds'>> = { [SelfMetric.NEWEST_SAMPLE_AGE]: 'Seconds' };
