import { Aggregate, Figures, isPercentile, percentile, Statistic } from './aggregate';
import type { HeldSamples } from './held-samples';
import { Sketch } from './sketch';

/** The points of one series: two parallel columns, times in milliseconds since the epoch. */
export interface Points {
  readonly timestamps: number[];
  readonly values: number[];
}

/** Every sample as it is. */
export class RawPoints {
  private readonly timestamps: number[] = [];
  private readonly values: number[] = [];

  public constructor(private readonly held: HeldSamples) {}

  public add(timestamp: number, value: number): void {
    this.held.hold();
    this.timestamps.push(timestamp);
    this.values.push(value);
  }

  public result(): Points {
    const { timestamps, values } = this;
    // The sort is stable: samples of one timestamp stay in key order.
    const order = timestamps.map((_, i) => i).sort((a, b) => timestamps[a] - timestamps[b]);
    return { timestamps: order.map((i) => timestamps[i]), values: order.map((i) => values[i]) };
  }
}

/** What lies in one bucket. A large answer has tens of thousands of them, so each is as few objects as can be. */
class Bucket extends Aggregate {
  /** Every value, where a percentile is asked for and no sketch has come. */
  public values?: number[];
  public sketch?: Sketch;

  /** @param index how many buckets there are before it since the epoch. */
  public constructor(public readonly index: number) {
    super();
  }
}

/** A statistic of each bucket that has something in it; buckets are aligned to the epoch. */
export class BucketPoints {
  /** By index: a map looks such small integers up several times faster than times. */
  private readonly buckets = new Map<number, Bucket>();
  /** Parts come in the order of time, so what is added mostly belongs where the last did: most of the time, that saves the look-up. */
  private recent = { from: NaN, to: NaN, bucket: new Bucket(NaN) };
  private readonly keepsValues: boolean;

  public constructor(private readonly step: number, private readonly stat: Statistic, private readonly held: HeldSamples) {
    this.keepsValues = isPercentile(stat);
  }

  public add(timestamp: number, value: number): void {
    const bucket = this.bucketOf(timestamp);
    bucket.add(timestamp, value);
    if (!this.keepsValues) return;
    if (bucket.sketch) {
      bucket.sketch.add(value);
    } else {
      this.held.hold();
      (bucket.values ??= []).push(value);
    }
  }

  /** Adds what the samples of the hour that begins then come to. */
  public addHour(figures: Figures, start: number): void {
    this.bucketOf(start).merge(figures, start);
  }

  /** Adds the sketch of the samples of the day that begins then, beside its hours. */
  public addSketch(sketch: Sketch, start: number): void {
    const bucket = this.bucketOf(start);
    if (!bucket.sketch) {
      const { values = [] } = bucket;
      bucket.sketch = new Sketch();
      for (const value of values) bucket.sketch.add(value);
      this.held.release(values.length);
      bucket.values = undefined;
    }
    bucket.sketch.merge(sketch);
  }

  public result(): Points {
    const buckets = [...this.buckets.values()].sort((a, b) => a.index - b.index);
    return { timestamps: buckets.map(({ index }) => index * this.step), values: buckets.map((bucket) => this.valueOf(bucket)) };
  }

  private bucketOf(time: number): Bucket {
    const { recent, step } = this;
    if (time >= recent.from && time < recent.to) return recent.bucket;
    const index = Math.floor(time / step);
    let bucket = this.buckets.get(index);
    if (!bucket) this.buckets.set(index, bucket = new Bucket(index));
    recent.from = index * step;
    recent.to = recent.from + step;
    return recent.bucket = bucket;
  }

  private valueOf(bucket: Bucket): number {
    if (!isPercentile(this.stat)) return bucket[this.stat];
    if (!bucket.sketch) return percentile(this.stat, bucket.values!);
    // A sketch answers a little beside the value, but no percentile lies beyond the least and the greatest, and these are known.
    return Math.min(Math.max(bucket.sketch.percentile(this.stat), bucket.min), bucket.max);
  }
}
