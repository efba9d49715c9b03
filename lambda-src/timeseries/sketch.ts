import { nearestRank, Percentile } from './aggregate';
import { bucketIndex, bucketMidpoint } from './exponential-bucket';

/** How many numbers lie in each bucket, by index. */
export type BucketCounts = Map<number, number>;

/**
 * A quantile sketch: a histogram whose buckets grow with the numbers, so that any percentile is known to within 1.09 % of
 * itself (see exponential-bucket.ts), whatever the numbers are.
 *
 * Negative numbers have the same buckets mirrored, zeros are counted by themselves. The counts are exact integers and the
 * buckets never depend on what was added, so merging sketches is adding counts: in any order and grouping, it comes to the
 * same as one sketch of all numbers.
 */
export class Sketch {
  public zeros = 0;
  public readonly positive: BucketCounts = new Map();
  /** By the index of their magnitudes. */
  public readonly negative: BucketCounts = new Map();

  /** Adds a finite number. */
  public add(value: number): void {
    if (value > 0) raise(this.positive, bucketIndex(value), 1);
    else if (value < 0) raise(this.negative, bucketIndex(-value), 1);
    else this.zeros += 1;
  }

  public merge(other: Sketch): void {
    this.zeros += other.zeros;
    for (const [index, count] of other.positive) raise(this.positive, index, count);
    for (const [index, count] of other.negative) raise(this.negative, index, count);
  }

  public get count(): number {
    return this.zeros + total(this.positive) + total(this.negative);
  }

  /** The percentile by nearest rank, as its bucket's midpoint; NaN where nothing was added. */
  public percentile(statistic: Percentile): number {
    let left = nearestRank(statistic, this.count);
    for (const [index, count] of byIndex(this.negative).reverse()) {
      left -= count;
      if (left <= 0) return -bucketMidpoint(index);
    }
    left -= this.zeros;
    if (left <= 0) return 0;
    for (const [index, count] of byIndex(this.positive)) {
      left -= count;
      if (left <= 0) return bucketMidpoint(index);
    }
    return NaN;
  }
}

/** The buckets in ascending order of their indexes. */
export function byIndex(counts: BucketCounts): [index: number, count: number][] {
  return [...counts].sort(([a], [b]) => a - b);
}

function raise(counts: BucketCounts, index: number, by: number): void {
  counts.set(index, (counts.get(index) ?? 0) + by);
}

function total(counts: BucketCounts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
