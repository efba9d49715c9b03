/** What a stored series is called. */
export interface SeriesName {
  readonly service: string;
  readonly metric: string;
}
