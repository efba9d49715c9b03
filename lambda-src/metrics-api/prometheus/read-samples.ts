import { cannotExecute } from './failure';
import type { SeriesSamples } from './samples';
import type { KnownSeries, Span } from './series';
import { readParts } from '../../shared/store-reader';
import type { PartData } from '../../timeseries/part';
import { DAY, floorTo, HOUR } from '../../timeseries/time';
import type { Backend } from '../backend';
import { MAX_DAYS_READ, MAX_SAMPLES_HELD, MAX_SERIES, SERVICES_AT_ONCE } from '../limits';
import { daysIn, planOf } from '../plan';
import { iso } from '../range';

export interface Samples {
  /** Those that have any sample in the span, in the order in which the series were given. */
  readonly series: readonly SeriesSamples[];
  /** What is missing. */
  readonly warnings: readonly string[];
}

/**
 * Reads the samples of series with times in `(from, to]`.
 *
 * Always from parts, never from the figures of hours: Prometheus's windows are open at the left and hours are not, so no window is
 * made of hours.
 */
export async function readSamples(backend: Backend, wanted: readonly KnownSeries[], { from, to }: Span): Promise<Samples> {
  if (wanted.length > MAX_SERIES) {
    throw cannotExecute(`The query selects ${wanted.length} series; at most ${MAX_SERIES} are taken. Match a service, or fewer metrics.`);
  }
  const { store, now } = backend;
  const warnings: string[] = [];
  const oldest = now() - store.sampleRetentionDays * DAY;
  if (from < oldest) warnings.push(`samples are kept since ${iso(oldest)}: what is asked of the time before is missing`);
  const span = { from: Math.max(from + 1, floorTo(oldest, HOUR)), to: Math.min(to, now() + DAY) + 1 };
  const services = new Map<string, Collected[]>();
  const collected = wanted.map((series) => {
    const one = new Collected(series);
    services.set(series.service, [...services.get(series.service) ?? [], one]);
    return one;
  });
  const pieces = span.from < span.to ? planOf(span, 'raw', () => false) : [];
  const days = services.size * pieces.reduce((sum, piece) => sum + daysIn(piece), 0);
  if (days > MAX_DAYS_READ) {
    throw cannotExecute(`The query needs ${days} days of services to be read; at most ${MAX_DAYS_READ} are. Match fewer services, or take a shorter range.`);
  }

  const names = [...services.keys()];
  let held = 0;
  for (const piece of pieces) {
    for (let i = 0; i < names.length; i += SERVICES_AT_ONCE) {
      const results = await Promise.all(names.slice(i, i + SERVICES_AT_ONCE).map(async (service) => {
        const { parts, unreadable } = await readParts(store, service, piece.from, piece.to, { now: now() });
        return { service, parts, unreadable };
      }));
      for (const { service, parts, unreadable } of results) {
        held += services.get(service)!.reduce((sum, one) => sum + one.add(parts, { from: piece.from, to: piece.to - 1 }), 0);
        if (held > MAX_SAMPLES_HELD) {
          throw cannotExecute(`The query needs more than ${MAX_SAMPLES_HELD} samples at once; at most ${MAX_SAMPLES_HELD} are held. Select fewer series, or take a shorter range.`);
        }
        if (unreadable.length === 0) continue;
        backend.log.warn('parts cannot be read: the answer is incomplete', { unreadable });
        warnings.push(`${unreadable.length} stored part(s) of the service ${JSON.stringify(service)} cannot be read: their samples are missing`);
      }
    }
  }
  return { series: collected.map((one) => one.samples()).filter(({ values }) => values.length > 0), warnings: [...new Set(warnings)] };
}

/** The samples of one series as they are found. */
class Collected {
  private readonly timestamps: number[] = [];
  private readonly values: number[] = [];
  private sorted = true;

  public constructor(private readonly series: KnownSeries) {}

  /** Adds the parts' samples within a span, both ends included; answers how many. */
  public add(parts: readonly PartData[], { from, to }: Span): number {
    const before = this.values.length;
    for (const part of parts) {
      const { timestamps, values } = part.get(this.series.metric) ?? { timestamps: [], values: [] };
      for (let i = 0; i < values.length; i++) {
        if (timestamps[i] < from || timestamps[i] > to) continue;
        this.sorted &&= !(timestamps[i] < this.timestamps[this.timestamps.length - 1]);
        this.timestamps.push(timestamps[i]);
        this.values.push(values[i]);
      }
    }
    return this.values.length - before;
  }

  /** By time; parts come in key order, which stays the order of those with the same time. */
  public samples(): SeriesSamples {
    const { labels } = this.series;
    if (this.sorted) return { labels, timestamps: Float64Array.from(this.timestamps), values: Float64Array.from(this.values) };
    const order = Array.from(this.timestamps, (_, i) => i).sort((a, b) => this.timestamps[a] - this.timestamps[b] || a - b);
    return { labels, timestamps: Float64Array.from(order, (i) => this.timestamps[i]), values: Float64Array.from(order, (i) => this.values[i]) };
  }
}
