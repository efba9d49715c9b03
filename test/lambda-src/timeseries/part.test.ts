import { MAX_PART_NAME_BYTES, MAX_PART_SAMPLES, MAX_SERIES_PER_HOUR, MAX_SERVICES, Packer } from '../../../lambda-src/timeseries/pack';
import { decodePart, encodePart, PartData, UnreadablePartError } from '../../../lambda-src/timeseries/part';
import { HOUR } from '../../../lambda-src/timeseries/time';
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

describe('packing', () => {
  const packed = (add: (packer: Packer) => void) => {
    const packer = new Packer();
    add(packer);
    return packer.finish();
  };

  test('makes one part per service and UTC hour, with all metrics of the service', () => {
    const parts = packed((packer) => {
      packer.add('a', 'cpu', NOW + 1, 1);
      packer.add('a', 'memory', NOW + 1, 2);
      packer.add('a', 'cpu', NOW - 1, 3);
      packer.add('b', 'cpu', NOW + 1, 4);
    });
    expect(parts.map(({ service, hour, n, data }) => [service, hour - NOW, n, [...data.keys()]])).toEqual([
      ['a', 0, 0, ['cpu', 'memory']], ['a', -HOUR, 0, ['cpu']], ['b', 0, 0, ['cpu']],
    ]);
  });

  test('sorts by time and leaves samples of one time as they came', () => {
    const [{ data }] = packed((packer) => {
      for (const [time, number] of [[2, 1], [1, 2], [2, 3], [1, 4]]) packer.add('a', 'cpu', NOW + time, number);
    });
    expect(data.get('cpu')).toEqual({ timestamps: [1, 1, 2, 2].map((time) => NOW + time), values: [2, 4, 1, 3] });
  });

  test('closes a part at the limit of samples and goes on in the next', () => {
    const parts = packed((packer) => {
      for (let i = 0; i < 2 * MAX_PART_SAMPLES + 1; i++) packer.add('a', `m${i % 3}`, NOW, i);
    });
    const sizes = parts.map(({ n, data }) => [n, [...data.values()].reduce((sum, { values }) => sum + values.length, 0)]);
    expect(sizes).toEqual([[0, MAX_PART_SAMPLES], [1, MAX_PART_SAMPLES], [2, 1]]);
  });

  test('closes a part at the limit of names, in bytes, and stays below the size of an item', () => {
    const long = 'é'.repeat(120);
    const parts = packed((packer) => {
      for (let i = 0; i < 300; i++) packer.add('a', `${long}${i}`, NOW, i);
    });
    for (const { data } of parts) {
      expect([...data.keys()].reduce((sum, metric) => sum + Buffer.byteLength(metric), 0)).toBeLessThanOrEqual(MAX_PART_NAME_BYTES);
      expect(encodePart(data).length).toBeLessThan(400 * 1024);
    }
    expect(parts.map(({ n }) => n)).toEqual([0, 1]);
    expect(parts.reduce((sum, { data }) => sum + data.size, 0)).toBe(300);
  });

  test('takes the first 1,000 series of a service and hour, and still knows them in later parts', () => {
    const packer = new Packer();
    const taken = Array.from({ length: MAX_SERIES_PER_HOUR + 2 }, (_, i) => packer.add('a', `m${i}`, NOW, i));
    expect(taken.lastIndexOf(true)).toBe(MAX_SERIES_PER_HOUR - 1);
    expect(taken.indexOf(false)).toBe(MAX_SERIES_PER_HOUR);
    for (let i = 0; i < MAX_PART_SAMPLES; i++) packer.add('a', 'm0', NOW, i);
    expect(packer.add('a', 'm1', NOW, 0)).toBe(true);
    expect(packer.add('a', 'new', NOW, 0)).toBe(false);
    expect(packer.add('a', 'new', NOW + HOUR, 0)).toBe(true);
    expect(packer.add('b', 'new', NOW, 0)).toBe(true);
  });

  test('takes the first 1,000 services', () => {
    const packer = new Packer();
    for (let i = 0; i < MAX_SERVICES; i++) expect(packer.add(`s${i}`, 'cpu', NOW, i)).toBe(true);
    expect(packer.add('one more', 'cpu', NOW, 0)).toBe(false);
    expect(packer.add('s0', 'cpu', NOW, 0)).toBe(true);
  });
});
