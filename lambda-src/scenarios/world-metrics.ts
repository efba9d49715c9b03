import { lengthOf, momentsOf, spanOf } from './relative-time';
import type { WorldSpec } from './schema';
import { METRIC_LAG } from '../runbooks/framework/lag';
import type { Look, Point, SeriesQuery, Span } from '../runbooks/framework/port';
import type { ServicePoint } from '../runbooks/framework/port-data';
import { contains, MINUTE, SECOND } from '../runbooks/framework/time';

/** A series of the world has a value a minute. */
type Values = Record<string, number>;

export function seriesOf(spec: WorldSpec, query: SeriesQuery, span: Span, alarmAt: number, now: number): Look<Point[]> {
  const series = spec.metrics.find((one) => one.metric === `${query.namespace}/${query.name}`
    && one.statistic === query.statistic && sameDimensions(one.dimensions, query.dimensions));
  // What lies inside the lag has not been published yet.
  const visible = { start: span.start, end: Math.min(span.end, now - METRIC_LAG) };
  const minutes = series ? minutesOf(series.values, visible, alarmAt) : [];
  const points = inPeriods(minutes, query.period * SECOND, query.statistic);
  return points.length > 0 ? { status: 'OK', data: points } : { status: 'NO_DATA' };
}

/** The minutes of `window` that have a value; where spans overlap, the one written last counts. */
export function minutesOf(values: Values, window: Span, alarmAt: number): Point[] {
  const spans = Object.entries(values).map(([text, value]) => ({ ...spanOf(text, alarmAt), value })).reverse();
  const first = Math.ceil(window.start / MINUTE) * MINUTE;
  return momentsOf({ start: first, end: window.end }, MINUTE, window).flatMap((time) => {
    const found = spans.find((span) => contains(span, time));
    return found ? [{ time, value: found.value }] : [];
  });
}

/** A stored series: each minute's value is one sample. */
export function serviceMinutes(values: Values, window: Span, alarmAt: number): ServicePoint[] {
  return minutesOf(values, window, alarmAt).map(({ time, value }) => ({ time, count: 1, sum: value, min: value, max: value }));
}

function inPeriods(minutes: Point[], period: number, statistic: string): Point[] {
  if (period <= MINUTE) return minutes;
  const periods = new Map<number, number[]>();
  for (const { time, value } of minutes) {
    const start = Math.floor(time / period) * period;
    periods.set(start, [...periods.get(start) ?? [], value]);
  }
  return [...periods].map(([time, values]) => ({ time, value: combine(values, statistic) }));
}

function combine(values: number[], statistic: string): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (statistic === 'Sum' || statistic === 'SampleCount') return sum;
  if (statistic === 'Average') return sum / values.length;
  return statistic === 'Minimum' ? Math.min(...values) : Math.max(...values);
}

function sameDimensions(a: Record<string, string>, b: Record<string, string>): boolean {
  const [first, second] = [a, b].map((dimensions) => JSON.stringify(Object.entries(dimensions).sort(([x], [y]) => x.localeCompare(y))));
  return first === second;
}

/** Lines of a log of the world. */
export function linesOf(
  logs: { span?: string; at?: string; every: string; message: string }[], window: Span, alarmAt: number,
): { time: number; message: string }[] {
  return logs.flatMap(({ span, at, every, message }) => {
    const when = span !== undefined ? spanOf(span, alarmAt) : { ...spanOf(`${at}..${at}`, alarmAt) };
    const moments = span !== undefined ? momentsOf(when, lengthOf(every), window) : [when.start].filter((time) => contains(window, time));
    return moments.map((time) => ({ time, message }));
  }).sort((a, b) => a.time - b.time);
}
