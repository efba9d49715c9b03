import type { Range } from './range';
import type { Resolution } from '../timeseries/query';
import { DAY, floorTo, HOUR } from '../timeseries/time';

/** A span that is read from one place: from the items of one day, or from parts. */
export interface Piece extends Range {
  /** Start of the day whose items are read; undefined where parts are. */
  readonly day?: number;
}

/** Days of a service whose parts are held at once: what is folded already need not stay in memory. */
const DAYS_AT_ONCE = 8;

/**
 * Cuts a span into the pieces that are read one after the other, in order of time.
 *
 * @param has whether a day's items can stand for its parts
 * @param tier the coarsest resolution that answers the question: by `hour`, a day's hours that are not cut by the span's ends; by
 * `day-sketch`, whole days
 */
export function planOf(span: Range, tier: Resolution, has: (day: number) => boolean): Piece[] {
  const pieces: Piece[] = [];
  const fromParts = (from: number, to: number) => {
    if (from >= to) return;
    const last = pieces.at(-1);
    const joins = last && last.day === undefined && last.to === from && to - floorTo(last.from, DAY) <= DAYS_AT_ONCE * DAY;
    if (joins) pieces[pieces.length - 1] = { from: last.from, to };
    else pieces.push({ from, to });
  };
  const unit = tier === 'day-sketch' ? DAY : HOUR;
  for (let day = floorTo(span.from, DAY); day < span.to; day += DAY) {
    const from = Math.max(span.from, day);
    const to = Math.min(span.to, day + DAY);
    const whole = { from: ceilTo(from, unit), to: floorTo(to, unit) };
    if (tier === 'raw' || whole.from >= whole.to || !has(day)) {
      fromParts(from, to);
      continue;
    }
    fromParts(from, whole.from);
    pieces.push({ ...whole, day });
    fromParts(whole.to, to);
  }
  return pieces;
}

/** How many days a span touches. */
export function daysIn({ from, to }: Range): number {
  return (floorTo(to - 1, DAY) - floorTo(from, DAY)) / DAY + 1;
}

export function ceilTo(time: number, length: number): number {
  return Math.ceil(time / length) * length;
}
