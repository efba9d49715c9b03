import type { Span } from './port';

/** What the port tells about DynamoDB. No data-plane read is among it. */

/** Read and write units. */
export interface Capacity {
  readonly read?: number;
  readonly write?: number;
}

export interface IndexDescription {
  readonly status?: string;
  readonly backfilling?: boolean;
  readonly provisioned?: Capacity;
  /** Maximum on-demand throughput, where somebody set one. */
  readonly maximum?: Capacity;
  readonly warm?: Capacity;
}

export interface TableDescription extends IndexDescription {
  readonly billing: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly indexes: Record<string, IndexDescription>;
}

export interface TableLimits {
  readonly accountMaxRead?: number;
  readonly accountMaxWrite?: number;
  readonly tableMaxRead: number;
  readonly tableMaxWrite: number;
}

/** Autoscaling of one dimension of a table or index. */
export interface ScalingTarget {
  readonly dimension: 'read' | 'write';
  readonly index?: string;
  readonly min: number;
  readonly max: number;
  /** Utilisation it aims at, in percent. */
  readonly target?: number;
  readonly activities: { readonly at: number; readonly status: string; readonly description?: string }[];
}

export interface KeyQuery {
  readonly table: string;
  readonly index?: string;
  readonly which: 'THROTTLED' | 'ACCESSED';
  readonly span: Span;
}

export interface CapacityKeys {
  /** Events of all keys together, those not listed too. */
  readonly total: number;
  /** Most first; the key is a hash. */
  readonly keys: { readonly key: string; readonly count: number }[];
}
