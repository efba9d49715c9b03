import { percentile, Percentile } from '../../../lambda-src/timeseries/aggregate';
import { ByteReader, ByteWriter } from '../../../lambda-src/timeseries/bytes';
import { bucketIndex, bucketMidpoint } from '../../../lambda-src/timeseries/exponential-bucket';
import { Sketch } from '../../../lambda-src/timeseries/sketch';
import { decodeSketch, encodeSketch, maxSketchBytes } from '../../../lambda-src/timeseries/sketch-codec';
import fc from '../../property';

const MIN_SUBNORMAL = Number.MIN_VALUE;
const LOWEST_BUCKET = -34_369;
const HIGHEST_BUCKET = 32_767;

/** The number with the next bits: for one above zero, the next greater float64. */
function neighbour(number: number, steps: number): number {
  const bits = new BigInt64Array(Float64Array.of(number).buffer);
  bits[0] += BigInt(steps);
  return new Float64Array(bits.buffer)[0];
}

/** Whether 2^(index / 32) < magnitude <= 2^((index + 1) / 32), reckoned with integers: both sides to the power of 32. */
function liesIn(index: number, magnitude: number): boolean {
  const [bits] = new BigUint64Array(Float64Array.of(magnitude).buffer);
  const exponent = Number(bits / 2n ** 52n);
  const significand = bits % 2n ** 52n + (exponent > 0 ? 2n ** 52n : 0n);
  // magnitude^32 = significand^32 x 2^(32 x (exponent - 1075)); a power of two makes whole numbers of all three.
  const whole = 40_000;
  const power = significand ** 32n * 2n ** BigInt(32 * (Math.max(exponent, 1) - 1075) + whole);
  return 2n ** BigInt(index + whole) < power && power <= 2n ** BigInt(index + 1 + whole);
}

function sketchOf(values: Iterable<number>): Sketch {
  const sketch = new Sketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

function merged(...sketches: Sketch[]): Sketch {
  const sum = new Sketch();
  for (const sketch of sketches) sum.merge(sketch);
  return sum;
}

function encoded(sketch: Sketch): Uint8Array {
  const out = new ByteWriter(maxSketchBytes(sketch));
  encodeSketch(out, sketch);
  return out.bytes.slice(0, out.at);
}

const magnitude = fc.double({ min: MIN_SUBNORMAL, noNaN: true, noDefaultInfinity: true });
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1000, max: 1000 }).map((hundredths) => hundredths / 100),
  fc.constantFrom(0, -0, MIN_SUBNORMAL, -MIN_SUBNORMAL, 2 ** -1022, Number.MAX_VALUE, -Number.MAX_VALUE),
);
const values = fc.array(value, { maxLength: 200 });
const statistic = fc.constantFrom<Percentile>('p0.1', 'p1', 'p25', 'p50', 'p90', 'p99', 'p99.9');

describe('the bucket of a number', () => {
  test('is right to the last bit at every border of an octave, in octaves of all sizes', () => {
    for (const octave of [-1074, -1060, -1030, -1023, -1022, -1021, -500, -1, 0, 1, 7, 500, 1022, 1023]) {
      for (let i = 0; i < 32; i++) {
        // Below 2^-1022 the border itself is rounded, too: all that counts is that numbers to both sides of it are tried.
        const border = 2 ** (i / 32) * 2 ** octave;
        for (let steps = -3; steps <= 3; steps++) {
          const number = neighbour(border, steps);
          if (number > 0 && number < Infinity) expect([number, liesIn(bucketIndex(number), number)]).toEqual([number, true]);
        }
      }
    }
  });

  test('is right for any number', () => {
    fc.assert(fc.property(magnitude, (number) => liesIn(bucketIndex(number), number)), { numRuns: 2_000 });
  });

  test('has powers of two as its greatest number', () => {
    for (const exponent of [-1074, -1022, -1, 0, 1, 10, 1023]) {
      expect(bucketIndex(2 ** exponent)).toBe(32 * exponent - 1);
      if (exponent > -1022) expect(bucketIndex(neighbour(2 ** exponent, 1))).toBe(32 * exponent);
    }
    expect([bucketIndex(MIN_SUBNORMAL), bucketIndex(Number.MAX_VALUE)]).toEqual([LOWEST_BUCKET, HIGHEST_BUCKET]);
  });

  test('answers a midpoint that lies in it and is off by the same 1.083 % of both ends', () => {
    fc.assert(fc.property(fc.integer({ min: -1022 * 32, max: HIGHEST_BUCKET }), (index) => {
      const midpoint = bucketMidpoint(index);
      expect(bucketIndex(midpoint)).toBe(index);
      const lower = 2 ** (index / 32 - Math.floor(index / 32)) * 2 ** Math.floor(index / 32);
      // The upper end of the last bucket is beyond float64.
      const error = (2 ** (1 / 32) - 1) / (2 ** (1 / 32) + 1);
      expect((midpoint - lower) / lower).toBeCloseTo(error, 12);
      expect(1 - midpoint / 2 ** (1 / 32) / lower).toBeCloseTo(error, 12);
      expect(error).toBeLessThan(0.01084);
    }));
    expect(bucketMidpoint(LOWEST_BUCKET)).toBe(MIN_SUBNORMAL);
  });
});

describe('a sketch', () => {
  test('knows any percentile of any numbers to within 1.09 % of the value of that rank', () => {
    fc.assert(fc.property(values.filter(({ length }) => length > 0), statistic, (numbers, stat) => {
      const exact = percentile(stat, numbers);
      const answer = sketchOf(numbers).percentile(stat);
      // Below 2^-1022, float64 has not the digits for it.
      expect(Math.abs(answer - exact)).toBeLessThanOrEqual(0.0109 * Math.abs(exact) + MIN_SUBNORMAL);
      expect(Math.sign(answer) - Math.sign(exact)).toBe(0);
    }), { numRuns: 2_000 });
  });

  test('counts zeros by themselves, between the negative and the positive numbers', () => {
    const sketch = sketchOf([-1, 0, -0, 1]);
    expect([sketch.zeros, sketch.count]).toEqual([2, 4]);
    expect(sketch.percentile('p50')).toBe(0);
    expect(sketch.percentile('p75')).toBe(0);
    expect(sketch.percentile('p25')).toBeCloseTo(-1, 1);
    expect(sketch.percentile('p76')).toBeCloseTo(1, 1);
  });

  test('has no percentile of nothing', () => {
    expect(new Sketch().percentile('p50')).toBeNaN();
    expect(new Sketch().count).toBe(0);
  });

  test('merged with others, in any order and grouping, is the sketch of all numbers', () => {
    fc.assert(fc.property(values, values, values, (a, b, c) => {
      const [x, y, z] = [sketchOf(a), sketchOf(b), sketchOf(c)];
      const all = encoded(sketchOf([...a, ...b, ...c]));
      expect(encoded(merged(x, y, z))).toEqual(all);
      expect(encoded(merged(z, x, y))).toEqual(all);
      expect(encoded(merged(x, merged(y, z)))).toEqual(all);
      expect(merged(x, y, z).count).toBe(a.length + b.length + c.length);
    }));
  });

  test('takes counts beyond what samples could ever come to', () => {
    const sketch = sketchOf([3, -3]);
    for (let doublings = 0; doublings < 50; doublings++) sketch.merge(sketch);
    sketch.add(3);
    expect(sketch.count).toBe(2 ** 51 + 1);
    expect(decodeSketch(new ByteReader(encoded(sketch))).count).toBe(2 ** 51 + 1);
  });
});

describe('its encoding', () => {
  test('gives back every count, and ends where it ends', () => {
    fc.assert(fc.property(values, (numbers) => {
      const sketch = sketchOf(numbers);
      const bytes = encoded(sketch);
      const reader = new ByteReader(bytes);
      const decoded = decodeSketch(reader);
      expect(reader.at).toBe(bytes.length);
      expect(decoded.zeros).toBe(sketch.zeros);
      expect([...decoded.positive].sort()).toEqual([...sketch.positive].sort());
      expect([...decoded.negative].sort()).toEqual([...sketch.negative].sort());
    }));
  });

  test('does not depend on the order in which numbers were added', () => {
    fc.assert(fc.property(values, (numbers) => {
      expect(encoded(sketchOf([...numbers].reverse()))).toEqual(encoded(sketchOf(numbers)));
    }));
  });

  test('takes a byte or so for each bucket: of a typical day within two octaves, less than 100', () => {
    let seed = 1;
    let walk = 40;
    const day = Array.from({ length: 8_640 }, () => {
      seed = seed * 48_271 % 2_147_483_647;
      walk += 2 * seed / 2_147_483_647 - 1;
      if (walk < 25) walk = 50 - walk;
      if (walk > 100) walk = 200 - walk;
      return Math.round(walk * 100) / 100;
    });
    const sketch = sketchOf(day);
    expect(sketch.positive.size).toBeGreaterThan(48);
    expect(encoded(sketch).length).toBeLessThan(100);
    expect(encoded(sketchOf(new Array(8_640).fill(42))).length).toBe(9);
    expect(encoded(new Sketch()).length).toBe(3);
  });
});
