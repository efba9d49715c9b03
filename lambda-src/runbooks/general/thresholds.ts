import { DAY } from '../framework/time';

/** How far back the alarm's own changes of state are read: a day holds every hour of the usual load once. */
export const HISTORY = 1 * DAY;

/** So many times in ALARM within a day is flapping: a person who was called this often no longer looks. */
export const FLAPPING_ALARMS = 4;

/** A value this near to that of an earlier day is the usual one: days differ by a fifth without any cause. */
export const USUAL_TOLERANCE = 0.2;
