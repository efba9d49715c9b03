import type { Context } from './definition';
import type { Item } from './evidence';
import { METRIC_LAG } from './lag';
import type { Look, Point, SeriesQuery } from './port';
import { figuresOf, type SeriesFacts } from './series';
import { SECOND } from './time';

/** The length of a period in which series are compared, in seconds: what AWS services publish. */
const DEFAULT_PERIOD = 60;

/** One series that a collector asks for. */
export interface SeriesSpec extends Omit<SeriesQuery, 'period'> {
  /** In seconds; by default a minute. */
  readonly period?: number;
  /** As a person calls it: `errors of orders-fn`. */
  readonly what: string;
}

/**
 * Asks for all series of a runbook at once: one call for the incident and the time before it, one for each older baseline.
 * Every series becomes an evidence item.
 */
export async function collectMetrics({ port, windows, evidence, links }: Context, specs: SeriesSpec[]): Promise<Item<SeriesFacts>[]> {
  const unique = [...new Map(specs.map((spec) => [spec.id, spec])).values()];
  if (unique.length === 0) return [];
  const queries = unique.map(({ what, ...query }) => ({ ...query, period: query.period ?? DEFAULT_PERIOD }));
  const [recent, yesterday, lastWeek] = await Promise.all([
    port.metrics(queries, { start: windows.before.start, end: windows.incident.end }),
    port.metrics(queries, windows.yesterday),
    port.metrics(queries, windows.lastWeek),
  ]);
  return unique.map(({ id, what, namespace, name, dimensions, statistic, period = DEFAULT_PERIOD }) => {
    const look = settled(recent[id], period * SECOND, windows.incident.end, windows.now);
    return evidence.add({
      id,
      kind: 'METRIC',
      what,
      look,
      data: (points): SeriesFacts => ({
        namespace,
        name,
        dimensions,
        statistic,
        period,
        points: points.filter(({ time }) => time >= windows.incident.start).map(({ time, value }) => [time, value]),
        incident: figuresOf(points, windows.incident),
        before: figuresOf(points, windows.before),
        yesterday: figuresOf(yesterday[id].data ?? []),
        lastWeek: figuresOf(lastWeek[id].data ?? []),
      }),
      says: (points) => comparison(statistic, points, windows),
      link: links.metric(namespace, name, dimensions, windows.incident),
    });
  });
}

/** Points inside the lag count where they are there; where they are not, the series is INCOMPLETE, never absent. */
function settled(look: Look<Point[]>, period: number, end: number, now: number): Look<Point[]> {
  if (look.status !== 'OK' && look.status !== 'NO_DATA') return look;
  const due = end > now - METRIC_LAG;
  const last = look.data?.at(-1);
  const reachesTheEnd = last !== undefined && last.time + period >= Math.min(end, now) - period;
  return due && !reachesTheEnd ? { status: 'INCOMPLETE', ...(look.data?.length && { data: look.data }) } : look;
}

function comparison(statistic: string, points: Point[], windows: Context['windows']): string {
  const [now, before] = [figuresOf(points, windows.incident), figuresOf(points, windows.before)];
  const typical = ({ median }: typeof now) => median === undefined ? 'no data' : round(median);
  const value = (figures: typeof now) => figures.points === 0 ? 'no data' : round(statistic === 'Sum' ? figures.sum : figures.maximum);
  if (/^p\d/.test(statistic)) return `typically ${typical(now)}, ${typical(before)} before`;
  return statistic === 'Sum' ? `${value(now)} in all, ${value(before)} in the same time before` : `at most ${value(now)}, ${value(before)} before`;
}

export const round = (value: number) => String(Number(value.toPrecision(4)));
