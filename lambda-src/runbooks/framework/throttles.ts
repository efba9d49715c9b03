import type { Figures } from './series';

/** Below so many, throttles come and go in any busy account. */
const THROTTLE_FLOOR = 5;
/** Below this share of the failures (errors + throttles) they are not what the alarm is about. */
const THROTTLE_SHARE = 0.1;

/** NONE, a TRACE worth telling, or THROTTLED; undefined: there is no data. */
export function throttling(errors: Figures, throttles: Figures): 'NONE' | 'TRACE' | 'THROTTLED' | undefined {
  if (throttles.points === 0) return undefined;
  if (throttles.sum === 0) return 'NONE';
  return throttles.sum >= THROTTLE_FLOOR && throttles.sum >= THROTTLE_SHARE * (errors.sum + throttles.sum) ? 'THROTTLED' : 'TRACE';
}
