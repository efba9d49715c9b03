import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Log } from './log';
import type { StoreTable } from './store';
import { readParts, type ReadParts } from './store-reader';
import { SERVICE_NAMESPACE, type ServiceAlarmSpec } from '../../src/private/shared/service-alarms';
import { fillBuckets } from '../timeseries/buckets';
import type { PartHead } from '../timeseries/pack';
import { DAY, floorTo, HOUR, MINUTE } from '../timeseries/time';

/**
 * Publishes the values that service alarms watch.
 *
 * What is published is a bucket's value, recomputed from the stored parts and stamped with the bucket's own start, never
 * the samples as they come: PutMetricData knows no idempotency, so a sample would count again on every re-upload and retry.
 */
export interface ServiceValues {
  readonly store: StoreTable;
  readonly cloudwatch: CloudWatchClient;
}

/** What was published, and what could not be. */
export interface Publication {
  readonly published: number;
  /** Values that CloudWatch does not take, as `<alarm id> <bucket start>: <value>`. */
  readonly outOfRange: string[];
  /** Parts that cannot be read: the buckets they belong to are not published, for their values would be wrong. */
  readonly unreadable: string[];
}

/** Buckets of one alarm to publish, by their starts in milliseconds. */
interface Wanted { readonly spec: ServiceAlarmSpec; readonly starts: readonly number[] }

/** CloudWatch refuses times further back; an hour is left for the way there. */
const MAX_AGE = 14 * DAY - HOUR;
/** How far back the schedule looks for buckets that became due: it makes up for so much of its own absence. */
const DUE_WITHIN = 5 * MINUTE;
const DATA_PER_REQUEST = 500;

/** After a write: the buckets that its samples lie in, of the alarms that do not wait for a bucket's end. */
export function publishTouched(
  values: ServiceValues, specs: readonly ServiceAlarmSpec[], parts: readonly PartHead[], now = Date.now(),
): Promise<Publication> {
  return publish(values, specs.filter(({ eager }) => eager).map((spec) => ({ spec, starts: touchedBuckets(spec, parts) })), now);
}

/**
 * Every minute: the buckets whose end plus `uploadDelay` has just passed, of the alarms that wait for it. An empty bucket of
 * SUM or COUNT is 0; of the others it has no value. Eager alarms are left alone: for them, missing data means no trouble.
 */
export function publishDue(values: ServiceValues, specs: readonly ServiceAlarmSpec[], now: number): Promise<Publication> {
  return publish(values, specs.filter(({ eager }) => !eager).map((spec) => ({ spec, starts: dueBuckets(spec, now) })), now);
}

/** The starts of the buckets that the parts may have samples in, in order: from each part's first sample to its last. */
export function touchedBuckets({ service, metric, period }: ServiceAlarmSpec, parts: readonly PartHead[]): number[] {
  const length = period * 1000;
  const starts = new Set<number>();
  for (const part of parts) {
    if (part.service !== service || !part.metrics.includes(metric)) continue;
    for (let start = floorTo(part.first, length); start <= part.last; start += length) starts.add(start);
  }
  return [...starts].sort((a, b) => a - b);
}

/** The starts of the buckets that became due within the last minutes: publishing one again changes nothing. */
export function dueBuckets({ period, uploadDelay }: ServiceAlarmSpec, now: number): number[] {
  const length = period * 1000;
  const until = now - uploadDelay * 1000;
  const starts: number[] = [];
  for (let end = floorTo(until, length); end > until - DUE_WITHIN; end -= length) starts.unshift(end - length);
  return starts;
}

async function publish({ store, cloudwatch }: ServiceValues, wanted: readonly Wanted[], now: number): Promise<Publication> {
  const data: MetricDatum[] = [];
  const outOfRange: string[] = [];
  const unreadable = new Set<string>();
  const reads = new Map<string, Promise<ReadParts>>();
  /** Parts hold whole hours of all metrics, so alarms of one service share what was read. */
  const read = (service: string, from: number, to: number) => {
    const key = `${from} ${to} ${service}`;
    const reading = reads.get(key) ?? readParts(store, service, from, to, { consistent: true, now });
    reads.set(key, reading);
    return reading;
  };
  for (const { spec, starts } of wanted) {
    const length = spec.period * 1000;
    for (const run of adjoining(starts.filter((start) => start > now - MAX_AGE), length)) {
      const found = await read(spec.service, floorTo(run[0], HOUR), floorTo(run.at(-1)! + length - 1, HOUR) + HOUR);
      if (found.unreadable.length > 0) {
        found.unreadable.forEach((part) => unreadable.add(part));
        continue;
      }
      for (const [start, bucket] of fillBuckets(found.parts, spec.metric, run, length)) {
        const value = bucket.value(spec.statistic);
        if (value === undefined) continue;
        if (fitsCloudWatch(value)) data.push({ MetricName: spec.id, Timestamp: new Date(start), Value: value });
        else outOfRange.push(`${spec.id} ${new Date(start).toISOString()}: ${value}`);
      }
    }
  }
  for (let at = 0; at < data.length; at += DATA_PER_REQUEST) {
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: SERVICE_NAMESPACE, MetricData: data.slice(at, at + DATA_PER_REQUEST) }));
  }
  return { published: data.length, outOfRange, unreadable: [...unreadable] };
}

/** Cuts ascending starts into runs of neighbours: each run is one read. */
function adjoining(starts: readonly number[], length: number): number[][] {
  const runs: number[][] = [];
  for (const start of starts) {
    const run = runs.at(-1);
    if (run?.at(-1) === start - length) run.push(start);
    else runs.push([start]);
  }
  return runs;
}

/** One value beyond these bounds would make CloudWatch refuse the whole request. */
function fitsCloudWatch(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= 8.515920e-109 && size <= 1.174271e+108);
}

/** Says what could not be published. */
export function tellUnpublished({ outOfRange, unreadable }: Publication, log: Log): void {
  if (outOfRange.length > 0) log.warn('service alarm values beyond what CloudWatch takes', { count: outOfRange.length, values: outOfRange });
  if (unreadable.length > 0) log.error('service alarm values not published: parts cannot be read', { unreadable });
}
