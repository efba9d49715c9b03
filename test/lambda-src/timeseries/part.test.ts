import { decodePart, encodePart, PartData, UnreadablePartError } from '../../../lambda-src/timeseries/part';
import fc from '../../property';

const NOW = Date.parse('2026-11-23T02:00:00Z');

/** As arrays of entries with the bits of each value: -0 and 0 differ there. */
function plain(data: PartData): [string, number[], bigint[]][] {
  return [...data].map(([name, { timestamps, values }]) => [
    name, Array.from(timestamps), [...new BigUint64Array(Float64Array.from(values).buffer)],
  ]);
}

const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 5e-324, -5e-324, 2 ** 53 + 2, Number.MAX_VALUE));
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const partData = fc.uniqueArray(
  fc.record({ name, samples: fc.array(fc.tuple(fc.integer({ min: 0, max: 4e12 }), value), { minLength: 1, maxLength: 30 }) }),
  { selector: (metric) => metric.name, maxLength: 10 },
).map((metrics): PartData => new Map(metrics.map((metric) => [
  metric.name, { timestamps: metric.samples.map(([time]) => time), values: metric.samples.map(([, number]) => number) },
])));

describe('the encoding', () => {
  test('gives back every bit, in the same order', () => {
    fc.assert(fc.property(partData, (data) => {
      expect(plain(decodePart(encodePart(data)))).toEqual(plain(data));
    }));
  });

  test('reads bytes that lie anywhere in a larger buffer', () => {
    const data: PartData = new Map([['cpu', { timestamps: [NOW], values: [-0] }]]);
    const bytes = encodePart(data);
    const shifted = new Uint8Array(bytes.length + 7);
    shifted.set(bytes, 3);
    expect(plain(decodePart(shifted.subarray(3, 3 + bytes.length)))).toEqual(plain(data));
  });

  test('refuses damaged bytes, whatever was changed or cut off', () => {
    fc.assert(fc.property(partData, fc.nat(), fc.integer({ min: 1, max: 255 }), (data, position, change) => {
      const bytes = encodePart(data);
      const at = position % bytes.length;
      expect(() => decodePart(bytes.map((byte, i) => i === at ? (byte + change) % 256 : byte))).toThrow(UnreadablePartError);
      expect(() => decodePart(bytes.subarray(0, at))).toThrow(UnreadablePartError);
      expect(() => decodePart(Uint8Array.of(...bytes, change))).toThrow(UnreadablePartError);
    }));
  });

  test('says which format it does not know', () => {
    const bytes = encodePart(new Map());
    bytes[0] = 3;
    expect(() => decodePart(bytes)).toThrow('format 3 is not known to this release, which reads 2');
  });
});
