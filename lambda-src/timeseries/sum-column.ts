import type { ByteReader, ByteWriter } from './bytes';
import { decodeColumn, encodeColumn } from './column';

/**
 * A column of sums as bytes: `column of decimals | column of distances`.
 *
 * A sum of decimals such as 42.17 is no such decimal itself: with every addition float64 rounds, and after some hundred
 * of them the sum is a few float64 beside the decimal it ought to be. A column would have to stay raw for that, at 8 bytes a
 * sum. So a sum is written as the decimal nearby and how many float64 away it is, which both pack well. Sums that
 * are near no decimals are written as they are, all of them at a distance of zero.
 */
const POWERS_OF_TEN = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));
/** How far from the sum a decimal may be, relative to it: the rounding errors of a million additions mostly come to less. */
const NEARBY = 2 ** -41;

export function encodeSums(out: ByteWriter, sums: Float64Array): void {
  const decimals = decimalsNearby(sums) ?? sums;
  const bits = bitsOf(sums);
  const distances = Float64Array.from(bitsOf(decimals), (decimal, i) => Number(bits[i] - decimal));
  encodeColumn(out, decimals, 0, sums.length);
  encodeColumn(out, distances, 0, sums.length);
}

/** Fills the sums in `[from, to)`, which are zeros, and as many as were encoded. */
export function decodeSums(reader: ByteReader, sums: Float64Array, from: number, to: number): void {
  decodeColumn(reader, sums, from, to);
  const length = to - from;
  if (length > distances.length) distances = new Float64Array(2 * length);
  distances.fill(0, 0, length);
  decodeColumn(reader, distances, 0, length);
  for (let i = 0; i < length; i++) if (distances[i] !== 0) sums[from + i] = moved(sums[from + i], distances[i]);
}

/** Of the column that is being decoded. */
let distances = new Float64Array(64);

const one = new Float64Array(1);
const bitsOfOne = bitsOf(one);

/** The number so many float64 further. */
function moved(number: number, distance: number): number {
  one[0] = number;
  bitsOfOne[0] += BigInt(distance);
  return one[0];
}

/** The decimals of the fewest digits that are nearby; undefined where there are none for all of the sums. */
function decimalsNearby(sums: Float64Array): Float64Array | undefined {
  const rounded = (sum: number, power: number) => Math.round(sum * power) / power;
  const power = POWERS_OF_TEN.find((each) => sums.every((sum) => Math.abs(rounded(sum, each) - sum) <= NEARBY * Math.abs(sum)));
  return power === undefined ? undefined : sums.map((sum) => rounded(sum, power));
}

/** Neighbouring numbers of one sign have neighbouring bits, taken as integers. */
function bitsOf(numbers: Float64Array): BigInt64Array {
  return new BigInt64Array(numbers.buffer, numbers.byteOffset, numbers.length);
}
