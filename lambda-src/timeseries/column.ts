import { bitsFor, packBits, unpackBits } from './bits';
import type { ByteReader, ByteWriter } from './bytes';

/**
 * A column of numbers, timestamps or values, as bytes; its length is known to the reader.
 *
 * What is measured mostly has few decimals (42.17), and float64 spends its bits on writing those as a binary fraction. So
 * the column is taken as integers over one power of ten, and of these only the distance from their minimum is packed, or
 * that of their steps where these vary less. Columns that are no such integers, to the last bit, stay float64.
 *
 * `form u8 | RAW: f64 x samples | else: bits u8, base, in delta form start, packed numbers`, where the form is
 * 2 x exponent, + 1 for delta.
 */
const RAW = 0xff;
/** 10^22 is the last power of ten that float64 holds exactly; dividing by an exact one rounds once, so correctly. */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** All decimals of 15 digits are below, and differences of differences of such integers are still exact. */
const MAX_INTEGER = 2 ** 50;

export function encodeColumn(out: ByteWriter, column: ArrayLike<number>): void {
  const integers = new Float64Array(column.length);
  const exponent = POWERS_OF_TEN.findIndex((power) => takeIntegers(power, column, integers));
  if (exponent < 0) {
    out.u8(RAW);
    for (let i = 0; i < column.length; i++) out.f64(column[i]);
    return;
  }
  const first = integers[0];
  const plain = rangeOf(integers, 0, 0);
  const steps = rangeOf(integers, 1, 1);
  const isDelta = steps.bits < plain.bits;
  const { base, bits } = isDelta ? steps : plain;
  out.u8(2 * exponent + (isDelta ? 1 : 0));
  out.u8(bits);
  out.signed(base);
  if (isDelta) out.signed(first);
  // Backwards, since a step needs the integer before it.
  for (let i = integers.length - 1; i >= 0; i--) integers[i] -= (isDelta && i > 0 ? integers[i - 1] : 0) + base;
  packBits(out, integers, isDelta ? 1 : 0, bits);
}

/** Fills `column`, which is all zeros, and so long as the one that was encoded. */
export function decodeColumn(reader: ByteReader, column: Float64Array): void {
  const form = reader.u8();
  if (form === RAW) {
    for (let i = 0; i < column.length; i++) column[i] = reader.f64();
    return;
  }
  const power = POWERS_OF_TEN[Math.floor(form / 2)];
  if (power === undefined) throw new RangeError(`a column has the unknown form ${form}`);
  const bits = reader.u8();
  const base = reader.signed();
  if (form % 2 === 0) {
    unpackBits(reader, column, 0, bits);
    for (let i = 0; i < column.length; i++) column[i] = (base + column[i]) / power;
    return;
  }
  let integer = reader.signed();
  unpackBits(reader, column, 1, bits);
  column[0] = integer / power;
  for (let i = 1; i < column.length; i++) {
    integer += base + column[i];
    column[i] = integer / power;
  }
}

/** Puts the column times the power into `integers`; false where one of them does not give back its number, bit by bit. */
function takeIntegers(power: number, column: ArrayLike<number>, integers: Float64Array): boolean {
  for (let i = 0; i < column.length; i++) {
    const number = column[i];
    const integer = Math.round(number * power);
    // An integer has no -0, which equals 0 all the same.
    if (integer / power !== number || Math.abs(integer) > MAX_INTEGER || (number === 0 && 1 / number < 0)) return false;
    integers[i] = integer;
  }
  return true;
}

/** The least of the integers, or of their steps from the one `back` before, and the bits that the others' distance from it takes. */
function rangeOf(integers: Float64Array, from: number, back: 0 | 1): { base: number; bits: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = from; i < integers.length; i++) {
    const number = back ? integers[i] - integers[i - 1] : integers[i];
    if (number < min) min = number;
    if (number > max) max = number;
  }
  return min > max ? { base: 0, bits: 0 } : { base: min, bits: bitsFor(max - min) };
}
