import {
  LIMITS, MAX_OPEN_SAMPLES, MAX_PART_NAME_BYTES, MAX_PART_SAMPLES, MAX_SERIES_PER_HOUR, MAX_SERVICES, type PackedPart, Packer, type PackLimits,
  type Refusal,
} from '../../../lambda-src/timeseries/pack';
import { decodePart } from '../../../lambda-src/timeseries/part';
import { floorTo, HOUR } from '../../../lambda-src/timeseries/time';
import fc from '../../property';

const NOW = Date.parse('2026-11-23T02:00:00Z');

type Sample = readonly [service: string, metric: string, time: number, value: number];

function add(packer: Packer, [service, metric, time, value]: Sample): Refusal | undefined {
  packer.begin(service, time);
  // As an intake does: the usual way first, where the column is known.
  if (packer.addTo(0, metric, value)) return undefined;
  const added = packer.add(metric, value);
  return typeof added === 'number' ? undefined : added;
}

function packed(samples: readonly Sample[], limits?: PackLimits): PackedPart[] {
  const packer = new Packer(limits);
  samples.forEach((sample) => add(packer, sample));
  return packer.finish();
}

/** A part as a test compares it: its key, and each metric with its samples, the values as bits. */
function plain({ service, hour, n, bytes }: PackedPart) {
  return [service, hour, n, [...decodePart(bytes)].map(([metric, { timestamps, values }]) => (
    [metric, Array.from(timestamps), [...new BigUint64Array(Float64Array.from(values).buffer)]]))];
}

test('makes one part per service and UTC hour, with all metrics of the service', () => {
  const parts = packed([['a', 'cpu', NOW + 1, 1], ['a', 'memory', NOW + 1, 2], ['a', 'cpu', NOW - 1, 3], ['b', 'cpu', NOW + 1, 4]]);
  expect(parts.map(({ bytes: _, ...head }) => head)).toEqual([
    { service: 'a', hour: NOW, n: 0, samples: 2, metrics: ['cpu', 'memory'], first: NOW + 1, last: NOW + 1 },
    { service: 'a', hour: NOW - HOUR, n: 0, samples: 1, metrics: ['cpu'], first: NOW - 1, last: NOW - 1 },
    { service: 'b', hour: NOW, n: 0, samples: 1, metrics: ['cpu'], first: NOW + 1, last: NOW + 1 },
  ]);
});

test('sorts by time and leaves samples of one time as they came', () => {
  const [part] = packed([[2, 1], [1, 2], [2, 3], [1, 4]].map(([time, value]): Sample => ['a', 'cpu', NOW + time, value]));
  const { timestamps, values } = decodePart(part.bytes).get('cpu')!;
  expect([Array.from(timestamps, (time) => time - NOW), Array.from(values)]).toEqual([[1, 1, 2, 2], [2, 4, 1, 3]]);
  expect([part.first - NOW, part.last - NOW]).toEqual([1, 2]);
});

test('closes a part at the limit of samples and goes on in the next', () => {
  const parts = packed(Array.from({ length: 2 * MAX_PART_SAMPLES + 1 }, (_, i): Sample => ['a', `m${i % 3}`, NOW, i]));
  expect(parts.map(({ n, samples }) => [n, samples])).toEqual([[0, MAX_PART_SAMPLES], [1, MAX_PART_SAMPLES], [2, 1]]);
});

test('closes a part at the limit of names, in bytes, and stays below the size of an item', () => {
  const long = 'é'.repeat(120);
  const parts = packed(Array.from({ length: 300 }, (_, i): Sample => ['a', `${long}${i}`, NOW, i]));
  for (const { metrics, bytes } of parts) {
    expect(metrics.reduce((sum, metric) => sum + Buffer.byteLength(metric), 0)).toBeLessThanOrEqual(MAX_PART_NAME_BYTES);
    expect(bytes.length).toBeLessThan(400_000);
  }
  expect(parts.map(({ n }) => n)).toEqual([0, 1]);
  expect(parts.reduce((sum, { metrics }) => sum + metrics.length, 0)).toBe(300);
});

test('takes the first 1,000 series of a service and hour, and still knows them in later parts', () => {
  const packer = new Packer();
  const taken = Array.from({ length: MAX_SERIES_PER_HOUR + 2 }, (_, i) => add(packer, ['a', `m${i}`, NOW, i]));
  expect([taken.lastIndexOf(undefined), taken.indexOf('too_many_series')]).toEqual([MAX_SERIES_PER_HOUR - 1, MAX_SERIES_PER_HOUR]);
  for (let i = 0; i < MAX_PART_SAMPLES; i++) add(packer, ['a', 'm0', NOW, i]);
  expect(add(packer, ['a', 'm1', NOW, 0])).toBeUndefined();
  expect(add(packer, ['a', 'new', NOW, 0])).toBe('too_many_series');
  expect(add(packer, ['a', 'new', NOW + HOUR, 0])).toBeUndefined();
  expect(add(packer, ['b', 'new', NOW, 0])).toBeUndefined();
});

test('takes the first 1,000 services', () => {
  const packer = new Packer();
  for (let i = 0; i < MAX_SERVICES; i++) expect(add(packer, [`s${i}`, 'cpu', NOW, i])).toBeUndefined();
  expect(add(packer, ['one more', 'cpu', NOW, 0])).toBe('too_many_series');
  expect(add(packer, ['s0', 'cpu', NOW, 0])).toBeUndefined();
});

test('closes the largest part when two million samples are open in all; the first by key where several are as large', () => {
  const packer = new Packer();
  const names = Array.from({ length: 125 }, (_, i) => `s${String(i).padStart(3, '0')}`);
  for (let i = 0; i < MAX_OPEN_SAMPLES / names.length; i++) for (const name of names) add(packer, [name, 'cpu', NOW, i]);
  expect(packer.takeClosed()).toEqual([]);
  add(packer, ['s124', 'cpu', NOW, 0]);
  expect(packer.takeClosed().map(({ service, samples }) => [service, samples])).toEqual([['s000', 16_000]]);
  expect(packer.finish().reduce((sum, { samples }) => sum + samples, 0)).toBe(MAX_OPEN_SAMPLES + 1 - 16_000);
});

describe('against a packer written the slow and obvious way', () => {
  interface Open { service: string; hour: number; n: number; samples: Sample[]; series: Set<string> }

  function naive(samples: readonly Sample[], limits: PackLimits) {
    const open = new Map<string, Open>();
    const closed: unknown[] = [];
    const refused: (Refusal | undefined)[] = [];
    const close = (part: Open) => {
      const metrics = [...new Set(part.samples.map(([, metric]) => metric))];
      closed.push([part.service, part.hour, part.n++, metrics.map((metric) => {
        const own = part.samples.filter((sample) => sample[1] === metric).sort((a, b) => a[2] - b[2]);
        return [metric, own.map(([,, time]) => time), [...new BigUint64Array(Float64Array.from(own, ([,,, value]) => value).buffer)]];
      })]);
      part.samples = [];
    };
    const bytesOf = (part: Open, more: string) => [...new Set([...part.samples.map(([, metric]) => metric), more])]
      .reduce((sum, metric) => sum + Buffer.byteLength(metric), 0);
    for (const sample of samples) {
      const [service, metric, time] = sample;
      const hour = floorTo(time, HOUR);
      const key = JSON.stringify([service, hour]);
      const all = [...open.values()];
      let part = open.get(key);
      if (!part?.series.has(metric)) {
        let refusal: Refusal | undefined;
        if (part ? part.series.size === limits.seriesPerHour : !all.some((other) => other.service === service)
          && new Set(all.map((other) => other.service)).size === limits.services) refusal = 'too_many_series';
        else if (!part && all.length === limits.serviceHours) refusal = 'too_many_parts';
        else if (all.reduce((sum, { series }) => sum + series.size, 0) === limits.seriesHours) refusal = 'too_many_parts';
        if (refusal) {
          refused.push(refusal);
          continue;
        }
        if (!part) open.set(key, part = { service, hour, n: 0, samples: [], series: new Set() });
        part.series.add(metric);
      }
      if (part.samples.length === limits.partSamples || bytesOf(part, metric) > limits.partNameBytes) close(part);
      if ([...open.values()].reduce((sum, other) => sum + other.samples.length, 0) === limits.openSamples) {
        const [largest] = [...open.values()].sort((a, b) => (
          b.samples.length - a.samples.length || (a.service < b.service ? -1 : a.service > b.service ? 1 : a.hour - b.hour)));
        close(largest);
      }
      part.samples.push(sample);
      refused.push(undefined);
    }
    return { closed, left: [...open.values()].filter((part) => part.samples.length > 0), close, refused };
  }

  test('the same parts and the same refusals, whatever comes in whichever order', () => {
    const sample = fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'é'), fc.constantFrom('cpu', 'mem', 'ü', 'long-name', '__proto__'),
      fc.integer({ min: 0, max: 3 * 60 }).map((minutes) => NOW + minutes * 60_000),
      fc.oneof(fc.integer({ min: -50, max: 50 }).map((n) => n / 4), fc.constantFrom(-0, 1e300, 5e-324)),
    );
    const limits: PackLimits = {
      ...LIMITS, partSamples: 7, partNameBytes: 14, openSamples: 16, services: 3, seriesPerHour: 4, serviceHours: 6, seriesHours: 12,
    };
    fc.assert(fc.property(fc.array(sample, { maxLength: 80, size: 'max' }), (samples) => {
      const expected = naive(samples, limits);
      const packer = new Packer(limits);
      expect(samples.map((each) => add(packer, each))).toEqual(expected.refused);
      expect(packer.takeClosed().map(plain)).toEqual(expected.closed);
      expected.closed.length = 0;
      expected.left.forEach(expected.close);
      const byKey = (parts: unknown[]) => parts.map((part) => JSON.stringify(part, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).sort();
      expect(byKey(packer.finish().map(plain))).toEqual(byKey(expected.closed));
    }), { numRuns: 400 });
  });
});
