import { OpenPart, type PackedPart } from './open-part';
import { SamplePool } from './sample-log';
import { HOUR } from './time';

export type { PackedPart, PartHead } from './open-part';

/**
 * Collects the samples of one source into parts: per service and UTC hour, all metrics of the service together.
 *
 * Everything is counted on the input, in order of appearance, never on encoded size: a new release must not change which
 * parts, and so which keys, the same input makes.
 */
export const MAX_PART_SAMPLES = 16_384;
export const MAX_PART_NAME_BYTES = 64 * 1024;
/** Of all parts together: with it, the memory that samples take is bounded, however large the source is. */
export const MAX_OPEN_SAMPLES = 2_000_000;
export const MAX_SERVICES = 1_000;
export const MAX_SERIES_PER_HOUR = 1_000;
/** Pairs of service and hour: so many parts' ids fit the source's ledger. */
export const MAX_SERVICE_HOURS = 15_360;
/** Series counted in each hour anew: each takes memory beside its samples. */
export const MAX_SERIES_HOURS = 250_000;

export interface PackLimits {
  readonly partSamples: number;
  readonly partNameBytes: number;
  readonly openSamples: number;
  readonly services: number;
  /** At most `MAX_COLUMNS`. */
  readonly seriesPerHour: number;
  readonly serviceHours: number;
  readonly seriesHours: number;
}

export const LIMITS: PackLimits = {
  partSamples: MAX_PART_SAMPLES,
  partNameBytes: MAX_PART_NAME_BYTES,
  openSamples: MAX_OPEN_SAMPLES,
  services: MAX_SERVICES,
  seriesPerHour: MAX_SERIES_PER_HOUR,
  serviceHours: MAX_SERVICE_HOURS,
  seriesHours: MAX_SERIES_HOURS,
};

/** The cap that a sample is beyond: on services and on series per service and hour, or on what one source may hold in all. */
export type Refusal = 'too_many_series' | 'too_many_parts';

export class Packer {
  /** By service, then by the hour's number: unlike its time, that is a small integer, which a map finds faster. */
  private readonly services = new Map<string, Map<number, OpenPart>>();
  /** By service, then by hour. */
  private readonly parts: OpenPart[] = [];
  private readonly pool = new SamplePool();
  private closed: PackedPart[] = [];
  private openSamples = 0;
  private seriesHours = 0;

  // Of the document that is being added.
  private service = '';
  private hour = 0;
  private offset = 0;
  private part: OpenPart | undefined;

  public constructor(private readonly limits = LIMITS) {}

  /** Begins a document, whose samples follow. The time is in whole milliseconds. */
  public begin(service: string, timestamp: number): void {
    this.service = service;
    this.hour = Math.floor(timestamp / HOUR);
    this.offset = timestamp - this.hour * HOUR;
    this.part = this.services.get(service)?.get(this.hour);
  }

  /**
   * Adds a sample to a column of the part if that is the metric's, the value is finite, and there is room; tells whether it did.
   *
   * So nearly all samples come, as the documents of a service are alike: one after the other to one column after the other. What
   * is compared with the name of a column needs neither be checked nor be looked up. Everything else is for `add`.
   */
  public addTo(column: number, metric: string, value: unknown): boolean {
    const { part } = this;
    if (part === undefined || part.metrics[column] !== metric || !Number.isFinite(value) || !this.hasRoom(part)) return false;
    part.log.add(column, this.offset, value as number);
    this.openSamples++;
    return true;
  }

  /** Adds any sample; tells its column, or the cap that refuses it. */
  public add(metric: string, value: number): number | Refusal {
    let column = this.part?.columnOf(metric) ?? -1;
    if (column < 0) {
      const refusal = this.admit(metric);
      if (refusal) return refusal;
    }
    const part = this.part!;
    if (column < 0 || !this.hasRoom(part)) column = this.makeRoom(part, metric);
    part.log.add(column, this.offset, value);
    this.openSamples++;
    return column;
  }

  /** The parts that were closed since the last call, in the order of closing, which like everything depends on the input alone. */
  public takeClosed(): PackedPart[] {
    const { closed } = this;
    this.closed = [];
    return closed;
  }

  /** Closes what is open and returns the parts that were not yet taken. */
  public finish(): PackedPart[] {
    for (const hours of this.services.values()) {
      for (const part of hours.values()) if (part.log.count > 0) this.close(part);
    }
    return this.takeClosed();
  }

  /** Sees that the document has a part, and that its hour may have the metric. What is refused leaves no trace. */
  private admit(metric: string): Refusal | undefined {
    const { part, limits } = this;
    if (part?.has(metric)) return undefined;
    if (part) {
      if (part.series === limits.seriesPerHour) return 'too_many_series';
    } else {
      if (!this.services.has(this.service) && this.services.size === limits.services) return 'too_many_series';
      if (this.parts.length === limits.serviceHours) return 'too_many_parts';
    }
    if (this.seriesHours === limits.seriesHours) return 'too_many_parts';
    this.seriesHours++;
    this.part ??= this.open();
    return undefined;
  }

  private open(): OpenPart {
    const part = new OpenPart(this.service, this.hour * HOUR, this.pool);
    const hours = this.services.get(this.service) ?? new Map<number, OpenPart>();
    this.services.set(this.service, hours.set(this.hour, part));
    this.parts.splice(placeOf(part, this.parts), 0, part);
    return part;
  }

  /** Whether a sample can be added without looking at any limit. */
  private hasRoom(part: OpenPart): boolean {
    return !part.log.isAtEnd && this.openSamples < this.limits.openSamples;
  }

  /** Closes what has to be closed before one more sample of the metric, and returns its column. */
  private makeRoom(part: OpenPart, metric: string): number {
    const { partSamples, partNameBytes, openSamples } = this.limits;
    const nameBytes = Buffer.byteLength(metric);
    const isNew = part.columnOf(metric) < 0;
    if (part.log.count === partSamples || (isNew && part.nameBytes + nameBytes > partNameBytes)) this.close(part);
    if (this.openSamples === openSamples) this.close(this.largest());
    part.log.extend(partSamples);
    const column = part.columnOf(metric);
    return column < 0 ? part.addColumn(metric, nameBytes) : column;
  }

  /** The open part with the most samples; the first by service and hour where several have as many. */
  private largest(): OpenPart {
    return this.parts.reduce((largest, part) => part.log.count > largest.log.count ? part : largest);
  }

  private close(part: OpenPart): void {
    this.openSamples -= part.log.count;
    this.closed.push(part.close());
  }
}

/** Where a part belongs among those in order. Services are compared by code units, which is the same everywhere. */
function placeOf({ service, hour }: OpenPart, parts: readonly OpenPart[]): number {
  let [from, to] = [0, parts.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const other = parts[middle];
    if (other.service < service || (other.service === service && other.hour < hour)) from = middle + 1;
    else to = middle;
  }
  return from;
}
