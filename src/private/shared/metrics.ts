/** Metrics the library emits about itself: the handler that emits one and the alarm that watches it use the same constant. */

/** Namespace of the library's metrics about itself. */
export const SELF_NAMESPACE = 'ServerlessMonitoring';

/** Dimension that tells one deployment's metrics from another's: its value is the metrics table's name. */
export const SELF_DIMENSION = 'MetricsTable';

export const SelfMetric = {
  /** Lines and values that were quarantined. Unit: Count. */
  QUARANTINED_LINES: 'QuarantinedLines',
  /** Writes to the metrics table that DynamoDB throttled, retried ones included. Unit: Count. */
  WRITE_THROTTLES: 'WriteThrottles',
} as const;
