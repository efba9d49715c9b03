import { resumeToken, type Slice, sliceOf } from '../../../lambda-src/backfill/request';

const NOW = Date.parse('2026-11-23T12:30:00.123Z');
const SLICE: Slice = { prefix: 'checkout/', perSecond: 5, startedAt: '2026-11-20T00:00:00.000Z', after: 'checkout/ü 1.json' };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('without members it begins with everything, at 20 objects a second, and remembers when', () => {
  expect(sliceOf({}, '', NOW)).toEqual({ prefix: '', perSecond: 20, startedAt: '2026-11-23T12:30:00.123Z' });
  expect(sliceOf({}, 'app-logs/', NOW).prefix).toBe('app-logs/');
});

test('prefix and rate are taken', () => {
  expect(sliceOf({ prefix: 'app-logs/a', perSecond: 1000 }, 'app-logs/', NOW)).toEqual({
    prefix: 'app-logs/a', perSecond: 1000, startedAt: '2026-11-23T12:30:00.123Z',
  });
});

test('a token carries all of the backfill, its beginning included', () => {
  const token = resumeToken(SLICE);
  expect(token).toMatch(/^[\w-]+$/);
  expect(sliceOf({ resume: token }, '', NOW)).toEqual(SLICE);
  expect(sliceOf({ resume: token }, 'checkout/', NOW + 1e9)).toEqual(SLICE);
});

test.each<[unknown, string]>([
  [null, 'payload is null; expected an object. Send {} for all log objects, or {"prefix": "checkout/"} for some.'],
  ['checkout/', 'payload is "checkout/"; expected an object. Send {} for'],
  [[], 'payload is []; expected an object.'],
  [undefined, 'payload is missing; expected an object.'],
  [{ prefix: 7 }, 'payload.prefix is 7; expected a text that starts with "app-logs/", the keyPrefix of this deployment. Leave it out for all log objects.'],
  [{ prefix: 'other/' }, 'payload.prefix is "other/"; expected a text that starts with "app-logs/"'],
  [{ prefix: 'app' }, 'payload.prefix is "app"; expected a text that starts with "app-logs/"'],
  [{ perSecond: 0 }, 'payload.perSecond is 0; expected a whole number from 1 to 1000. Leave it out for 20 objects a second.'],
  [{ perSecond: 1001 }, 'payload.perSecond is 1001; expected a whole number from 1 to 1000.'],
  [{ perSecond: 2.5 }, 'payload.perSecond is 2.5; expected a whole number'],
  [{ perSecond: '20' }, 'payload.perSecond is "20"; expected a whole number'],
  [{ persecond: 20 }, 'payload.persecond is 20; expected only prefix, perSecond, resume. Leave it out.'],
  [{ resume: resumeToken(SLICE), prefix: 'checkout/' },
    'payload.prefix is "checkout/"; expected nothing beside payload.resume. The token holds all the rest: send it alone.'],
  [{ resume: null }, 'payload.resume is null; expected "next" of an earlier answer, unchanged. Begin again with a prefix: what is stored already stays as it is.'],
  [{ resume: 'x'.repeat(500) }, `payload.resume is "${'x'.repeat(79)}...; expected "next" of an earlier answer`],
  [{ resume: resumeToken(SLICE) },
    'payload.resume.prefix is "checkout/"; expected a text that starts with "app-logs/", the keyPrefix of this deployment.'],
])('%j is refused: %s', (payload, message) => {
  expect(() => sliceOf(payload, 'app-logs/', NOW)).toThrow(message);
  expect(() => sliceOf(payload, 'app-logs/', NOW)).toThrow(expect.objectContaining({ name: 'BadPayload' }));
});

test.each<[string, unknown]>([
  ['that is not base64url', `${resumeToken(SLICE)}=`],
  ['that was cut', resumeToken(SLICE).slice(0, -4)],
  ['that is no object', encoded(null)],
  ['with another member', encoded({ ...SLICE, more: 1 })],
  ['without a key', encoded({ ...SLICE, after: undefined })],
  ['whose key lies elsewhere', encoded({ ...SLICE, after: 'orders/1.json' })],
  ['without a rate', encoded({ ...SLICE, perSecond: undefined })],
  ['with a rate beyond the limit', encoded({ ...SLICE, perSecond: 100_000 })],
  ['without a beginning', encoded({ ...SLICE, startedAt: undefined })],
  ['whose beginning is no time', encoded({ ...SLICE, startedAt: 'yesterday' })],
  ['whose beginning is in another form', encoded({ ...SLICE, startedAt: '2026-11-20' })],
  ['whose prefix is no text', encoded({ ...SLICE, prefix: ['checkout/'] })],
  ['that is no text', { prefix: 'checkout/' }],
])('a token %s is refused', (_, resume) => {
  expect(() => sliceOf({ resume }, '', NOW)).toThrow(/^payload\.resume is .*; expected "next" of an earlier answer, unchanged\. Begin again/);
});
