import { DEFAULT_MAX_POINTS, DEFAULT_TIME_RANGE, MAX_POINTS } from './limits';
import { badParameter, overLimit, Problem } from './problem';
import type { QueryParameters } from './request';
import { parseTime } from '../shared/document';
import { bucketsIn } from '../timeseries/query';
import { DAY, HOUR, MINUTE } from '../timeseries/time';

/** A span of time in milliseconds since the epoch, half-open. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const UNITS: Record<string, number> = { s: 1000, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
/** The steps that people think in; above them, whole days. None is below a minute: that is for who asks for it. */
const AUTOMATIC_STEPS = ['1m', '5m', '10m', '15m', '30m', '1h', '2h', '3h', '6h', '12h'].map((step) => parseDuration('step', step));
/** Where four-digit years end, and with them RFC 3339. */
export const END_OF_TIME = Date.UTC(10_000, 0) - 1;

/** `from` and `to` win over `timeRange`, which reaches back from `to`. */
export function rangeOf(parameters: QueryParameters, now: number, defaultLength = DEFAULT_TIME_RANGE): Range {
  const timeRange = parameters.one('timeRange');
  const length = parseDuration('timeRange', timeRange ?? defaultLength);
  const from = timeOf(parameters, 'from');
  const to = timeOf(parameters, 'to') ?? now;
  if (from === undefined) {
    if (length <= to) return { from: to - length, to };
    if (timeRange !== undefined) throw badParameter('timeRange', timeRange, 'a length that does not reach back before 1970');
    throw badParameter('to', parameters.one('to')!, `at least ${defaultLength} after the beginning of 1970, or a from or timeRange beside it`);
  }
  if (from < to) return { from, to };
  throw new Problem(400, `from (${iso(from)}) must be before to (${iso(to)}): the range includes from and ends just before to.`, { parameter: 'from' });
}

/**
 * The length of a bucket in milliseconds: as asked, or the shortest customary one that gives at most `maxPoints` points.
 *
 * @param shortest that there is data for, where none is asked for
 */
export function stepOf(parameters: QueryParameters, { from, to }: Range, shortest: number): number | 'raw' {
  const asked = parameters.one('step');
  const maxPoints = wholeNumber(parameters, 'maxPoints', { atLeast: 2, atMost: MAX_POINTS }) ?? DEFAULT_MAX_POINTS;
  if (asked === 'raw') return 'raw';
  if (asked === undefined) {
    const fits = (length: number) => length >= shortest && bucketsIn(from, to, length) <= maxPoints;
    const found = AUTOMATIC_STEPS.find(fits);
    if (found !== undefined) return found;
    // No shorter ones can fit; but a range that begins within a bucket touches one more than its length tells.
    let days = Math.ceil((to - from) / DAY / maxPoints);
    while (!fits(days * DAY)) days++;
    return days * DAY;
  }
  const step = parseDuration('step', asked);
  const points = bucketsIn(from, to, step);
  if (points > MAX_POINTS) {
    throw overLimit('step', MAX_POINTS, `A step of ${asked} over this range gives ${points} points a series; at most ${MAX_POINTS} are given. Take a longer step or a shorter range.`);
  }
  return step;
}

/** A parameter that is a whole number within bounds; what is above them is told with the limit. */
export function wholeNumber(parameters: QueryParameters, name: string, bounds: { atLeast: number; atMost: number }): number | undefined {
  const found = parameters.one(name);
  if (found === undefined) return undefined;
  const value = /^\d{1,15}$/.test(found) ? Number(found) : NaN;
  if (value > bounds.atMost) throw overLimit(name, bounds.atMost, `${name} is ${value}; at most ${bounds.atMost} is given.`);
  if (!(value >= bounds.atLeast)) throw badParameter(name, found, `a whole number from ${bounds.atLeast} to ${bounds.atMost}`);
  return value;
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}

/** `iso` for the many times of an answer: its series mostly have the same ones, and each is spelled once. */
export function isoOfMany(): (time: number) => string {
  const spelled = new Map<number, string>();
  return (time) => {
    let text = spelled.get(time);
    if (text === undefined) spelled.set(time, text = iso(time));
    return text;
  };
}

function parseDuration(parameter: string, text: string): number {
  const [, count, unit] = /^(\d{1,7})([smhdw])$/.exec(text) ?? [];
  if (!Number(count)) throw badParameter(parameter, text, 'a duration such as 30s, 15m, 1h, 7d or 2w');
  return Number(count) * UNITS[unit];
}

/** RFC 3339, or seconds since the epoch with up to three decimals. */
function timeOf(parameters: QueryParameters, name: string): number | undefined {
  const text = parameters.one(name);
  if (text === undefined) return undefined;
  const time = /^\d{1,12}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) : parseTime(text);
  if (time === undefined) {
    throw badParameter(name, text, 'RFC 3339 such as 2026-11-23T15:30:00Z, or seconds since the epoch (in a URL, "+" is written %2B)');
  }
  if (time < 0 || time > END_OF_TIME) throw badParameter(name, text, 'a time from 1970 to the year 9999');
  return time;
}
