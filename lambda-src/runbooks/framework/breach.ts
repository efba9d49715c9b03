import type { Point } from './port';
import type { AlarmFacts } from '../../../src/private/shared/contract';

/** How a period is judged. */
export interface Judge {
  readonly isBad: (value: number) => boolean;
  /** True: in the alarm's own terms. False: as a step, which shows a beginning but proves no recovery. */
  readonly exact: boolean;
}

/** Without a usable threshold (other metric math, anomaly bands) a period is bad from this multiple of what was usual. */
const STEP_FACTOR = 2;

/**
 * By the alarm's threshold where the series at hand is what it watches, else as a step against what was usual in the first
 * third of the points.
 */
export function judgeOf(alarm: AlarmFacts, points: Point[]): Judge {
  const { threshold } = alarm;
  if (threshold === undefined || (alarm.metrics.length !== 1 || alarm.expression) && !isFilledSum(alarm)) return step(points);
  switch (alarm.comparison) {
    case 'GreaterThanOrEqualToThreshold': return { isBad: (value) => value >= threshold, exact: true };
    case 'LessThanThreshold': return { isBad: (value) => value < threshold, exact: true };
    case 'LessThanOrEqualToThreshold': return { isBad: (value) => value <= threshold, exact: true };
    case 'GreaterThanThreshold': case undefined: return { isBad: (value) => value > threshold, exact: true };
    // The anomaly-band comparisons have no fixed threshold.
    default: return step(points);
  }
}

/** `FILL(a, 0) + FILL(b, 0)` over all of the alarm's metrics: a plain sum that only says what silence means. */
export function isFilledSum({ expression, metrics }: AlarmFacts): boolean {
  const terms = expression?.split('+') ?? [];
  return terms.length === metrics.length && terms.length > 0 && terms.every((term) => /^\s*FILL\(\s*\w+\s*,\s*0\s*\)\s*$/.test(term));
}

function step(points: Point[]): Judge {
  const usual = points.slice(0, Math.max(1, Math.floor(points.length / 3))).map((point) => point.value).sort((a, b) => a - b);
  const median = usual[Math.floor(usual.length / 2)] ?? 0;
  return { isBad: (value) => value > median * STEP_FACTOR, exact: false };
}
