/** Spans of time in milliseconds, and the UTC hours and days that parts are kept by. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The start of the span of the given length, aligned to the epoch, that a time lies in. */
export function floorTo(time: number, length: number): number {
  return Math.floor(time / length) * length;
}

/** `YYYY-MM-DD` in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** `HH` in UTC. */
export function hourOfDay(time: number): string {
  return new Date(time).toISOString().slice(11, 13);
}
