import type { Log } from '../shared/log';
import type { Store, StoreTable } from '../shared/store';
import type { PartHead } from '../timeseries/pack';

/** What the routes work with: clients and configuration, made once per function. */
export interface Backend {
  readonly log: Log;
  readonly store: Store;
  /** The incident table. Default: none, and no routes that read it. */
  readonly incidents?: StoreTable;
  /** The library's version. */
  readonly version: string;
  /** Origins whose pages a browser lets call; `*` stands for all. Default: none. */
  readonly corsOrigins?: readonly string[];
  /** Everybody may call the Prometheus routes, or not. Default: as all others. */
  readonly prometheusOpen?: boolean;
  /** Publishes the values of the service alarms that watch what was just stored. */
  publish(parts: readonly PartHead[]): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
}
