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

/**
 * Folds samples one by one, in the order in which they are added.
 *
 * Adding the parts of a series in key order makes the floating-point sum the same, bit by bit, in every answer; `last` is
 * the sample with the greatest timestamp, and the one added later where two have the same.
 */
export class Aggregate {
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

  public get avg(): number {
    return this.sum / this.count;
  }
}

/**
 * The percentile by nearest rank: always a value that was really measured, never one between two.
 *
 * Ranks are reckoned in thousandths (p99.9 is 999): with 0.999 * n, rounding would pick the wrong neighbour for some n.
 */
export function percentile(statistic: Percentile, values: ArrayLike<number>): number {
  const thousandths = Math.round(Number(statistic.slice(1)) * 10);
  const rank = Math.ceil(thousandths * values.length / 1000);
  return Float64Array.from(values).sort()[Math.max(rank, 1) - 1];
}
