import type { Point } from './port';
import type { AlarmFacts } from '../../../src/private/shared/contract';

/** Whether one period is bad, in the alarm's own terms. */
export type IsBad = (value: number) => boolean;

/** Without a threshold (metric math over several metrics, anomaly bands) a period is bad from this multiple of what was usual. */
const STEP_FACTOR = 2;

/**
 * How a period is judged: by the alarm's threshold where the metric at hand is what it watches, else as a step against what
 * was usual in the first third of the points.
 */
export function badPeriods(alarm: AlarmFacts, points: Point[]): IsBad {
  const threshold = alarm.threshold;
  if (threshold === undefined || !watchesMetricItself(alarm)) return step(points);
  switch (alarm.comparison) {
    case 'GreaterThanOrEqualToThreshold': return (value) => value >= threshold;
    case 'LessThanThreshold': return (value) => value < threshold;
    case 'LessThanOrEqualToThreshold': return (value) => value <= threshold;
    case 'GreaterThanThreshold': case undefined: return (value) => value > threshold;
    // The anomaly-band comparisons have no fixed threshold.
    default: return step(points);
  }
}

/** A metric, or `FILL` of one, which only says what silence means; other expressions are not computed here. */
function watchesMetricItself(alarm: AlarmFacts): boolean {
  return alarm.metrics.length === 1 && (!alarm.expression || /^\s*FILL\(\s*\w+\s*,\s*0\s*\)\s*$/.test(alarm.expression));
}

function step(points: Point[]): IsBad {
  const usual = points.slice(0, Math.max(1, Math.floor(points.length / 3))).map((point) => point.value).sort((a, b) => a - b);
  const median = usual[Math.floor(usual.length / 2)] ?? 0;
  return (value) => value > median * STEP_FACTOR;
}
