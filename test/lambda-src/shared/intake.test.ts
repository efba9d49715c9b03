import { Intake } from '../../../lambda-src/shared/intake';
import { LIMITS, type PackedPart, Packer, type PackLimits } from '../../../lambda-src/timeseries/pack';
import fc from '../../property';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const RULES = { eventTime: NOW, sampleRetentionDays: 63 };

type Document = readonly [service: string, secondsBack: number, metrics: readonly (readonly [name: string, value: unknown])[]];

/** Parts as a test compares them: the encoding is deterministic, so equal bytes are equal samples. */
function plain(parts: readonly PackedPart[]) {
  return parts.map(({ bytes, ...head }) => ({ ...head, bytes: Buffer.from(bytes).toString('hex') }));
}

/** What an intake makes of the documents, and how many of its samples it took. */
function taken(documents: readonly Document[], limits: PackLimits) {
  const intake = new Intake(RULES, limits);
  const codes: string[] = [];
  let accepted = 0;
  for (const [service, secondsBack, metrics] of documents) {
    const outcome = intake.add({ service, timestamp: new Date(NOW - secondsBack * 1000).toISOString(), metrics: Object.fromEntries(metrics) });
    accepted += outcome.accepted;
    codes.push(...outcome.problems.map(({ code }) => code));
  }
  return { parts: plain([...intake.takeClosed(), ...intake.finish()]), accepted, codes };
}

/** The same, every sample by itself and by the long way. */
function takenOneByOne(documents: readonly Document[], limits: PackLimits) {
  const packer = new Packer(limits);
  const codes: string[] = [];
  let accepted = 0;
  for (const [service, secondsBack, metrics] of documents) {
    packer.begin(service.normalize('NFC'), NOW - secondsBack * 1000);
    const refused: string[] = [];
    for (const [name, value] of Object.entries(Object.fromEntries(metrics))) {
      if (name.includes('{')) {
        codes.push('bad_name');
      } else if (typeof value !== 'number') {
        codes.push('not_a_number');
      } else {
        const added = packer.add(name.normalize('NFC'), value);
        if (typeof added === 'number') accepted++;
        else refused.push(added);
      }
    }
    codes.push(...refused);
  }
  return { parts: plain([...packer.takeClosed(), ...packer.finish()]), accepted, codes };
}

test('makes the same parts and problems as adding every sample by itself, whatever metrics the documents have in whichever order', () => {
  // One name is spelled in two ways, another is reserved.
  const name = fc.constantFrom('cpu', 'memory', '\u00e9', 'e\u0301', 'requests', 'x{y');
  const value = fc.oneof({ weight: 8, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) }, fc.constantFrom('1', null));
  const metrics = fc.uniqueArray(fc.tuple(name, value), { selector: ([each]) => each, minLength: 1 });
  const document = fc.tuple(fc.constantFrom('a', 'b', '\u00fc', 'u\u0308'), fc.integer({ min: 0, max: 3 * 3600 }), metrics);
  const limits: PackLimits = { ...LIMITS, partSamples: 7, partNameBytes: 14, openSamples: 16, seriesPerHour: 4, serviceHours: 6, seriesHours: 14 };
  fc.assert(fc.property(fc.array(document, { maxLength: 40, size: 'max' }), (documents) => {
    expect(taken(documents, limits)).toEqual(takenOneByOne(documents, limits));
  }), { numRuns: 500 });
});

test('says how to store what is beyond the caps on a whole source', () => {
  const intake = new Intake(RULES, { ...LIMITS, serviceHours: 1, seriesHours: 2 });
  const add = (service: string, metrics: Record<string, number>) => intake.add({ service, timestamp: '2026-11-23T11:59:00Z', metrics });
  const problem = (metric: string) => ({
    code: 'too_many_parts',
    message: 'beyond 1 pairs of service and hour, or 2 series counted in each hour anew, in one object or request: split the object',
    path: `metrics.${metric}`,
  });
  expect(add('a', { cpu: 1, memory: 2, requests: 3 })).toEqual({ accepted: 2, problems: [problem('requests')], untold: 0 });
  expect(add('b', { cpu: 1 })).toEqual({ accepted: 0, problems: [problem('cpu')], untold: 0 });
  expect(add('a', { cpu: 4 })).toEqual({ accepted: 1, problems: [], untold: 0 });
});

test('refused samples open no part', () => {
  const intake = new Intake(RULES, { ...LIMITS, seriesHours: 1 });
  for (const service of ['a', 'b']) intake.add({ service, timestamp: '2026-11-23T11:59:00Z', metrics: { cpu: 1 } });
  expect(intake.finish().map(({ service, samples }) => [service, samples])).toEqual([['a', 1]]);
});

test('tells no more problems of a document than it is asked for, and counts the others: a text for each would take more memory than there is', () => {
  const metrics = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`m${i}`, i % 3 === 0 ? 'bad' : i]));
  const limits: PackLimits = { ...LIMITS, seriesPerHour: 4 };
  const all = new Intake(RULES, limits).add({ service: 'a', timestamp: new Date(NOW).toISOString(), metrics });
  const some = new Intake({ ...RULES, mostProblems: 5 }, limits).add({ service: 'a', timestamp: new Date(NOW).toISOString(), metrics });
  expect([all.accepted, all.problems.length, all.untold]).toEqual([4, 26, 0]);
  expect([some.accepted, some.problems.length, some.untold]).toEqual([4, 10, 16]);
  // The first ones of each kind: bad values, then what is beyond the caps.
  expect(some.problems).toEqual([...all.problems.slice(0, 5), ...all.problems.slice(10, 15)]);
});
