import { Aggregate, Figures } from './aggregate';
import type { PartData } from './part';
import { Sketch } from './sketch';
import { DAY, HOUR } from './time';

export const HOURS_A_DAY = DAY / HOUR;

/** What the 24 hours of one metric's day come to; undefined where an hour has no samples. */
export type MetricHours = readonly (Figures | undefined)[];

/** What one metric's UTC day comes to. */
export interface MetricDay {
  readonly hours: MetricHours;
  /** Of all samples of the day. */
  readonly sketch: Sketch;
}

/** What one service's UTC day comes to, by metric. */
export type Day = ReadonlyMap<string, MetricDay>;

interface OpenMetricDay { readonly hours: (Aggregate | undefined)[]; readonly sketch: Sketch }

/**
 * Folds the parts of a day, given in key order: the same parts make the same day, bit by bit.
 *
 * Samples outside of the day are left out, and so are metrics without any within.
 */
export function dayOfParts(parts: Iterable<PartData>, dayStart: number): Day {
  const day = new Map<string, OpenMetricDay>();
  for (const part of parts) {
    for (const [metric, { timestamps, values }] of part) {
      let open = day.get(metric);
      for (let i = 0; i < timestamps.length; i++) {
        const hour = Math.floor((timestamps[i] - dayStart) / HOUR);
        if (hour < 0 || hour >= HOURS_A_DAY) continue;
        if (!open) day.set(metric, open = { hours: new Array(HOURS_A_DAY).fill(undefined), sketch: new Sketch() });
        (open.hours[hour] ??= new Aggregate()).add(timestamps[i], values[i]);
        open.sketch.add(values[i]);
      }
    }
  }
  return day;
}
