import { crc32 } from 'node:zlib';

/**
 * A part: the samples that one source holds of one service and one UTC hour, all metrics together, as bytes.
 *
 * Format 1 is plain: `version u8 | crc32 u32 | metrics u32 | per metric: name length u16, name, samples u32 | per metric:
 * timestamps f64 x samples, values f64 x samples`, little-endian. The checksum covers what follows it. The round trip is
 * bit-exact; the order of metrics and of samples is kept as given (the packer sorts, see pack.ts).
 */
export const PART_FORMAT = 1;

/** The samples of one metric: two parallel columns. */
export interface SampleColumns {
  /** Milliseconds since the epoch. */
  readonly timestamps: ArrayLike<number>;
  /** Finite numbers. */
  readonly values: ArrayLike<number>;
}

/** What a part holds, by metric. */
export type PartData = ReadonlyMap<string, SampleColumns>;

/** Bytes that are no part this release can read: damaged, or written by a later release. */
export class UnreadablePartError extends Error {
  constructor(why: string) {
    super(`Unreadable part: ${why}`);
    this.name = 'UnreadablePartError';
  }
}

const HEADER_BYTES = 9;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodePart(data: PartData): Uint8Array<ArrayBuffer> {
  const names = [...data.keys()].map((name) => encoder.encode(name));
  const columns = [...data.values()];
  const size = columns.reduce((sum, { values }, i) => sum + 6 + names[i].length + 16 * values.length, HEADER_BYTES);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, PART_FORMAT);
  view.setUint32(5, columns.length, true);
  let at = HEADER_BYTES;
  columns.forEach(({ values }, i) => {
    view.setUint16(at, names[i].length, true);
    bytes.set(names[i], at + 2);
    view.setUint32(at + 2 + names[i].length, values.length, true);
    at += 6 + names[i].length;
  });
  for (const { timestamps, values } of columns) {
    for (const column of [timestamps, values]) {
      // By DataView and not by a Float64Array: names have any length, so columns are not aligned.
      for (let i = 0; i < values.length; i++, at += 8) view.setFloat64(at, column[i], true);
    }
  }
  view.setUint32(1, crc32(bytes.subarray(5)), true);
  return bytes;
}

/** @throws UnreadablePartError on damaged bytes and on formats this release does not know. */
export function decodePart(bytes: Uint8Array): PartData {
  if (bytes.length === 0) throw new UnreadablePartError('it is empty');
  // The version comes before everything else: only it says how to read the rest.
  if (bytes[0] !== PART_FORMAT) throw new UnreadablePartError(`format ${bytes[0]} is not known to this release, which reads ${PART_FORMAT}`);
  if (bytes.length < HEADER_BYTES) throw new UnreadablePartError(`${bytes.length} bytes are too few`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(1, true) !== crc32(bytes.subarray(5))) throw new UnreadablePartError('its checksum does not match its content');

  const heads: { name: string; count: number }[] = [];
  let at = HEADER_BYTES;
  for (let left = view.getUint32(5, true); left > 0; left--) {
    const length = view.getUint16(at, true);
    heads.push({ name: decoder.decode(bytes.subarray(at + 2, at + 2 + length)), count: view.getUint32(at + 2 + length, true) });
    at += 6 + length;
  }
  const column = (count: number) => {
    const numbers = new Float64Array(count);
    for (let i = 0; i < count; i++, at += 8) numbers[i] = view.getFloat64(at, true);
    return numbers;
  };
  const data = new Map<string, SampleColumns>();
  for (const { name, count } of heads) data.set(name, { timestamps: column(count), values: column(count) });
  return data;
}
