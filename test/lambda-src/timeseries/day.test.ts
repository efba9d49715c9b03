import { crc32 } from 'node:zlib';
import { Figures } from '../../../lambda-src/timeseries/aggregate';
import { Day, dayOfParts, MetricHours } from '../../../lambda-src/timeseries/day';
import { DayChunks, decodeDayHours, decodeDaySketches, encodeDay, MAX_CHUNK_BYTES } from '../../../lambda-src/timeseries/day-codec';
import { PartData, UnreadablePartError } from '../../../lambda-src/timeseries/part';
import { Sketch } from '../../../lambda-src/timeseries/sketch';
import { DAY, HOUR } from '../../../lambda-src/timeseries/time';
import fc from '../../property';

const START = Date.parse('2026-11-23T00:00:00Z');

/** A day with the bits of every figure, and with the buckets of its sketches in order. */
function plain(day: Iterable<readonly [string, { hours: MetricHours; sketch: Sketch }]>) {
  return [...day].map(([metric, { hours, sketch }]) => [metric, hours.map(bitsOf), bucketsOf(sketch)]);
}

function bitsOf(figures: Figures | undefined): bigint[] | undefined {
  return figures && [...new BigUint64Array(Float64Array.of(figures.count, figures.sum, figures.min, figures.max, figures.last).buffer)];
}

function bucketsOf({ zeros, positive, negative }: Sketch) {
  const byIndex = (counts: Map<number, number>) => [...counts].sort(([a], [b]) => a - b);
  return { zeros, positive: byIndex(positive), negative: byIndex(negative) };
}

/** The same, written the slow and obvious way. */
function naive(parts: PartData[]) {
  const samples = parts.flatMap((part) => [...part].flatMap(([metric, { timestamps, values }]) => (
    Array.from(timestamps, (time, i) => ({ metric, time, value: values[i] })))))
    .filter(({ time }) => START <= time && time < START + DAY);
  return [...new Set(samples.map(({ metric }) => metric))].map((metric) => {
    const ofMetric = samples.filter((sample) => sample.metric === metric);
    const sketch = new Sketch();
    ofMetric.forEach(({ value }) => sketch.add(value));
    const hours = Array.from({ length: 24 }, (_, hour) => {
      const ofHour = ofMetric.filter(({ time }) => Math.floor((time - START) / HOUR) === hour);
      if (ofHour.length === 0) return undefined;
      const values = ofHour.map(({ value }) => value);
      return {
        count: values.length,
        sum: values.reduce((sum, value) => sum + value, 0),
        min: values.reduce((least, value) => (value < least ? value : least)),
        max: values.reduce((most, value) => (value > most ? value : most)),
        last: ofHour.reduce((latest, sample) => (sample.time >= latest.time ? sample : latest)).value,
      };
    });
    return [metric, { hours, sketch }] as const;
  });
}

function decoded({ hours, sketches }: DayChunks) {
  const bySketch = decodeDaySketches(sketches);
  const byHours = decodeDayHours(hours);
  expect([...bySketch.keys()]).toEqual([...byHours.keys()]);
  return [...byHours].map(([metric, each]) => [metric, { hours: each, sketch: bySketch.get(metric)! }] as const);
}

function expectSameBytes(a: DayChunks, b: DayChunks): void {
  const hex = ({ hours, sketches }: DayChunks) => [hours, sketches].map((chunks) => chunks.map((chunk) => Buffer.from(chunk).toString('hex')));
  expect(hex(a)).toEqual(hex(b));
}

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -10_000, max: 10_000 }).map((hundredths) => hundredths / 100),
  fc.constantFrom(0, -0, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE),
);
/** Some before and after the day, many at the same times. */
const time = fc.oneof(
  fc.integer({ min: START - HOUR, max: START + DAY + HOUR }), fc.constantFrom(START - 1, START, START + HOUR, START + DAY - 1, START + DAY));
const metric = fc.constantFrom('cpu', 'memory', 'wartezeit größer 0', '__proto__');
const parts = fc.array(fc.dictionary(metric, fc.array(fc.tuple(time, value), { minLength: 1, maxLength: 30 }), { noNullPrototype: true })
  .map((metrics): PartData => new Map(Object.entries(metrics).map(([name, samples]) => (
    [name, { timestamps: samples.map(([at]) => at), values: samples.map(([, number]) => number) }])))), { maxLength: 8 });

/** Values of two decimals, each near the one before; `seed` is at least 1. */
function randomWalk(metrics: number, seed: number): PartData {
  let state = seed;
  const random = () => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
  return new Map(Array.from({ length: metrics }, (_, i) => {
    let walk = 20 + 60 * random();
    const values = Array.from({ length: 8_640 }, () => Math.round(100 * (walk += 2 * random() - 1)) / 100);
    return [`metric ${i}`, { timestamps: values.map((__, line) => START + line * 10_000), values }];
  }));
}

describe('a day', () => {
  test('is what its samples come to, bit by bit, hour by hour', () => {
    fc.assert(fc.property(parts, (given) => {
      expect(plain(dayOfParts(given, START))).toEqual(plain(naive(given)));
    }));
  });

  test('has as the last of an hour the later one, and of the same time the later one in key order', () => {
    const part = (at: number, number: number): PartData => new Map([['cpu', { timestamps: [START + at], values: [number] }]]);
    const day = dayOfParts([part(5, 1), part(9, 2), part(9, 3), part(7, 4)], START);
    expect(day.get('cpu')!.hours[0]).toMatchObject({ count: 4, sum: 10, min: 1, max: 4, last: 3 });
    expect(day.get('cpu')!.hours.slice(1)).toEqual(new Array(23).fill(undefined));
  });

  test('has no metric without a sample within', () => {
    const part: PartData = new Map([['cpu', { timestamps: [START - 1, START + DAY], values: [1, 2] }]]);
    expect([...dayOfParts([part], START)]).toEqual([]);
  });
});

describe('its encoding', () => {
  test('gives back every bit, in the same order', () => {
    fc.assert(fc.property(parts, (given) => {
      const day = dayOfParts(given, START);
      expect(plain(decoded(encodeDay(day)))).toEqual(plain(day));
    }));
  });

  test('is the same for the same parts', () => {
    fc.assert(fc.property(parts, (given) => {
      expectSameBytes(encodeDay(dayOfParts(given, START)), encodeDay(dayOfParts(given, START)));
    }));
  });

  test('gives back sums that are no numbers any more', () => {
    const max = Number.MAX_VALUE;
    const part: PartData = new Map([['cpu', { timestamps: [0, 1, 2, 3, 4].map((at) => START + at * HOUR / 2), values: [1, max, max, -max, -max] }]]);
    const infinite = dayOfParts([part, part], START);
    expect(infinite.get('cpu')!.hours.map((hour) => hour?.sum).slice(0, 3)).toEqual([Infinity, 0, -Infinity]);
    expect(plain(decoded(encodeDay(infinite)))).toEqual(plain(infinite));
    const hours = [{ count: 1, sum: NaN, min: 1, max: 1, last: 1 }, ...new Array(23).fill(undefined)];
    const [[, day]] = decoded(encodeDay(new Map([['cpu', { hours, sketch: new Sketch() }]])));
    expect(day.hours).toEqual(hours);
  });

  test('of nothing is a chunk each: that a day was emptied must be storable', () => {
    const { hours, sketches } = encodeDay(new Map());
    expect([hours.length, sketches.length]).toEqual([1, 1]);
    expect(decodeDayHours(hours).size + decodeDaySketches(sketches).size).toBe(0);
  });

  test('takes less than 2 KB for the hours of eight metrics', () => {
    for (const seed of [1, 2, 3]) {
      const { hours, sketches } = encodeDay(dayOfParts([randomWalk(8, seed)], START));
      expect([hours.length, sketches.length]).toEqual([1, 1]);
      expect(hours[0].length).toBeLessThan(2_000);
      expect(sketches[0].length).toBeLessThan(3_000);
    }
  });

  test('of 1,000 series is cut into chunks that fit an item, each to be read without the others', () => {
    const walks = dayOfParts([randomWalk(8, 1)], START);
    const long = 'x'.repeat(240);
    // No decimals, so that no column can be packed.
    const raw = (figures: Figures | undefined) => figures && {
      count: figures.count, sum: Math.sqrt(figures.sum), min: Math.sqrt(figures.min), max: Math.sqrt(figures.max), last: Math.sqrt(figures.last),
    };
    const day: Day = new Map(Array.from({ length: 1_000 }, (_, i) => {
      const { hours, sketch } = walks.get(`metric ${i % 8}`)!;
      return [`${long}${i}`, { hours: hours.map(raw), sketch }];
    }));
    const chunks = encodeDay(day);
    expect(chunks.hours.length).toBeGreaterThan(3);
    expect(chunks.sketches.length).toBeGreaterThan(1);
    for (const chunk of [...chunks.hours, ...chunks.sketches]) expect(chunk.length).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
    expectSameBytes(encodeDay(new Map(decoded(chunks))), chunks);
    expect(chunks.hours.flatMap((chunk) => [...decodeDayHours([chunk]).keys()])).toEqual([...day.keys()]);
    expect(chunks.sketches.flatMap((chunk) => [...decodeDaySketches([chunk]).keys()])).toEqual([...day.keys()]);
  });

  test('of a sketch with samples in every bucket there is fits an item, too', () => {
    const sketch = new Sketch();
    for (let index = -34_369; index <= 32_767; index++) {
      sketch.positive.set(index, index % 2 === 0 ? 1 : 1_000);
      sketch.negative.set(index, index % 2 === 0 ? 1 : 1_000);
    }
    const { sketches } = encodeDay(new Map([['a', { hours: [], sketch }], ['b', { hours: [], sketch }]]));
    expect(sketches.map((chunk) => chunk.length <= MAX_CHUNK_BYTES)).toEqual([true, true]);
    const [a, b] = decodeDaySketches(sketches).values();
    expect([a.count, a.percentile('p25'), b.count]).toEqual([sketch.count, sketch.percentile('p25'), sketch.count]);
  });
});

describe('damage', () => {
  const sealed = (content: Uint8Array) => {
    const bytes = Uint8Array.of(...content, 0, 0, 0, 0);
    new DataView(bytes.buffer).setUint32(content.length, crc32(content), true);
    return bytes;
  };
  const readers = { hours: decodeDayHours, sketches: decodeDaySketches };

  test('is refused, whatever was changed, cut off or added', () => {
    fc.assert(fc.property(parts, fc.constantFrom('hours', 'sketches'), fc.nat(), fc.integer({ min: 1, max: 255 }), (given, content, position, change) => {
      const [bytes] = encodeDay(dayOfParts(given, START))[content];
      const at = position % bytes.length;
      const read = (damaged: Uint8Array) => () => readers[content]([damaged]);
      expect(read(bytes.map((byte, i) => (i === at ? (byte + change) % 256 : byte)))).toThrow(UnreadablePartError);
      expect(read(bytes.subarray(0, at))).toThrow(UnreadablePartError);
      expect(read(Uint8Array.of(...bytes, change))).toThrow(UnreadablePartError);
    }));
  });

  test('that the checksum does not show is refused where content is missing', () => {
    const day = encodeDay(dayOfParts([randomWalk(1, 1)], START));
    for (const content of ['hours', 'sketches'] as const) {
      const [bytes] = day[content];
      expect(() => readers[content]([sealed(bytes.subarray(0, -4))])).not.toThrow();
      for (let length = 2; length < bytes.length - 4; length += 7) {
        expect(() => readers[content]([sealed(bytes.subarray(0, length))])).toThrow(/contradicts itself/);
      }
    }
  });

  test('is told in words, and so is a later format', () => {
    const { hours: [hours], sketches: [sketches] } = encodeDay(new Map());
    const changed = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? 2 : byte));
    expect(() => decodeDayHours([changed(hours, 0)])).toThrow("a day's hours: format 2 is not known to this release, which reads 1");
    expect(() => decodeDaySketches([changed(sketches, 0)])).toThrow("a day's sketches: format 2 is not known to this release, which reads 1");
    expect(() => decodeDayHours([changed(hours, 1)])).toThrow("a day's hours: its checksum does not match its content");
    expect(() => decodeDayHours([hours.subarray(0, 3)])).toThrow("a day's hours: 3 bytes are too few");
    expect(() => decodeDayHours([new Uint8Array()])).toThrow("a day's hours: it is empty");
  });
});
