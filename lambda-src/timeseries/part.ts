import { crc32 } from 'node:zlib';
import { ByteReader, ByteWriter } from './bytes';
import { decodeColumn, encodeColumn } from './column';

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
  let capacity = FRAME_BYTES;
  for (const [name, { values }] of data) capacity += HEADS_BYTES + UNIT_BYTES * name.length + SAMPLE_BYTES * values.length;
  const out = new ByteWriter(capacity);
  out.u8(PART_FORMAT);
  out.varint(data.size);
  const times: ArrayLike<number>[] = [];
  for (const [name, { timestamps }] of data) {
    out.text(name);
    const known = times.findIndex((column) => areSame(column, timestamps));
    out.varint(known < 0 ? times.length : known);
    if (known < 0) {
      out.varint(timestamps.length);
      times.push(timestamps);
    }
  }
  for (const column of times) encodeColumn(out, column);
  for (const { values } of data.values()) encodeColumn(out, values);
  out.u32(crc32(out.bytes.subarray(0, out.at)));
  return out.bytes.slice(0, out.at);
}

/** @throws UnreadablePartError on damaged bytes and on formats this release does not know. */
export function decodePart(bytes: Uint8Array): PartData {
  if (bytes.length === 0) throw new UnreadablePartError('it is empty');
  // The version comes before everything else: only it says how to read the rest.
  if (bytes[0] !== PART_FORMAT) throw new UnreadablePartError(`format ${bytes[0]} is not known to this release, which reads ${PART_FORMAT}`);
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < 2) throw new UnreadablePartError(`${bytes.length} bytes are too few`);
  const reader = new ByteReader(bytes);
  if (reader.view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) throw new UnreadablePartError('its checksum does not match its content');

  try {
    const data = readContent(reader);
    if (reader.at !== end) throw new RangeError(`it ends at byte ${reader.at}, not ${end}`);
    return data;
  } catch (error) {
    throw new UnreadablePartError(`its content contradicts itself: ${(error as Error).message}`);
  }
}

function readContent(reader: ByteReader): PartData {
  reader.at = 1;
  const lengths: number[] = [];
  const heads: { name: string; times: number }[] = [];
  let numbers = 0;
  for (let left = reader.varint(); left > 0; left--) {
    const name = reader.text();
    const times = reader.varint();
    if (times > lengths.length) throw new RangeError(`column ${times} of timestamps is used before column ${lengths.length}`);
    if (times === lengths.length) numbers += lengths[lengths.push(reader.varint()) - 1];
    numbers += lengths[times];
    heads.push({ name, times });
  }
  // One allocation for all columns: of small ones, the allocations would take longer than the decoding.
  const { buffer } = new Float64Array(numbers);
  let at = 0;
  const nextColumn = (length: number) => {
    const column = new Float64Array(buffer, at, length);
    at += column.byteLength;
    decodeColumn(reader, column);
    return column;
  };
  const times = lengths.map(nextColumn);
  return new Map(heads.map((head) => [head.name, { timestamps: times[head.times], values: nextColumn(lengths[head.times]) }]));
}

function areSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
