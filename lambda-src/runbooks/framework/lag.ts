import { MINUTE } from './time';

/**
 * How late a source tells what happened. What lies inside its lag and is not there yet is INCOMPLETE, never absent; the second
 * look asks again.
 */
export const METRIC_LAG = 3 * MINUTE;
export const CHANGE_LAG = 5 * MINUTE;
