import { Duration } from 'aws-cdk-lib';

/** How long metrics are kept. */
export interface MetricsRetention {
  /**
   * How long samples are kept: a whole number of days, at least 2. Samples older than this minus a day are refused. Steps under an
   * hour, and percentiles of less than a day, are answered from samples.
   *
   * @default Duration.days(63)
   */
  readonly sampleRetention?: Duration;

  /**
   * How long the hourly and daily figures of days that have ended are kept, and the catalogue of services and metrics after a series was
   * last seen: a whole number of days, at least `sampleRetention`.
   *
   * @default Duration.days(455)
   */
  readonly rollupRetention?: Duration;
}
