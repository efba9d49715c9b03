import type { ApiConfiguration, ServiceSamples, TraceSample } from './port-data';
import type {
  AccountConcurrency, AsyncConfiguration, EventSource, FunctionConcurrency, FunctionConfiguration, FunctionVersions,
} from './port-lambda';
import type { CapacityKeys, KeyQuery, ScalingTarget, TableDescription, TableLimits } from './port-table';
import type { EvidenceStatus } from '../../../src/private/shared/contract';

/**
 * The one small port through which collectors see the cloud.
 *
 * Behind it is either AWS (`aws/port.ts`) or a scenario's world (`../../scenarios/world.ts`). A call never throws: what went
 * wrong is a status, because a runbook that is refused one look must still tell what the others showed.
 */
export interface Port {
  /** What this port has cost so far. */
  readonly usage: { readonly apiCalls: number; readonly logBytesScanned: number };

  /** Every series of one span in one call; each has its own status. Points are sorted by time. */
  metrics(queries: SeriesQuery[], span: Span): Promise<Record<string, Look<Point[]>>>;
  /** Lines of one log group that match. */
  logLines(query: LogQuery): Promise<Look<LogLines>>;
  /** Calls recorded on one resource, refused and reading ones too: `changes.ts` tells which are changes. */
  changes(query: ChangeQuery): Promise<Look<Change[]>>;
  /** An alarm's own changes of state, oldest first. */
  alarmHistory(alarmName: string, span: Span): Promise<Look<StateChange[]>>;

  functionConfiguration(name: string): Promise<Look<FunctionConfiguration>>;
  functionConcurrency(name: string): Promise<Look<FunctionConcurrency>>;
  /** Provisioned concurrency by version or alias. */
  provisionedConcurrency(name: string): Promise<Look<Record<string, number>>>;
  functionVersions(name: string): Promise<Look<FunctionVersions>>;
  functionEventSources(name: string): Promise<Look<EventSource[]>>;
  functionAsync(name: string): Promise<Look<AsyncConfiguration>>;
  accountConcurrency(): Promise<Look<AccountConcurrency>>;

  table(name: string): Promise<Look<TableDescription>>;
  tableLimits(): Promise<Look<TableLimits>>;
  tableScaling(name: string): Promise<Look<ScalingTarget[]>>;
  /** Contributor Insights: throttled and accessed keys are asked for apart, and come hashed. */
  capacityKeys(query: KeyQuery): Promise<Look<CapacityKeys>>;

  api(query: { readonly name: string; readonly stage: string; readonly apiId?: string }): Promise<Look<ApiConfiguration>>;
  traces(query: { readonly resource: string; readonly span: Span }): Promise<Look<TraceSample[]>>;

  /** The stored samples of a (service, metric), as one point a minute. */
  serviceSamples(query: { readonly service: string; readonly metric: string; readonly span: Span }): Promise<Look<ServiceSamples>>;
  /** How many lines of the service's log objects were quarantined. */
  serviceQuarantine(query: { readonly service: string; readonly span: Span }): Promise<Look<number>>;
  /** Lines of the service's own log objects. */
  serviceLines(query: { readonly service: string; readonly span: Span; readonly limit: number }): Promise<Look<LogLines>>;
}

/** One look at the cloud. */
export interface Look<T> {
  readonly status: EvidenceStatus;
  /** There with OK, and with INCOMPLETE as far as it goes. */
  readonly data?: T;
  /** With ACCESS_DENIED: the IAM action that is missing. */
  readonly action?: string;
  /** Why, in the service's own words or ours. */
  readonly reason?: string;
}

/** A span of time in epoch milliseconds, half-open `[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One series of CloudWatch. */
export interface SeriesQuery {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Record<string, string>;
  /** As CloudWatch spells it: `Sum`, `Average`, `p99`. */
  readonly statistic: string;
  /** In seconds. */
  readonly period: number;
}

/** The value of one period. */
export interface Point {
  /** Start of the period, epoch milliseconds. */
  readonly time: number;
  readonly value: number;
}

export interface LogQuery {
  readonly group: string;
  readonly span: Span;
  /** Regular expression (RE2 without flags; `(?i)` first ignores case). */
  readonly match: string;
  /** How many lines at most; further ones are counted. */
  readonly limit: number;
}

export interface LogLine {
  readonly time: number;
  readonly message: string;
}

export interface LogLines {
  /** Oldest first. */
  readonly lines: LogLine[];
  /** How many lines match, if that could be counted; else the number of lines here. */
  readonly total: number;
  /** True if `total` is a lower bound. */
  readonly sampled: boolean;
}

export interface ChangeQuery {
  /** Which service's events to look through: CloudTrail files them differently. */
  readonly type: 'function' | 'table' | 'api' | 'role' | 'key' | 'queue';
  readonly resource: string;
  readonly span: Span;
}

/** One recorded call. */
export interface Change {
  readonly at: number;
  readonly event: string;
  readonly resource: string;
  readonly user?: string;
  readonly readOnly: boolean;
  /** There if the call was refused: nothing changed. */
  readonly errorCode?: string;
  readonly request?: Record<string, unknown>;
}

export interface StateChange {
  readonly at: number;
  readonly from?: string;
  readonly to: string;
}
