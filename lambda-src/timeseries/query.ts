import { Aggregate, Figures, isPercentile, Statistic } from './aggregate';
import { HOURS_A_DAY, MetricHours } from './day';
import { HeldSamples } from './held-samples';
import { BucketPoints, Points, RawPoints } from './points';
import type { Sketch } from './sketch';
import { DAY, HOUR } from './time';

export { TooManySamples } from './held-samples';

/**
 * The read engine: samples, hours and sketches in, the points of a query out. Pure, so that it can be compared with a naive
 * evaluator.
 *
 * Samples arrive part by part and are folded at once: what is held grows with the points of the answer, not with the
 * samples behind them, unless the question itself needs every sample (`raw`, percentiles).
 */

/** Samples of one series; a series may come in several pieces, which are folded in the order they are added. */
export interface Samples {
  readonly service: string;
  readonly metric: string;
  /** In milliseconds since the epoch. */
  readonly timestamps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Where in these arrays the first sample is, and how many there are. Default: all that are in them. */
  readonly timestampsAt?: number;
  readonly valuesAt?: number;
  readonly length?: number;
}

/** What is asked of every series. */
export interface Question {
  /** In milliseconds since the epoch; the range is half-open, `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Length of a bucket in milliseconds, or every sample as it is. */
  readonly step: number | 'raw';
  /** Of each bucket; without meaning for `raw`. */
  readonly stat: Statistic;
}

/** One series as the answer carries it. */
export interface SeriesPoints extends Points {
  readonly service: string;
  readonly metric: string;
  /** Of all samples in the range. */
  readonly summary: Figures & Pick<Aggregate, 'avg'>;
}

const RESOLUTIONS = ['raw', 'hour', 'day-sketch'] as const;
/** What an answer is made from: the samples themselves, the figures of hours, or the sketches of days. */
export type Resolution = typeof RESOLUTIONS[number];

/** Of two resolutions the coarser one. */
export function coarser(a: Resolution, b: Resolution): Resolution {
  return RESOLUTIONS[Math.max(RESOLUTIONS.indexOf(a), RESOLUTIONS.indexOf(b))];
}

/**
 * The coarsest resolution that answers a question: what is kept of ended days is read in the place of samples wherever it says
 * the same, or, of percentiles, nearly the same.
 */
export function tierOf({ step, stat }: Pick<Question, 'step' | 'stat'>): Resolution {
  if (step === 'raw') return 'raw';
  if (isPercentile(stat)) return step % DAY === 0 ? 'day-sketch' : 'raw';
  return step % HOUR === 0 ? 'hour' : 'raw';
}

/** The number of buckets that a range touches: buckets are aligned to the epoch, so its ends may cut two of them. */
export function bucketsIn(from: number, to: number, step: number): number {
  return Math.floor((to - 1) / step) - Math.floor(from / step) + 1;
}

interface Series {
  readonly service: string;
  readonly metric: string;
  readonly total: Aggregate;
  readonly points: RawPoints | BucketPoints;
}

/** The running evaluation of one question. */
export class Evaluation {
  private readonly services = new Map<string, Map<string, Series>>();
  private readonly tier: Resolution;
  private readonly held: HeldSamples;
  private used: Resolution = 'raw';

  /** @param maxHeld how many samples may be held where the question needs each of them. */
  public constructor(private readonly question: Question, maxHeld = Infinity) {
    this.tier = tierOf(question);
    this.held = new HeldSamples(maxHeld);
  }

  /** Samples outside of the range are left out. */
  public add({ service, metric, timestamps, values, timestampsAt = 0, valuesAt = 0, length = timestamps.length }: Samples): void {
    const { from, to } = this.question;
    let series: Series | undefined;
    for (let i = 0; i < length; i++) {
      const timestamp = timestamps[timestampsAt + i];
      if (timestamp < from || timestamp >= to) continue;
      series ??= this.seriesOf(service, metric);
      series.total.add(timestamp, values[valuesAt + i]);
      series.points.add(timestamp, values[valuesAt + i]);
    }
  }

  /**
   * Adds a day's hours in the place of its samples, where the question takes hours (see `tierOf`). Those that do not lie
   * wholly in the range are left out: of an hour that the range cuts, samples can be added.
   */
  public addHours(service: string, metric: string, dayStart: number, hours: MetricHours): void {
    this.addFigures('hour', service, metric, dayStart, hours);
  }

  /**
   * Adds a day's sketch in the place of its samples, where the question takes sketches (see `tierOf`); the hours make the
   * summary. A day that does not lie wholly in the range is left out: its samples can be added.
   *
   * A bucket with a sketch has a percentile to within 1.09 % of itself, one with samples alone the exact one.
   */
  public addSketch(service: string, metric: string, dayStart: number, sketch: Sketch, hours: MetricHours): void {
    if (dayStart < this.question.from || dayStart + DAY > this.question.to) return;
    this.addFigures('day-sketch', service, metric, dayStart, hours)?.addSketch(sketch, dayStart);
  }

  /** The coarsest of what the answer is made from. */
  public get resolution(): Resolution {
    return this.used;
  }

  /** The series that have samples in the range, by name. */
  public results(): SeriesPoints[] {
    return [...this.services.values()].flatMap((metrics) => [...metrics.values()])
      .sort((a, b) => compare(a.service, b.service) || compare(a.metric, b.metric))
      .map(({ service, metric, total, points }) => {
        const { count, sum, min, max, avg, last } = total;
        return { service, metric, summary: { count, sum, min, max, avg, last }, ...points.result() };
      });
  }

  /** The buckets of the series that the hours were added to, if any was. */
  private addFigures(resolution: Resolution, service: string, metric: string, dayStart: number, hours: MetricHours): BucketPoints | undefined {
    if (resolution !== this.tier) throw new Error(`a question of tier ${this.tier} takes no figures of tier ${resolution}`);
    const { from, to } = this.question;
    let buckets: BucketPoints | undefined;
    for (let hour = 0; hour < HOURS_A_DAY; hour++) {
      const figures = hours[hour];
      const start = dayStart + hour * HOUR;
      if (!figures || start < from || start + HOUR > to) continue;
      const series = this.seriesOf(service, metric);
      // Of tier raw are all questions without a step, so here are buckets.
      buckets = series.points as BucketPoints;
      series.total.merge(figures, start);
      buckets.addHour(figures, start);
      this.used = resolution;
    }
    return buckets;
  }

  private seriesOf(service: string, metric: string): Series {
    let metrics = this.services.get(service);
    if (!metrics) this.services.set(service, metrics = new Map());
    let series = metrics.get(metric);
    if (!series) metrics.set(metric, series = { service, metric, total: new Aggregate(), points: this.newPoints() });
    return series;
  }

  private newPoints(): RawPoints | BucketPoints {
    const { step, stat } = this.question;
    return step === 'raw' ? new RawPoints(this.held) : new BucketPoints(step, stat, this.held);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
