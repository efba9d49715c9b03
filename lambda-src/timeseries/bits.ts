/* eslint-disable no-bitwise -- packing bits is the subject of this file */
import type { ByteReader, ByteWriter } from './bytes';

/**
 * Natural numbers packed in a given number of bits each.
 *
 * Wide numbers are cut into planes of at most 24 bits, one plane after the other: then a number that starts anywhere in a
 * byte lies within one 32-bit word, and reading it is one load, one shift and one mask. Most columns need one plane.
 */
const PLANE_BITS = 24;

/** The bits that hold every natural number up to `max`. */
export function bitsFor(max: number): number {
  let bits = 0;
  for (let left = max; left >= 1; left /= 2) bits++;
  return bits;
}

/** Packs the numbers from the given index on. */
export function packBits(out: ByteWriter, numbers: Float64Array, from: number, bits: number): void {
  for (let done = 0; done < bits; done += PLANE_BITS) {
    const width = Math.min(bits - done, PLANE_BITS);
    const mask = 2 ** width - 1;
    const scale = 2 ** done;
    let pending = 0;
    let held = 0;
    for (let i = from; i < numbers.length; i++) {
      pending |= (Math.floor(numbers[i] / scale) & mask) << held;
      for (held += width; held >= 8; held -= 8) {
        out.u8(pending);
        pending >>>= 8;
      }
    }
    if (held > 0) out.u8(pending);
  }
}

/**
 * Adds the packed numbers to those in `numbers` from the given index on, which are zero before.
 *
 * The load of the last numbers may reach up to three bytes beyond the column: a part ends with four bytes of checksum.
 */
export function unpackBits(reader: ByteReader, numbers: Float64Array, from: number, bits: number): void {
  const { view } = reader;
  for (let done = 0; done < bits; done += PLANE_BITS) {
    const width = Math.min(bits - done, PLANE_BITS);
    const mask = 2 ** width - 1;
    const scale = 2 ** done;
    const start = reader.at;
    for (let i = from, bit = 0; i < numbers.length; i++, bit += width) {
      numbers[i] += ((view.getUint32(start + (bit >>> 3), true) >>> (bit & 7)) & mask) * scale;
    }
    reader.at += Math.ceil((numbers.length - from) * width / 8);
  }
}
