import { dimensionOf, SELF_METRIC_UNITS, SELF_NAMESPACE, type SelfMetricName } from '../../src/private/shared/metrics';

/**
 * One line in the embedded metric format: CloudWatch makes a metric of it that an alarm can watch.
 *
 * @param owner the value of the metric's dimension
 */
export function selfMetricLine(name: SelfMetricName, value: number, owner: string, now = Date.now()): string {
  const dimension = dimensionOf(name);
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{
        Namespace: SELF_NAMESPACE, Dimensions: [[dimension]], Metrics: [{ Name: name, Unit: SELF_METRIC_UNITS[name] ?? 'Count' }],
      }],
    },
    [dimension]: owner,
    [name]: value,
  });
}

/** Past the console, whose entries Lambda wraps (see log.ts): CloudWatch takes only a line that is this object itself. */
export function emitSelfMetric(name: SelfMetricName, value: number, owner: string): void {
  process.stdout.write(`${selfMetricLine(name, value, owner)}\n`);
}
