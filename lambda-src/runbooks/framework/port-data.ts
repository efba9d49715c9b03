/** What the port tells about APIs, traces, and the services whose metrics came from logs. */

export interface ApiConfiguration {
  readonly apiId: string;
  readonly protocol: 'REST' | 'HTTP';
  readonly accessLogGroup?: string;
  /** The longest an integration may take, in milliseconds. */
  readonly integrationTimeout?: number;
  /** Epoch milliseconds. */
  readonly deployedAt?: number;
}

/** One trace; all in milliseconds. */
export interface TraceSample {
  readonly at: number;
  readonly root: string;
  readonly duration: number;
  /** Time of each segment itself, without what it called. */
  readonly segments: Record<string, number>;
}

/** A minute of a stored series. */
export interface ServicePoint {
  readonly time: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export interface ServiceSamples {
  readonly points: ServicePoint[];
}
