import { crc32 } from 'node:zlib';
import { ByteReader, ByteWriter } from './bytes';
import { decodeColumn, encodeColumn } from './column';
import { shareColumns, startOf } from './shared-times';

/**
 * A part: the samples that one source holds of one service and one UTC hour, all metrics together, as bytes.
 *
 * `version u8 | metrics | per metric: name, times, [samples] | columns of timestamps | columns of values | crc32 u32`, where
 * numbers without a type are varints. `times` is the index of the metric's column of timestamps: the metrics of a line share
 * their times, which are written once; the first metric of each column tells its length. The heads come first, so that
 * the reader can allocate all columns at once. The checksum covers all that is before it. The round trip is bit-exact; the
 * order of metrics and of samples is kept as given (the packer sorts, see pack.ts).
 */
export const PART_FORMAT = 2;

/** The samples of one metric: two parallel columns. */
export interface SampleColumns {
  /** Milliseconds since the epoch. */
  readonly timestamps: ArrayLike<number>;
  /** Finite numbers. */
  readonly values: ArrayLike<number>;
}

/** What a part holds, by metric. Metrics of the same times may share one column of timestamps. */
export type PartData = ReadonlyMap<string, SampleColumns>;

/** Bytes that are no part this release can read: damaged, or written by a later release. */
export class UnreadablePartError extends Error {
  constructor(why: string) {
    super(`Unreadable part: ${why}`);
    this.name = 'UnreadablePartError';
  }
}

/** The same, laid out flat: the samples of one metric after those of the other. */
export interface PartColumns {
  readonly metrics: readonly string[];
  /** Where each metric's samples end, and the next one's begin. */
  readonly ends: ArrayLike<number>;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

const CHECKSUM_BYTES = 4;
/** Version, number of metrics and checksum. */
const FRAME_BYTES = 16;
/** More than the heads of a metric and of its two columns can take. */
const HEADS_BYTES = 64;
/** A float64 each of time and value, or less where packed. */
const SAMPLE_BYTES = 16;
/** A UTF-16 unit takes at most three in UTF-8. */
const UNIT_BYTES = 3;

export function encodePart(data: PartData): Uint8Array<ArrayBuffer> {
  const ends: number[] = [];
  let samples = 0;
  for (const { values } of data.values()) ends.push(samples += values.length);
  const [timestamps, values] = [new Float64Array(samples), new Float64Array(samples)];
  let at = 0;
  for (const columns of data.values()) {
    timestamps.set(columns.timestamps, at);
    values.set(columns.values, at);
    at += columns.values.length;
  }
  return encodeColumns({ metrics: [...data.keys()], ends, timestamps, values });
}

/** What is being encoded: one buffer for all, for a new one would take longer to allocate than a small part to encode. */
const out = new ByteWriter(0);

export function encodeColumns({ metrics, ends, timestamps, values }: PartColumns): Uint8Array<ArrayBuffer> {
  const samples = startOf(ends, metrics.length);
  out.restart(metrics.reduce((sum, metric) => sum + HEADS_BYTES + UNIT_BYTES * metric.length, FRAME_BYTES + SAMPLE_BYTES * samples));
  out.u8(PART_FORMAT);
  out.varint(metrics.length);
  const { distinct, firsts } = shareColumns(metrics.length, ends, timestamps);
  for (let metric = 0, written = 0; metric < metrics.length; metric++) {
    out.text(metrics[metric]);
    out.varint(distinct[metric]);
    if (distinct[metric] < written) continue;
    out.varint(ends[metric] - startOf(ends, metric));
    written++;
  }
  for (const metric of firsts) encodeColumn(out, timestamps, startOf(ends, metric), ends[metric]);
  for (let metric = 0; metric < metrics.length; metric++) encodeColumn(out, values, startOf(ends, metric), ends[metric]);
  out.u32(crc32(out.bytes.subarray(0, out.at)));
  return out.bytes.slice(0, out.at);
}

/** Where the samples of one metric lie. */
export interface LaidColumns {
  readonly metric: string;
  /** Index of the first of the timestamps, which metrics may share, and of the first of the values. */
  readonly timestampsAt: number;
  readonly valuesAt: number;
  /** How many samples there are. */
  readonly length: number;
}

/** A part as it is decoded: all its columns lie in one array. */
export interface LaidPart {
  readonly numbers: Float64Array;
  readonly columns: readonly LaidColumns[];
}

/** @throws UnreadablePartError on damaged bytes and on formats this release does not know. */
export function decodePart(bytes: Uint8Array): PartData {
  const { numbers, columns } = layPart(bytes);
  return new Map(columns.map(({ metric, timestampsAt, valuesAt, length }) => [metric, {
    timestamps: numbers.subarray(timestampsAt, timestampsAt + length), values: numbers.subarray(valuesAt, valuesAt + length),
  }]));
}

/**
 * The same without an array for each column: most parts hold a few samples of each metric, and the arrays would take longer than decoding them.
 *
 * @throws UnreadablePartError on damaged bytes and on formats this release does not know.
 */
export function layPart(bytes: Uint8Array): LaidPart {
  if (bytes.length === 0) throw new UnreadablePartError('it is empty');
  // The version comes before everything else: only it says how to read the rest.
  if (bytes[0] !== PART_FORMAT) throw new UnreadablePartError(`format ${bytes[0]} is not known to this release, which reads ${PART_FORMAT}`);
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < 2) throw new UnreadablePartError(`${bytes.length} bytes are too few`);
  const reader = new ByteReader(bytes);
  if (reader.view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) throw new UnreadablePartError('its checksum does not match its content');

  try {
    const part = readContent(reader);
    if (reader.at !== end) throw new RangeError(`it ends at byte ${reader.at}, not ${end}`);
    return part;
  } catch (error) {
    throw new UnreadablePartError(`its content contradicts itself: ${(error as Error).message}`);
  }
}

function readContent(reader: ByteReader): LaidPart {
  reader.at = 1;
  const metrics = reader.varint();
  const names: string[] = [];
  const times: number[] = [];
  const lengths: number[] = [];
  let count = 0;
  for (let metric = 0; metric < metrics; metric++) {
    names.push(reader.text());
    const column = reader.varint();
    if (column > lengths.length) throw new RangeError(`column ${column} of timestamps is used before column ${lengths.length}`);
    if (column === lengths.length) count += lengths[lengths.push(reader.varint()) - 1];
    count += lengths[column];
    times.push(column);
  }
  const [numbers, start] = takeNumbers(count);
  let at = start;
  const read = (length: number) => {
    decodeColumn(reader, numbers, at, at + length);
    return (at += length) - length;
  };
  const timesAt = lengths.map(read);
  const columns = names.map((metric, i): LaidColumns => {
    const length = lengths[times[i]];
    return { metric, timestampsAt: timesAt[times[i]], valuesAt: read(length), length };
  });
  return { numbers, columns };
}

/** Numbers that the columns of several parts take their places in. */
let slab = new Float64Array(0);
let slabUsed = 0;
const SLAB_NUMBERS = 8192;

/**
 * Where there are so many zeros, for the columns of one part. Most parts are small, and an allocation for each would take as long as the
 * decoding: they share slabs, which are let go with the last of their parts.
 */
function takeNumbers(count: number): [Float64Array, at: number] {
  if (count > SLAB_NUMBERS / 8) return [new Float64Array(count), 0];
  if (slabUsed + count > slab.length) {
    slab = new Float64Array(SLAB_NUMBERS);
    slabUsed = 0;
  }
  return [slab, (slabUsed += count) - count];
}
