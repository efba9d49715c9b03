/** What a set of samples comes to. */

/** The statistics that are the same whatever the samples' number; percentiles are spelled `p99` or `p99.9`. */
export const PLAIN_STATISTICS = ['avg', 'min', 'max', 'sum', 'count', 'last'] as const;
export type PlainStatistic = typeof PLAIN_STATISTICS[number];
export type Percentile = `p${number}`;
export type Statistic = PlainStatistic | Percentile;

/** Anything but a percentile comes from an aggregate, whatever the number of samples. */
export function isPercentile(statistic: Statistic): statistic is Percentile {
  return !(PLAIN_STATISTICS as readonly string[]).includes(statistic);
}

/** What a non-empty set of samples comes to, so that it can be kept in the place of the samples. */
export interface Figures {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

/**
 * Folds samples one by one, in the order in which they are added.
 *
 * Adding the parts of a series in key order makes the floating-point sum the same, bit by bit, in every answer; `last` is
 * the sample with the greatest timestamp, and the one added later where two have the same.
 */
export class Aggregate implements Figures {
  public count = 0;
  public sum = 0;
  public min = Infinity;
  public max = -Infinity;
  public last = NaN;
  private lastAt = -Infinity;

  public add(timestamp: number, value: number): void {
    this.count += 1;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (timestamp >= this.lastAt) {
      this.lastAt = timestamp;
      this.last = value;
    }
  }

  /**
   * Adds samples that were folded before.
   *
   * @param at stands for their times: any time of a span that holds them and nothing else that is added, such as the start
   * of their hour.
   */
  public merge({ count, sum, min, max, last }: Figures, at: number): void {
    this.count += count;
    this.sum += sum;
    if (min < this.min) this.min = min;
    if (max > this.max) this.max = max;
    if (at >= this.lastAt) {
      this.lastAt = at;
      this.last = last;
    }
  }

  public get avg(): number {
    return this.sum / this.count;
  }
}

/** The percentile by nearest rank: always a value that was really measured, never one between two. */
export function percentile(statistic: Percentile, values: ArrayLike<number>): number {
  return new Float64Array(values).sort()[nearestRank(statistic, values.length) - 1];
}

/**
 * The place, from 1, of a percentile among so many values in ascending order.
 *
 * Ranks are reckoned in thousandths (p99.9 is 999): with 0.999 * n, rounding would pick the wrong neighbour for some n.
 */
export function nearestRank(statistic: Percentile, count: number): number {
  const thousandths = Math.round(Number(statistic.slice(1)) * 10);
  return Math.max(Math.ceil(thousandths * count / 1000), 1);
}
