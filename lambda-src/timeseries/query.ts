import { Aggregate, isPercentile, percentile, Statistic } from './aggregate';

/**
 * The read engine: samples in, the points of a query out. Pure, so that it can be compared with a naive evaluator.
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

/** One series as the answer carries it, in milliseconds since the epoch. */
export interface SeriesPoints {
  readonly service: string;
  readonly metric: string;
  /** Of all samples in the range. */
  readonly summary: Pick<Aggregate, 'count' | 'sum' | 'min' | 'max' | 'avg' | 'last'>;
  readonly timestamps: number[];
  readonly values: number[];
}

/** The number of buckets that a range touches: buckets are aligned to the epoch, so its ends may cut two of them. */
export function bucketsIn(from: number, to: number, step: number): number {
  return Math.floor((to - 1) / step) - Math.floor(from / step) + 1;
}

/** A question would need more samples in memory at once than may be held. */
export class TooManySamples extends Error {
  public constructor(public readonly limit: number) {
    super(`more than ${limit} samples`);
  }
}

interface Bucket {
  readonly aggregate: Aggregate;
  readonly values: number[];
}

interface SeriesState {
  readonly service: string;
  readonly metric: string;
  readonly total: Aggregate;
  readonly buckets: Map<number, Bucket>;
  readonly samples: { readonly timestamp: number; readonly value: number }[];
}

/** The running evaluation of one question. */
export class Evaluation {
  private readonly series = new Map<string, SeriesState>();
  private readonly keepsValues: boolean;
  private kept = 0;

  /** @param maxKept how many samples may be held where the question needs each of them. */
  public constructor(private readonly question: Question, private readonly maxKept = Infinity) {
    this.keepsValues = question.step !== 'raw' && isPercentile(question.stat);
  }

  public add({ service, metric, timestamps, values }: Samples): void {
    const { from, to } = this.question;
    let state: SeriesState | undefined;
    for (let i = 0; i < timestamps.length; i++) {
      const timestamp = timestamps[i];
      if (timestamp < from || timestamp >= to) continue;
      state ??= this.stateOf(service, metric);
      state.total.add(timestamp, values[i]);
      this.place(state, timestamp, values[i]);
    }
  }

  /** The series that have samples in the range, by name. */
  public results(): SeriesPoints[] {
    return [...this.series.values()]
      .sort((a, b) => compare(a.service, b.service) || compare(a.metric, b.metric))
      .map((state) => {
        const { count, sum, min, max, avg, last } = state.total;
        return { service: state.service, metric: state.metric, summary: { count, sum, min, max, avg, last }, ...this.points(state) };
      });
  }

  private place(state: SeriesState, timestamp: number, value: number): void {
    const { step } = this.question;
    if (step === 'raw') {
      this.keepOne();
      state.samples.push({ timestamp, value });
      return;
    }
    const start = Math.floor(timestamp / step) * step;
    let bucket = state.buckets.get(start);
    if (!bucket) state.buckets.set(start, bucket = { aggregate: new Aggregate(), values: [] });
    bucket.aggregate.add(timestamp, value);
    if (this.keepsValues) {
      this.keepOne();
      bucket.values.push(value);
    }
  }

  private points({ samples, buckets }: SeriesState): Pick<SeriesPoints, 'timestamps' | 'values'> {
    if (this.question.step === 'raw') {
      // The sort is stable: samples of one timestamp stay in key order.
      samples.sort((a, b) => a.timestamp - b.timestamp);
      return { timestamps: samples.map(({ timestamp }) => timestamp), values: samples.map(({ value }) => value) };
    }
    const starts = [...buckets.keys()].sort((a, b) => a - b);
    return { timestamps: starts, values: starts.map((start) => statisticOf(this.question.stat, buckets.get(start)!)) };
  }

  private stateOf(service: string, metric: string): SeriesState {
    // Neither name can hold a control character, so this key is unambiguous.
    const key = `${service}\0${metric}`;
    let state = this.series.get(key);
    if (!state) this.series.set(key, state = { service, metric, total: new Aggregate(), buckets: new Map(), samples: [] });
    return state;
  }

  private keepOne(): void {
    this.kept += 1;
    if (this.kept > this.maxKept) throw new TooManySamples(this.maxKept);
  }
}

function statisticOf(stat: Statistic, { aggregate, values }: Bucket): number {
  return isPercentile(stat) ? percentile(stat, values) : aggregate[stat];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
