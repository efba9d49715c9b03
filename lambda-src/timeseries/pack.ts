import type { PartData, SampleColumns } from './part';
import { floorTo, HOUR } from './time';

/**
 * Collects the samples of one source into parts: per service and UTC hour, all metrics of the service together.
 *
 * Everything is counted on the input, in order of appearance, never on encoded size: a new release must not change which
 * parts, and so which keys, the same input makes.
 */
export const MAX_PART_SAMPLES = 16_384;
export const MAX_PART_NAME_BYTES = 64 * 1024;
export const MAX_SERIES_PER_HOUR = 1_000;
export const MAX_SERVICES = 1_000;

/** One part, before it is encoded. */
export interface PackedPart {
  readonly service: string;
  /** Start of the UTC hour, in milliseconds. */
  readonly hour: number;
  /** Position among the parts of this source, service and hour. */
  readonly n: number;
  readonly data: PartData;
}

interface OpenColumns { readonly timestamps: number[]; readonly values: number[] }

/** The part that is being filled for one service and hour. */
interface OpenPart {
  readonly service: string;
  readonly hour: number;
  /** Every metric seen in this hour, closed parts included. */
  readonly series: Set<string>;
  n: number;
  data: Map<string, OpenColumns>;
  samples: number;
  nameBytes: number;
}

export class Packer {
  private readonly open = new Map<string, Map<number, OpenPart>>();
  private readonly closed: PackedPart[] = [];
  private readonly opened = { hours: 0, series: 0 };

  /** How many hours of services were met so far, and how many series in them: beside its samples, each takes memory of its own. */
  get spread(): { readonly hours: number; readonly series: number } {
    return this.opened;
  }

  /** Adds a sample; false where it is beyond the caps on services and on series per service and hour. */
  add(service: string, metric: string, timestamp: number, value: number): boolean {
    const part = this.openPart(service, floorTo(timestamp, HOUR));
    if (!part) return false;
    if (!part.series.has(metric)) {
      if (part.series.size === MAX_SERIES_PER_HOUR) return false;
      part.series.add(metric);
      this.opened.series++;
    }
    const nameBytes = part.data.has(metric) ? 0 : Buffer.byteLength(metric);
    if (part.samples === MAX_PART_SAMPLES || part.nameBytes + nameBytes > MAX_PART_NAME_BYTES) this.close(part);
    let columns = part.data.get(metric);
    if (!columns) {
      columns = { timestamps: [], values: [] };
      part.data.set(metric, columns);
      part.nameBytes += Buffer.byteLength(metric);
    }
    columns.timestamps.push(timestamp);
    columns.values.push(value);
    part.samples++;
    return true;
  }

  /** Closes what is open and returns every part. */
  finish(): PackedPart[] {
    for (const hours of this.open.values()) for (const part of hours.values()) this.close(part);
    this.open.clear();
    return this.closed;
  }

  private openPart(service: string, hour: number): OpenPart | undefined {
    let hours = this.open.get(service);
    if (!hours) {
      if (this.open.size === MAX_SERVICES) return undefined;
      this.open.set(service, hours = new Map());
    }
    let part = hours.get(hour);
    if (!part) {
      hours.set(hour, part = { service, hour, series: new Set(), n: 0, data: new Map(), samples: 0, nameBytes: 0 });
      this.opened.hours++;
    }
    return part;
  }

  private close(part: OpenPart): void {
    const data = new Map([...part.data].map(([metric, columns]) => [metric, sorted(columns)]));
    this.closed.push({ service: part.service, hour: part.hour, n: part.n, data });
    part.n++;
    part.data = new Map();
    part.samples = 0;
    part.nameBytes = 0;
  }
}

/** By time; samples of the same time stay in the order they came in, so that the later one is the `last`. */
function sorted({ timestamps, values }: OpenColumns): SampleColumns {
  if (timestamps.every((time, i) => i === 0 || timestamps[i - 1] <= time)) return { timestamps, values };
  const order = timestamps.map((_, i) => i).sort((a, b) => timestamps[a] - timestamps[b]);
  return { timestamps: order.map((i) => timestamps[i]), values: order.map((i) => values[i]) };
}
