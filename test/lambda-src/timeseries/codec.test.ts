import { crc32 } from 'node:zlib';
import { bitsFor, packBits } from '../../../lambda-src/timeseries/bits';
import { ByteWriter } from '../../../lambda-src/timeseries/bytes';
import { MAX_PART_NAME_BYTES, MAX_PART_SAMPLES, MAX_SERIES_PER_HOUR } from '../../../lambda-src/timeseries/pack';
import { decodePart, encodePart, PartData, UnreadablePartError } from '../../../lambda-src/timeseries/part';
import fc from '../../property';

const NOW = Date.parse('2026-11-23T02:00:00Z');

/** The bits of each number: -0 and 0 differ there. */
function bitsOf(numbers: ArrayLike<number>): BigUint64Array {
  return new BigUint64Array(Float64Array.from(numbers).buffer);
}

function expectSame(decoded: PartData, data: PartData): void {
  expect([...decoded.keys()]).toEqual([...data.keys()]);
  for (const [name, { timestamps, values }] of data) {
    expect(bitsOf(decoded.get(name)!.timestamps)).toEqual(bitsOf(timestamps));
    expect(bitsOf(decoded.get(name)!.values)).toEqual(bitsOf(values));
  }
}

function partOf(...columns: (readonly [ArrayLike<number>, ArrayLike<number>])[]): PartData {
  return new Map(columns.map(([timestamps, values], i) => [`m${i}`, { timestamps, values }]));
}

/** The bytes that the values take beside one value of 0, with the timestamps written by another metric. */
function bytesOf(values: number[]): number {
  const timestamps = values.map((_, i) => NOW + i * 10_000);
  const bytes = encodePart(partOf([timestamps, values], [timestamps, values])).length;
  return bytes - encodePart(partOf([timestamps, values])).length;
}

/** Columns as metrics have them, and as they must not have them. */
function columnOf(length: number): fc.Arbitrary<number[]> {
  const many = (number: fc.Arbitrary<number>) => fc.array(number, { minLength: length, maxLength: length, size: 'max' });
  const decimal = fc.tuple(fc.integer({ min: 0, max: 24 }), fc.constantFrom(9, 999, 2 ** 31, 2 ** 50, Number.MAX_SAFE_INTEGER))
    .chain(([exponent, max]) => many(fc.integer({ min: -max, max }).map((integer) => integer / Number(`1e${exponent}`))));
  const steps = fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), many(fc.integer({ min: -3, max: 500 })))
    .map(([start, each]) => each.map(((sum) => (step: number) => (sum += step) / 100)(start)));
  const border = fc.constantFrom(
    0, -0, 5e-324, -5e-324, 2.2e-308, 0.1, 1e22, 1e23, Number.MAX_VALUE, -Number.MAX_VALUE,
    2 ** 50, 2 ** 50 + 1, -(2 ** 50), 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 63,
  );
  return fc.oneof(decimal, steps, many(border), many(fc.double({ noNaN: true, noDefaultInfinity: true })), many(fc.constantFrom(0, -0)));
}

/** Equal, reversed and fractional times included: whoever sorts them, it is not the codec. */
function timesOf(length: number): fc.Arbitrary<number[]> {
  const eighth = fc.integer({ min: NOW * 8, max: NOW * 8 + 9 }).map((eighths) => eighths / 8);
  return fc.oneof(
    fc.integer({ min: -10_000, max: 10_000 }).map((step) => Array.from({ length }, (_, i) => NOW + i * step)),
    fc.array(fc.oneof(fc.integer({ min: 0, max: 4e12 }), eighth), { minLength: length, maxLength: length, size: 'max' }),
  );
}

const lengths = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 300 }));

describe('a part', () => {
  test('gives back every bit of metrics that share their times and of such that do not', () => {
    const part = lengths.chain((length) => fc.tuple(
      fc.array(timesOf(length), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(2), columnOf(length)), { minLength: 1, maxLength: 6 }),
    )).map(([times, metrics]) => partOf(...metrics.map(([which, values]) => [times[which % times.length], values] as const)));
    fc.assert(fc.property(part, (data) => expectSame(decodePart(encodePart(data)), data)), { numRuns: 300 });
  });

  test('gives back metrics of different lengths', () => {
    const metric = lengths.chain((length) => fc.tuple(timesOf(length), columnOf(length)));
    fc.assert(fc.property(fc.array(metric, { maxLength: 5 }), (metrics) => {
      expectSame(decodePart(encodePart(partOf(...metrics))), partOf(...metrics));
    }));
  });

  test('stays an item, however many samples, metrics and names it may hold, and whatever the numbers are', () => {
    const size = fc.record({
      metrics: fc.integer({ min: 256, max: MAX_SERIES_PER_HOUR }),
      samples: fc.integer({ min: MAX_SERIES_PER_HOUR, max: MAX_PART_SAMPLES }),
      seed: fc.double({ min: 1, max: 2, noNaN: true }),
    });
    const largest = (metrics: number): [{ metrics: number; samples: number; seed: number }] => [{ metrics, samples: MAX_PART_SAMPLES, seed: 1.1 }];
    fc.assert(fc.property(size, ({ metrics, samples, seed }) => {
      const data: PartData = new Map(Array.from({ length: metrics }, (_, i) => {
        const length = Math.floor(samples / metrics) + (i < samples % metrics ? 1 : 0);
        // No decimals of 15 digits, so that nothing can be packed.
        const column = (offset: number) => Float64Array.from({ length }, (__, j) => Math.sqrt(seed + offset + i * length + j));
        return [String(i).padEnd(Math.floor(MAX_PART_NAME_BYTES / metrics), 'x'), { timestamps: column(0), values: column(0.5) }] as const;
      }));
      const bytes = encodePart(data);
      expect(bytes.length).toBeLessThan(400_000);
      expectSame(decodePart(bytes), data);
    }), { numRuns: 10, examples: [largest(256), largest(MAX_SERIES_PER_HOUR)] });
  });

  test('holds the greatest number of samples in one metric', () => {
    fc.assert(fc.property(timesOf(MAX_PART_SAMPLES), columnOf(MAX_PART_SAMPLES), (timestamps, values) => {
      expectSame(decodePart(encodePart(partOf([timestamps, values]))), partOf([timestamps, values]));
      // Shrinking so many numbers would take minutes.
    }), { numRuns: 5, endOnFailure: true });
  });

  test('writes times that metrics share once, wherever the metrics stand', () => {
    const even = Array.from({ length: 100 }, (_, i) => NOW + i * i);
    const odd = even.map((time) => time + 1);
    const zeros = even.map(() => 0);
    const two = encodePart(partOf([even, zeros], [odd, zeros])).length;
    // Name, index of the times, and a column of zeros.
    expect(encodePart(partOf([even, zeros], [odd, zeros], [[...even], zeros], [[...odd], zeros])).length - two).toBe(2 * (3 + 1 + 3));
  });
});

describe('a column', () => {
  const HEADS = 3 + 1;
  const alternating = (a: number, b: number) => Array.from({ length: 80 }, (_, i) => i % 2 ? a : b);

  test('takes no bits where the numbers or their steps are all the same', () => {
    expect(bytesOf(alternating(42.17, 42.17))).toBe(HEADS + 4);
    expect(bytesOf(Array.from({ length: 80 }, (_, i) => i / 10))).toBe(HEADS + 4);
  });

  test('takes the bits of the range, in the unit of the last decimal', () => {
    expect(bytesOf(alternating(0.1, 0.8))).toBe(HEADS + 3 + 80 * 3 / 8);
    expect(bytesOf(alternating(1e-20, 8e-20))).toBe(HEADS + 3 + 80 * 3 / 8);
    expect(bytesOf(alternating(0, 2 ** 31))).toBe(HEADS + 3 + 80 * 32 / 8);
  });

  test('takes the bits of the steps where these vary less', () => {
    expect(bytesOf(Array.from({ length: 81 }, (_, i) => 64 * i + i % 2))).toBe(HEADS + 4 + 80 * 2 / 8);
  });

  test('stays float64 where one number is no decimal of 15 digits', () => {
    for (const number of [-0, 5e-324, Math.PI, 2 ** 53, 1e23]) expect(bytesOf([...alternating(1, 2), number])).toBe(HEADS + 1 + 81 * 8);
  });

  test('has its bits as a naive packer writes them', () => {
    const input = fc.integer({ min: 0, max: 24 }).chain((bits) => fc.tuple(fc.constant(bits), fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }))));
    fc.assert(fc.property(input, ([bits, numbers]) => {
      const out = new ByteWriter(100 + 4 * numbers.length);
      packBits(out, Float64Array.from(numbers), 0, numbers.length, 0, bits);
      const all = numbers.reduce((sum, number, i) => sum + BigInt(number) * 2n ** BigInt(i * bits), 0n);
      const expected = Array.from({ length: Math.ceil(numbers.length * bits / 8) }, (_, i) => Number(all / 256n ** BigInt(i) % 256n));
      expect([...out.bytes.subarray(0, out.at)]).toEqual(expected);
    }));
    expect([0, 1, 2, 3, 255, 256, 2 ** 32 - 1, 2 ** 32, 2 ** 52].map(bitsFor)).toEqual([0, 1, 2, 2, 8, 9, 32, 33, 53]);
  });
});

describe('damage', () => {
  const part = lengths.chain((length) => fc.tuple(timesOf(length), columnOf(length), columnOf(length)))
    .map(([times, a, b]) => encodePart(partOf([times, a], [times, b])));

  /** With a checksum that is right. */
  const sealed = (content: Uint8Array) => {
    const bytes = new Uint8Array(content.length + 4);
    bytes.set(content);
    new DataView(bytes.buffer).setUint32(content.length, crc32(content), true);
    return bytes;
  };

  test('is refused: bytes overwritten, cut out, put in, or of something else', () => {
    fc.assert(fc.property(part, fc.nat(), fc.nat(8), fc.uint8Array({ maxLength: 8 }), (bytes, position, cut, put) => {
      const at = position % bytes.length;
      const damaged = Uint8Array.of(...bytes.subarray(0, at), ...put, ...bytes.subarray(at + cut));
      fc.pre(Buffer.compare(damaged, bytes) !== 0);
      expect(() => decodePart(damaged)).toThrow(UnreadablePartError);
      expect(() => decodePart(Uint8Array.of(bytes[0], ...put))).toThrow(UnreadablePartError);
    }), { numRuns: 500 });
  });

  test('that the checksum does not show is refused where content is missing or more than announced', () => {
    fc.assert(fc.property(part, fc.nat(), (bytes, position) => {
      const content = bytes.subarray(0, -4);
      expect(() => decodePart(sealed(content))).not.toThrow();
      expect(() => decodePart(sealed(content.subarray(0, 2 + position % (content.length - 2))))).toThrow(UnreadablePartError);
      expect(() => decodePart(sealed(Uint8Array.of(...content, 0)))).toThrow(/contradicts itself: it ends at byte/);
    }));
  });

  test('that the checksum does not show is refused where it names what does not exist', () => {
    const content = encodePart(new Map([['a', { timestamps: [NOW], values: [1] }]])).subarray(0, -4);
    const changed = (at: number, byte: number) => sealed(content.map((each, i) => i === at ? byte : each));
    expect(() => decodePart(changed(4, 1))).toThrow('column 1 of timestamps is used before column 0');
    expect(() => decodePart(changed(6, 46))).toThrow('a column has the unknown form 46');
  });
});
