/** Service alarms: alarms on (service, metric) pairs whose values lie in the metrics table and not in CloudWatch. */

/** CloudWatch namespace of the published bucket values; the metric's name is the alarm's id, without dimensions. */
export const SERVICE_NAMESPACE = 'ServerlessMonitoring/Service';

/** How a bucket's samples become one value. */
export type ServiceStatisticName = 'AVERAGE' | 'MINIMUM' | 'MAXIMUM' | 'SUM' | 'COUNT' | 'P50' | 'P90' | 'P95' | 'P99';

/** One service alarm, as its SSM parameter holds it: what to compute, and when. */
export interface ServiceAlarmSpec {
  /** The alarm's id: the metric's name in `SERVICE_NAMESPACE`. */
  readonly id: string;
  readonly service: string;
  readonly metric: string;
  readonly statistic: ServiceStatisticName;
  /** Length of a bucket, in seconds; buckets are aligned to the epoch. */
  readonly period: number;
  /** How late logs may come, in seconds. */
  readonly uploadDelay: number;
  /**
   * Whether the value is published after every write. True where a bucket's value can only get worse as samples arrive
   * (greater-than on SUM, COUNT, MAXIMUM; less-than on MINIMUM): a half-filled bucket is then no false alarm. Otherwise
   * the value is published once, by schedule, when the bucket's end plus `uploadDelay` has passed.
   */
  readonly eager: boolean;
}
