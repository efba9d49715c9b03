import { SELF_DIMENSION, SELF_METRIC_UNITS, SELF_NAMESPACE, type SelfMetricName } from '../../src/private/shared/metrics';

/** One line in the embedded metric format: CloudWatch makes a metric of it that an alarm can watch. */
export function selfMetricLine(name: SelfMetricName, value: number, table: string, now = Date.now()): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: SELF_NAMESPACE, Dimensions: [[SELF_DIMENSION]], Metrics: [{ Name: name, Unit: SELF_METRIC_UNITS[name] ?? 'Count' }] }],
    },
    [SELF_DIMENSION]: table,
    [name]: value,
  });
}

/** Past the console, which puts a time before each line: CloudWatch takes only lines that are JSON from the first byte on. */
export function emitSelfMetric(name: SelfMetricName, value: number, table: string): void {
  process.stdout.write(`${selfMetricLine(name, value, table)}\n`);
}
