import { encodeColumns } from './part';
import { MAX_COLUMNS, SampleLog, type SamplePool } from './sample-log';

/** What is known of a part without decoding it. */
export interface PartHead {
  readonly service: string;
  /** Start of the UTC hour, in milliseconds. */
  readonly hour: number;
  /** Position among the parts of this source, service and hour. */
  readonly n: number;
  readonly samples: number;
  /** In order of first appearance in the part. */
  readonly metrics: readonly string[];
  /** The least and the greatest timestamp, in milliseconds. */
  readonly first: number;
  readonly last: number;
}

/** A part, encoded when it is closed, so that what is not yet encoded never piles up. */
export interface PackedPart extends PartHead {
  readonly bytes: Uint8Array;
}

/** The part that is being filled for one service and hour, and what is known of those before it. */
export class OpenPart {
  /** By column. */
  public metrics: string[] = [];
  public nameBytes = 0;
  public readonly log: SampleLog;
  private n = 0;
  /**
   * Every metric seen in this hour, closed parts included: `MAX_COLUMNS` times the number of the part that it was last in, plus
   * its column there. So closing a part takes all columns away at once.
   */
  private readonly places = new Map<string, number>();

  public constructor(public readonly service: string, public readonly hour: number, pool: SamplePool) {
    this.log = new SampleLog(pool);
  }

  /** How many series this hour has. */
  public get series(): number {
    return this.places.size;
  }

  public has(metric: string): boolean {
    return this.places.has(metric);
  }

  /** The metric's column in the part that is open; -1 where it has none there. */
  public columnOf(metric: string): number {
    const column = (this.places.get(metric) ?? -1) - this.n * MAX_COLUMNS;
    return Math.max(column, -1);
  }

  public addColumn(metric: string, nameBytes: number): number {
    const column = this.metrics.push(metric) - 1;
    this.places.set(metric, this.n * MAX_COLUMNS + column);
    this.nameBytes += nameBytes;
    return column;
  }

  /** Encodes what is open and begins the next part. */
  public close(): PackedPart {
    const { service, hour, n, metrics } = this;
    const samples = this.log.count;
    const { first, last, ends, timestamps, values } = this.log.take(metrics.length, hour);
    this.n++;
    this.metrics = [];
    this.nameBytes = 0;
    return { service, hour, n, samples, metrics, first, last, bytes: encodeColumns({ metrics, ends, timestamps, values }) };
  }
}
