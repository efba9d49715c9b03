import type { Span } from './port';
import { HOUR, MINUTE } from '../../timeseries/time';

export { DAY, HOUR, MINUTE } from '../../timeseries/time';
export const SECOND = 1000;

export const lengthOf = (span: Span) => span.end - span.start;

export const shift = (span: Span, by: number): Span => ({ start: span.start + by, end: span.end + by });

export const contains = (span: Span, time: number) => time >= span.start && time < span.end;

export const iso = (time: number) => new Date(time).toISOString();

/** As people read it at night: `02:51 UTC`. */
export const clockTime = (time: number) => `${iso(time).slice(11, 16)} UTC`;

/** Rounded to what matters: `45 s`, `12 min`, `3 h`. */
export function duration(ms: number): string {
  if (ms < 2 * MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < 2 * HOUR) return `${Math.round(ms / MINUTE)} min`;
  return `${Math.round(ms / HOUR)} h`;
}
