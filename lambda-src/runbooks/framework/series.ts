import type { Point, Span } from './port';
import { contains } from './time';

/** One span of a series in five figures. No points means no data, which is never zero. */
export interface Figures {
  readonly points: number;
  readonly sum: number;
  readonly average: number;
  readonly minimum: number;
  readonly maximum: number;
  /** The middle one, of one series with points: what stands for percentiles, which cannot be added up or averaged. */
  readonly median?: number;
}

/** What a METRIC evidence item holds: the incident window point by point, the baselines as figures. */
export interface SeriesFacts {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Record<string, string>;
  readonly statistic: string;
  /** In seconds. */
  readonly period: number;
  /** `[time, value]`, oldest first. */
  readonly points: [number, number][];
  readonly incident: Figures;
  readonly before: Figures;
  readonly yesterday: Figures;
  readonly lastWeek: Figures;
}

export function figuresOf(points: Point[], span?: Span): Figures {
  const values = points.filter((point) => !span || contains(span, point.time)).map((point) => point.value);
  if (values.length === 0) return { points: 0, sum: 0, average: 0, minimum: 0, maximum: 0 };
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    points: values.length,
    sum,
    average: sum / values.length,
    minimum: values.reduce((least, value) => Math.min(least, value)),
    maximum: values.reduce((greatest, value) => Math.max(greatest, value)),
    median: medianOf(values),
  };
}

/** The middle value, the higher one of two; undefined where there is none. */
export function medianOf(values: number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The figures of several series together, such as the errors of all functions behind an API. */
export function addFigures(all: Figures[]): Figures {
  const some = all.filter((one) => one.points > 0);
  const points = some.reduce((total, one) => Math.max(total, one.points), 0);
  const sum = some.reduce((total, one) => total + one.sum, 0);
  return {
    points,
    sum,
    average: points === 0 ? 0 : sum / points,
    minimum: some.reduce((least, one) => Math.min(least, one.minimum), some[0]?.minimum ?? 0),
    maximum: some.reduce((greatest, one) => Math.max(greatest, one.maximum), 0),
  };
}

/** What load is compared with: the same time last week, or yesterday where last week has no data. */
export function loadBaseline(facts: SeriesFacts): Figures {
  return facts.lastWeek.points > 0 ? facts.lastWeek : facts.yesterday;
}

/** Whether the incident's average is `factor` times that of the same time last week (or yesterday). */
export function grew(facts: SeriesFacts, factor: number): boolean | undefined {
  const baseline = loadBaseline(facts);
  if (facts.incident.points === 0 || baseline.points === 0) return undefined;
  return facts.incident.average > 0 && facts.incident.average >= baseline.average * factor;
}
