import { Aggregate, percentile } from './aggregate';
import type { PartData } from './part';
import { floorTo } from './time';
import type { ServiceStatisticName } from '../../src/private/shared/service-alarms';

/** One metric's samples of one bucket. */
export class Bucket {
  private readonly aggregate = new Aggregate();
  private readonly values: number[] = [];

  public add(timestamp: number, value: number): void {
    this.aggregate.add(timestamp, value);
    this.values.push(value);
  }

  /** Undefined where an empty bucket has no such value. Percentiles are exact, by nearest rank. */
  public value(statistic: ServiceStatisticName): number | undefined {
    const { count, sum, avg, min, max } = this.aggregate;
    if (statistic === 'SUM') return sum;
    if (statistic === 'COUNT') return count;
    if (count === 0) return undefined;
    switch (statistic) {
      case 'AVERAGE': return avg;
      case 'MINIMUM': return min;
      case 'MAXIMUM': return max;
      default: return percentile(`p${Number(statistic.slice(1))}`, this.values);
    }
  }
}

/** Sorts a metric's samples into the wanted buckets, given by their starts; every one of them is in the answer. */
export function fillBuckets(parts: readonly PartData[], metric: string, starts: readonly number[], length: number): Map<number, Bucket> {
  const buckets = new Map(starts.map((start) => [start, new Bucket()]));
  for (const part of parts) {
    const { timestamps, values } = part.get(metric) ?? { timestamps: [], values: [] };
    for (let i = 0; i < values.length; i++) buckets.get(floorTo(timestamps[i], length))?.add(timestamps[i], values[i]);
  }
  return buckets;
}
