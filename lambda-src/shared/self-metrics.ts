import { SELF_DIMENSION, SELF_NAMESPACE, type SelfMetric } from '../../src/private/shared/metrics';

type SelfMetricName = typeof SelfMetric[keyof typeof SelfMetric];

/** One line in the embedded metric format: CloudWatch makes a metric of it that an alarm can watch. */
export function selfMetricLine(name: SelfMetricName, count: number, table: string, now = Date.now()): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: SELF_NAMESPACE, Dimensions: [[SELF_DIMENSION]], Metrics: [{ Name: name, Unit: 'Count' }] }],
    },
    [SELF_DIMENSION]: table,
    [name]: count,
  });
}

/** Past the console, which puts a time before each line: CloudWatch takes only lines that are JSON from the first byte on. */
export function emitSelfMetric(name: SelfMetricName, count: number, table: string): void {
  process.stdout.write(`${selfMetricLine(name, count, table)}\n`);
}
