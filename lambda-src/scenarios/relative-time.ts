import type { Span } from '../runbooks/framework/port';
import { DAY, HOUR, MINUTE, SECOND } from '../runbooks/framework/time';

/** Times of a scenario, relative to the alarm: `-12m`, `+5m`, `-7d`, `0`; spans `-12m..+5m`. */

const UNITS: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

export function timeOf(text: string, alarmAt: number): number {
  if (/^[+-]?0$/.test(text.trim())) return alarmAt;
  const [, sign, amount, unit] = text.trim().match(/^([+-]?)(\d+(?:\.\d+)?)([smhd])$/) ?? [];
  if (!unit) throw new Error(`"${text}" is no time: expected one relative to the alarm, such as -12m or +5m`);
  return alarmAt + (sign === '-' ? -1 : 1) * Number(amount) * UNITS[unit];
}

export function spanOf(text: string, alarmAt: number): Span {
  const [start, end, ...rest] = text.split('..');
  if (end === undefined || rest.length > 0) throw new Error(`"${text}" is no span: expected two times, such as -12m..+5m`);
  return { start: timeOf(start, alarmAt), end: timeOf(end, alarmAt) };
}

export function lengthOf(text: string): number {
  return timeOf(text, 0);
}

/** The moments of `every` in `span` that fall into `window`. */
export function momentsOf(span: Span, every: number, window: Span): number[] {
  const first = span.start + Math.max(0, Math.ceil((window.start - span.start) / every)) * every;
  const end = Math.min(span.end, window.end);
  return Array.from({ length: Math.max(0, Math.ceil((end - first) / every)) }, (_, index) => first + index * every);
}
