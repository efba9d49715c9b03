import type { Labels } from './labels';

/** The samples of one series, by time; of those with the same time, the one stored last comes last. */
export interface SeriesSamples {
  readonly labels: Labels;
  /** Milliseconds since the epoch. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** The values of one series at the times of evaluation. */
export interface Column {
  readonly labels: Labels;
  readonly values: Float64Array;
  /** 1 where there is a value, else 0: a value can be any number, and none too. */
  readonly present: Uint8Array;
}

/** The times of evaluation, in milliseconds: `count` of them, each `step` after the one before. */
export interface Steps {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export function newColumn(labels: Labels, { count }: Steps): Column {
  return { labels, values: new Float64Array(count), present: new Uint8Array(count) };
}

export function isEmpty({ present }: Column): boolean {
  return !present.includes(1);
}
