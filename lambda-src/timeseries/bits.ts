/* eslint-disable no-bitwise -- packing bits is the subject of this file */
import type { ByteReader, ByteWriter } from './bytes';

/**
 * Natural numbers packed in a given number of bits each.
 *
 * Wide numbers are cut into planes of at most 24 bits, one plane after the other: then a number that starts anywhere in a
 * byte lies within one 32-bit word, and reading it is one load, one shift and one mask. Most columns need one plane.
 */
const PLANE_BITS = 24;
const PLANE = 2 ** PLANE_BITS;
const WORD = 2 ** 32;

/** The bits that hold every natural number up to `max`. */
export function bitsFor(max: number): number {
  return max < WORD ? 32 - Math.clz32(max) : 64 - Math.clz32(max / WORD);
}

/**
 * Packs the distances of the numbers in `[from, to)` from their minimum.
 *
 * Every step writes a whole word and moves on by the bytes that are complete: the same steps for all numbers, of whatever width,
 * take less time than to ask after each how many bytes there are to write. So up to three bytes beyond the column are
 * written, and overwritten by what comes next.
 */
export function packBits(out: ByteWriter, numbers: Float64Array, from: number, to: number, min: number, bits: number): void {
  const { view } = out;
  let { at } = out;
  for (let done = 0, scale = 1; done < bits; done += PLANE_BITS, scale /= PLANE) {
    const width = Math.min(bits - done, PLANE_BITS);
    const mask = (1 << width) - 1;
    let pending = 0;
    let held = 0;
    for (let i = from; i < to; i++) {
      pending |= ((numbers[i] - min) * scale & mask) << held;
      held += width;
      view.setUint32(at, pending, true);
      at += held >>> 3;
      pending >>>= held & ~7;
      held &= 7;
    }
    if (held > 0) at++;
  }
  out.at = at;
}

/**
 * Adds the packed numbers to those in `[from, to)`, which are zero before.
 *
 * The load of the last numbers may reach up to three bytes beyond the column: a part ends with four bytes of checksum.
 */
export function unpackBits(reader: ByteReader, numbers: Float64Array, from: number, to: number, bits: number): void {
  const { view } = reader;
  for (let done = 0; done < bits; done += PLANE_BITS) {
    const width = Math.min(bits - done, PLANE_BITS);
    const mask = 2 ** width - 1;
    const scale = 2 ** done;
    const start = reader.at;
    for (let i = from, bit = 0; i < to; i++, bit += width) {
      numbers[i] += ((view.getUint32(start + (bit >>> 3), true) >>> (bit & 7)) & mask) * scale;
    }
    reader.at += Math.ceil((to - from) * width / 8);
  }
}
