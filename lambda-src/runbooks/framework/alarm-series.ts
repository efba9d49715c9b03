import { isFilledSum } from './breach';
import { METRIC_LAG } from './lag';
import type { Look, Point, Port, Span } from './port';
import { SECOND } from './time';
import type { AlarmFacts } from '../../../src/private/shared/contract';

/** What an alarm watches, as one series: its metric, or the sum that it makes of several. */
export async function alarmSeries(port: Port, alarm: AlarmFacts, period: number, span: Span, now: number): Promise<Look<Point[]> | undefined> {
  const metrics = isFilledSum(alarm) ? alarm.metrics : alarm.metrics.slice(0, 1);
  if (metrics.length === 0) return undefined;
  const looks = Object.values(await port.metrics(metrics.map((metric, index) => ({ id: `look${index}`, ...metric, period })), span));
  const failed = looks.find(({ status }) => status !== 'OK' && status !== 'NO_DATA');
  if (failed) return failed;
  const points = looks.flatMap(({ data = [] }) => data);
  if (points.length === 0) return looks[0];
  return { status: 'OK', data: isFilledSum(alarm) ? filledSum(points, period * SECOND, Math.min(span.end, now - METRIC_LAG)) : points };
}

/**
 * Adds the series up. The alarm says that silence is zero, so from the first point on it is; a series without any point
 * stays without, because nothing shows that there was something to count.
 */
function filledSum(points: Point[], period: number, end: number): Point[] {
  const sums = new Map<number, number>();
  for (let time = Math.min(...points.map((point) => point.time)); time + period <= end; time += period) sums.set(time, 0);
  for (const { time, value } of points) sums.set(time, (sums.get(time) ?? 0) + value);
  return [...sums].map(([time, value]) => ({ time, value })).sort((a, b) => a.time - b.time);
}
