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

/** Encodes the numbers in `[from, to)`. */
export function encodeColumn(out: ByteWriter, numbers: Float64Array, from: number, to: number): void {
  const integers = takeIntegers(numbers, from, to);
  if (!integers) {
    out.u8(RAW);
    for (let i = from; i < to; i++) out.f64(numbers[i]);
    return;
  }
  const length = to - from;
  const { exponent, min, max, minStep, maxStep } = integers;
  const plainBits = length < 1 ? 0 : bitsFor(max - min);
  const stepBits = length < 2 ? 0 : bitsFor(maxStep - minStep);
  if (stepBits < plainBits) {
    out.u8(2 * exponent + 1);
    out.u8(stepBits);
    out.signed(minStep);
    out.signed(scratch[0]);
    // Backwards, since a step needs the integer before it.
    for (let i = length - 1; i > 0; i--) scratch[i] -= scratch[i - 1];
    packBits(out, scratch, 1, length, minStep, stepBits);
  } else {
    out.u8(2 * exponent);
    out.u8(plainBits);
    out.signed(length < 1 ? 0 : min);
    packBits(out, scratch, 0, length, min, plainBits);
  }
}

/** Fills the numbers in `[from, to)`, which are zeros, and as many as were encoded. */
export function decodeColumn(reader: ByteReader, numbers: Float64Array, from: number, to: number): void {
  const form = reader.u8();
  if (form === RAW) {
    for (let i = from; i < to; i++) numbers[i] = reader.f64();
    return;
  }
  const power = POWERS_OF_TEN[Math.floor(form / 2)];
  if (power === undefined) throw new RangeError(`a column has the unknown form ${form}`);
  const bits = reader.u8();
  const base = reader.signed();
  if (form % 2 === 0) {
    unpackBits(reader, numbers, from, to, bits);
    for (let i = from; i < to; i++) numbers[i] = (base + numbers[i]) / power;
    return;
  }
  let integer = reader.signed();
  unpackBits(reader, numbers, from + 1, to, bits);
  numbers[from] = integer / power;
  for (let i = from + 1; i < to; i++) {
    integer += base + numbers[i];
    numbers[i] = integer / power;
  }
}

/** The integers of the column that is being encoded. */
let scratch = new Float64Array(1024);

/** A column as integers. */
interface Integers {
  readonly exponent: number;
  readonly min: number;
  readonly max: number;
  readonly minStep: number;
  readonly maxStep: number;
}

/**
 * Puts the numbers into `scratch` as integers of one power of ten, the smallest that is right for all of them; undefined where
 * there is none.
 */
function takeIntegers(numbers: Float64Array, from: number, to: number): Integers | undefined {
  if (to - from > scratch.length) scratch = new Float64Array(2 * (to - from));
  const integers = scratch;
  for (let exponent = 0; exponent < POWERS_OF_TEN.length;) {
    const power = POWERS_OF_TEN[exponent];
    let [min, max, minStep, maxStep] = [Infinity, -Infinity, Infinity, -Infinity];
    let before = NaN;
    let i = from;
    for (; i < to; i++) {
      const integer = integerOf(numbers[i], power);
      if (Number.isNaN(integer)) break;
      integers[i - from] = integer;
      const step = integer - before;
      before = integer;
      if (integer < min) min = integer;
      if (integer > max) max = integer;
      if (step < minStep) minStep = step;
      if (step > maxStep) maxStep = step;
    }
    if (i === to) return { exponent, min, max, minStep, maxStep };
    // A power that is wrong for this number is wrong for the column: the numbers before it need not be tried with it.
    do exponent++; while (exponent < POWERS_OF_TEN.length && Number.isNaN(integerOf(numbers[i], POWERS_OF_TEN[exponent])));
  }
  return undefined;
}

/** Adding and subtracting it rounds numbers below 2^51 to an integer, in fewer steps than Math.round takes. */
const ROUNDING = 1.5 * 2 ** 52;

/** The number times the power, if that is an integer that gives the number back, bit by bit; else NaN. */
function integerOf(number: number, power: number): number {
  const integer = number * power + ROUNDING - ROUNDING;
  // An integer has no -0, which equals 0 all the same.
  return integer / power === number && Math.abs(integer) <= MAX_INTEGER && !Object.is(number, -0) ? integer : NaN;
}
