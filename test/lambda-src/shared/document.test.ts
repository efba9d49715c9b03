import type { DocumentRules, Problem } from '../../../lambda-src/shared/document';
import { Intake } from '../../../lambda-src/shared/intake';
import { parseTime } from '../../../lambda-src/shared/rfc3339';
import { decodePart } from '../../../lambda-src/timeseries/part';
import fc from '../../property';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const RULES = { eventTime: NOW, sampleRetentionDays: 63 };
const GOOD = { service: 'checkout', timestamp: '2026-11-23T11:59:00Z', metrics: { cpu: 42 } };

interface Taken { service?: string; timestamp?: number; metrics: [string, number][]; problems: readonly Problem[] }

/** What an intake takes of one document, and what it does not. */
function take(input: unknown, rules: DocumentRules = RULES): Taken {
  const intake = new Intake(rules);
  const { accepted, problems } = intake.add(input);
  const [part] = intake.finish();
  const metrics = part ? [...decodePart(part.bytes)].map(([metric, { values }]): [string, number] => [metric, values[0]]) : [];
  expect(metrics).toHaveLength(accepted);
  return { ...part && { service: part.service, timestamp: part.first }, metrics, problems };
}

test('the product\'s own shape, other fields ignored', () => {
  expect(take({ ...GOOD, host: 'a', metrics: { cpu: 42, memory: 512.5, requests: -0 } })).toEqual({
    service: 'checkout', timestamp: Date.parse('2026-11-23T11:59:00Z'), metrics: [['cpu', 42], ['memory', 512.5], ['requests', -0]], problems: [],
  });
});

describe('a document that cannot be stored', () => {
  test.each([
    ['a number', 42, 'not_an_object', undefined],
    ['null', null, 'not_an_object', undefined],
    ['an array', [], 'not_an_object', undefined],
    ['no service', { ...GOOD, service: undefined }, 'no_service', 'service'],
    ['an empty service', { ...GOOD, service: '' }, 'no_service', 'service'],
    ['a service that is no text', { ...GOOD, service: 7 }, 'no_service', 'service'],
    ['a service of 257 bytes', { ...GOOD, service: 'é'.repeat(128) + 'x' }, 'bad_name', 'service'],
    ['a service with a control character', { ...GOOD, service: 'a\nb' }, 'bad_name', 'service'],
    ['a service with half a surrogate pair', { ...GOOD, service: 'a\ud800' }, 'bad_name', 'service'],
    ['no timestamp', { ...GOOD, timestamp: undefined }, 'bad_time', 'timestamp'],
    ['a timestamp that is a number', { ...GOOD, timestamp: 1764000000 }, 'bad_time', 'timestamp'],
    ['a timestamp without zone', { ...GOOD, timestamp: '2026-11-23T11:59:00' }, 'bad_time', 'timestamp'],
    ['hour 24, which is ISO 8601 only', { ...GOOD, timestamp: '2026-11-22T24:00:00Z' }, 'bad_time', 'timestamp'],
    ['a day that does not exist', { ...GOOD, timestamp: '2026-11-31T11:59:00Z' }, 'bad_time', 'timestamp'],
    ['a time older than the retention less a day', { ...GOOD, timestamp: '2026-09-22T11:59:59.999Z' }, 'too_old', 'timestamp'],
    ['a time more than 2 h ahead', { ...GOOD, timestamp: '2026-11-23T14:00:00.001Z' }, 'future', 'timestamp'],
    ['no metrics', { ...GOOD, metrics: undefined }, 'no_metrics', 'metrics'],
    ['empty metrics', { ...GOOD, metrics: {} }, 'no_metrics', 'metrics'],
    ['metrics that are an array', { ...GOOD, metrics: [1] }, 'no_metrics', 'metrics'],
  ])('%s', (_, input, code, path) => {
    expect(take(input)).toEqual({ metrics: [], problems: [{ code, message: expect.stringMatching(/./), ...path && { path } }] });
  });
});

test.each([
  ['the oldest that is taken', '2026-09-22T12:00:00Z'],
  ['the furthest ahead', '2026-11-23T14:00:00Z'],
])('%s', (_, timestamp) => {
  expect(take({ ...GOOD, timestamp }).problems).toEqual([]);
});

test('one bad value leaves the others of its document', () => {
  const metrics = { 'a': 1, 'b': '2', 'c': null, 'd': Infinity, 'e': NaN, 'f': true, 'g': {}, 'x{y': 3, 'y}': 4, '': 5, 't\tb': 6, 'z': 7 };
  const { metrics: taken, problems } = take({ ...GOOD, metrics });
  expect(taken).toEqual([['a', 1], ['z', 7]]);
  expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    ...['b', 'c', 'd', 'e', 'f', 'g'].map((name) => `not_a_number metrics.${name}`),
    ...['x{y', 'y}', '', 't\tb'].map((name) => `bad_name metrics.${name}`),
  ]);
});

test('names are normalised, and limits count the bytes of the normal form', () => {
  const { service, metrics } = take({ ...GOOD, service: 'e\u0301'.repeat(128), metrics: { ü: 1 } });
  expect(service).toBe('\u00e9'.repeat(128));
  expect(metrics).toEqual([['\u00fc', 1]]);
});

test('two spellings of one name in one document are two samples of one metric', () => {
  const intake = new Intake(RULES);
  expect(intake.add({ ...GOOD, metrics: { ü: 1, ü: 2 } })).toMatchObject({ accepted: 2, problems: [] });
  const [part] = intake.finish();
  expect([...decodePart(part.bytes)].map(([metric, { values }]) => [metric, Array.from(values)])).toEqual([['\u00fc', [1, 2]]]);
});

test('names that mean something to JavaScript are names like others', () => {
  const input = JSON.parse('{"service":"constructor","timestamp":"2026-11-23T11:59:00Z","metrics":{"__proto__":1,"toString":2}}');
  expect(take(input)).toMatchObject({ service: 'constructor', metrics: [['__proto__', 1], ['toString', 2]] });
});

test('the timestamp is optional only where the rules say so', () => {
  const { timestamp: _, ...posted } = GOOD;
  expect(take(posted, { ...RULES, timestampOptional: true }).timestamp).toBe(NOW);
  expect(take({ ...GOOD, timestamp: null }, { ...RULES, timestampOptional: true }).problems[0].code).toBe('bad_time');
});

test.each([
  ['2026-11-23T11:59:00Z', '2026-11-23T11:59:00.000Z'],
  ['2026-11-23t11:59:00.123456z', '2026-11-23T11:59:00.123Z'],
  ['2026-11-23 11:59:00+05:30', '2026-11-23T06:29:00.000Z'],
  ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
])('the time %s', (text, iso) => {
  expect(new Date(parseTime(text)!).toISOString()).toBe(iso);
});

test.each(['2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-11-23T24:01:00Z', '2026-11-23T11:60:00Z', '2026-11-23', 'yesterday', '+012026-11-23T11:59:00Z'])(
  'no time: %s', (text) => expect(parseTime(text)).toBeUndefined(),
);

test('the usual spelling of a time is read as any other is', () => {
  // Written the slow way, by the engine: to the millisecond, finer digits cut off.
  const slow = (text: string) => Date.parse(text.replace(/\.(\d{1,3})\d*/, '.$1'));
  const pad = (number: number, length = 2) => String(number).padStart(length, '0');
  const fields = fc.tuple(
    fc.integer({ min: 1970, max: 2100 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 25 }),
    fc.integer({ min: 0, max: 61 }), fc.integer({ min: 0, max: 61 }), fc.constantFrom('', '.0', '.5', '.12', '.123', '.123456789', '.', '.x', '.1234567890123'),
  );
  fc.assert(fc.property(fields, ([year, month, day, hour, minute, second, fraction]) => {
    const text = `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}Z`;
    const exists = day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate() && month >= 1 && month <= 12;
    const expected = exists && hour < 24 && minute < 60 && second < 60 && /^(\.\d+)?$/.test(fraction) ? slow(text) : undefined;
    expect(parseTime(text)).toBe(expected);
    // In lower case and with an offset it takes the other way.
    expect(parseTime(text.replace('T', 't').replace('Z', '+00:00'))).toBe(expected);
  }), { numRuns: 2_000 });
});

test('an intake makes parts and tells what is beyond the caps', () => {
  const intake = new Intake(RULES);
  const metrics = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`m${i}`, i]));
  const { accepted, problems } = intake.add({ ...GOOD, metrics });
  expect(accepted).toBe(1000);
  expect(problems).toEqual([expect.objectContaining({ code: 'too_many_series', path: 'metrics.m1000' })]);
  expect(intake.add({ ...GOOD, metrics: { m0: 1, m1: 'x' } })).toMatchObject({ accepted: 1, problems: [{ code: 'not_a_number' }] });
  expect(intake.add('nonsense')).toMatchObject({ accepted: 0, problems: [{ code: 'not_an_object' }] });
  expect(intake.finish().map(({ bytes }) => Array.from(decodePart(bytes).get('m0')!.values))).toEqual([[0, 1]]);
});
