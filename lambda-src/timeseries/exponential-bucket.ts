/* eslint-disable no-bitwise -- the bucket of a number is read from its bits */

/**
 * The buckets of a base-2 exponential histogram of scale 5, as OpenTelemetry defines it (Metrics data model, "Exponential
 * histogram") and Prometheus's native histograms have it too (schema 5, whose indexes are greater by one):
 *
 *     base = 2^(2^-5),  bucket `index` holds base^index < magnitude <= base^(index + 1)
 *
 * The error bound: of a bucket from l to u = base x l, the harmonic midpoint 2lu / (l + u) is answered. Whatever lies within is
 * off by at most (2u / (l + u) - 1) of itself at the lower end and (1 - 2l / (l + u)) at the upper, and both of these are
 * (base - 1) / (base + 1) = 1.083 %: no other answer has a smaller worst case. Only below 2^-1022 can it be more, where float64
 * itself has no digits left to tell such answers apart.
 */
const PER_OCTAVE = 32;
const BASE = 2 ** (1 / PER_OCTAVE);
/** From the lower end of a bucket to its harmonic midpoint. */
const TO_MIDPOINT = 2 * BASE / (1 + BASE);

const SIGNIFICAND_BITS = 52;
const EXPONENT_BIAS = 1023;
/** What is below has no leading one in its bits. */
const MIN_NORMAL = 2 ** -1022;

/** Of 1, 2^(1/32), 2^(2/32), ... 2: the greatest float64 that is not above, so that `>` decides as it would for the border itself. */
const BORDERS = Float64Array.from({ length: PER_OCTAVE + 1 }, (_, i) => borderFloor(i));

/** An octave is cut into so many equal cells, each narrower than the narrowest bucket: it has one border at the most. */
const CELLS = 64;
/** The bucket of the octave in which a cell begins; -1 is the last one of the octave before, which its upper end belongs to. */
const CELL_BUCKETS = Int8Array.from({ length: CELLS }, (_, cell) => BORDERS.filter((border) => border < 1 + cell / CELLS).length - 1);

const scratch = new DataView(new ArrayBuffer(8));

/**
 * The bucket of a number above zero.
 *
 * `Math.log2` rounds, so right at a border it would tell either side, and perhaps another one in the next release of Node.js:
 * exponent and significand are taken from the bits instead, and the significand is compared with the borders themselves.
 */
export function bucketIndex(magnitude: number): number {
  const isNormal = magnitude >= MIN_NORMAL;
  scratch.setFloat64(0, isNormal ? magnitude : magnitude * 2 ** SIGNIFICAND_BITS);
  const high = scratch.getUint32(0);
  const exponent = (high >>> 20) - EXPONENT_BIAS - (isNormal ? 0 : SIGNIFICAND_BITS);
  // With the exponent of 1: a number from 1 to 2.
  scratch.setUint32(0, (high & 0xfffff) | (EXPONENT_BIAS << 20));
  const significand = scratch.getFloat64(0);
  const inCell = CELL_BUCKETS[(high >>> 14) & (CELLS - 1)];
  return exponent * PER_OCTAVE + (significand > BORDERS[inCell + 1] ? inCell + 1 : inCell);
}

/** What stands for every number of a bucket: see the error bound above. */
export function bucketMidpoint(index: number): number {
  const exponent = Math.floor(index / PER_OCTAVE);
  const half = exponent >> 1;
  // In two steps, since the lowest bucket's power of two is below what float64 holds, and only the last step rounds.
  return BORDERS[index - exponent * PER_OCTAVE] * TO_MIDPOINT * 2 ** half * 2 ** (exponent - half);
}

/** 2^(i/32) rounded down: the greatest integer x with x^32 <= 2^i x (2^52)^32, over 2^52. */
function borderFloor(i: number): number {
  const limit = 2n ** BigInt(i + SIGNIFICAND_BITS * PER_OCTAVE);
  let x = BigInt(Math.round(2 ** (i / PER_OCTAVE + SIGNIFICAND_BITS)));
  while (x ** BigInt(PER_OCTAVE) > limit) x--;
  while ((x + 1n) ** BigInt(PER_OCTAVE) <= limit) x++;
  return Number(x) / 2 ** SIGNIFICAND_BITS;
}
