import type { PlainQuery, PlainSeries } from './reference';
import { labelsOf, plain } from '../../lambda-src/metrics-api/prometheus/labels';
import fc from '../property';

/** Random samples, and random queries of the whole subset over them. */

export const START = Date.parse('2026-11-23T00:00:00Z');
const MINUTE = 60_000;
const LENGTH = 120 * MINUTE;

/** What the series are called, in the order of `samples`. */
export const NAMES = [
  ...['checkout', 'search'].flatMap((service) => ['cpu', 'memory', 'latency', 'a.b', 'a-b', 'a_b', '9lives', 'größe'].map((metric) => ({ service, metric }))),
  { service: 'größe "x"', metric: 'cpu' }, { service: 'a\\b', metric: 'cpu' }, { service: '__proto__', metric: '__proto__' },
];

const walk = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 200, maxLength: 200 }).map((moves) => {
  let at = 5000;
  return moves.map((move) => (at += move) / 100);
});
const equals = fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 200, maxLength: 200 });
const extreme = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 5e-324, -2.5e-310, 1.7e308, -1.7e308));
const odd = fc.array(extreme, { minLength: 200, maxLength: 200 });
/** Times between samples in half seconds: even ones, uneven ones, and gaps longer than the lookback. */
const gap = fc.oneof(
  { weight: 8, arbitrary: fc.constant(20) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 200 }) }, fc.integer({ min: 500, max: 1500 }));
const gaps = fc.array(gap, { minLength: 200, maxLength: 200 });

const track = fc.tuple(fc.oneof(walk, equals, odd), gaps, fc.nat(40)).map(([values, lengths, first]) => {
  const timestamps: number[] = [];
  let at = START + first * 500;
  for (const length of lengths) {
    // Of two samples with one time, Prometheus's selectors take either; so only where no query looks to the millisecond.
    const double = timestamps.length > 0 && length === 1 && at % 1000 !== 0;
    if (!double) at += length * 500;
    if (at < START + LENGTH) timestamps.push(at);
  }
  return { timestamps, values: timestamps.map((_, i) => (Object.is(values[i], -0) ? '-0' : String(values[i]))) };
});

export const samples: fc.Arbitrary<PlainSeries[]> = fc.array(track, { minLength: NAMES.length, maxLength: NAMES.length })
  .map((tracks) => tracks.map((one, i) => ({ labels: plain(labelsOf(NAMES[i])), ...one })));

const quoted = (text: string) => JSON.stringify(text);
/** Of whole seconds, as the times of evaluation are. */
const seconds = fc.oneof(
  fc.constantFrom('30s', '1m', '5m', '10m', '1h', '1m30s', '90', '1h5m', '45', '1d', '2000ms'), fc.integer({ min: 1, max: 4000 }).map((count) => `${count}s`));
const duration = fc.oneof({ weight: 5, arbitrary: seconds }, fc.constantFrom('0.5', '500ms', '1500ms', '10s1ms'));
const number = fc.oneof(
  fc.constantFrom('0', '1', '2', '-1', '0.5', '1e3', '.25', '0x1F', 'Inf', '-Inf', 'NaN', '1_000', '010', '5m', '1h30m', '1e-3', '3.', '100', '-0'),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }).map(String).filter((text) => !text.includes('e')));

const matcher = fc.oneof(
  fc.tuple(fc.constantFrom('=', '!='), fc.constantFrom('checkout', 'search', 'größe "x"', '', 'a\\b', '__proto__')).map(([operator, value]) => `service${operator}${quoted(value)}`),
  fc.tuple(fc.constantFrom('=~', '!~'), fc.constantFrom('check.*', 'checkout|search', '.+', '', 's', '(?i)SEARCH', 'gr.*', '[a-z]+', '^search$', '.*'))
    .map(([operator, value]) => `service${operator}${quoted(value)}`),
  fc.tuple(fc.constantFrom('=', '!=', '=~', '!~'), fc.constantFrom('a.b', '', 'a[.-]b', '.*', '.+', '9lives')).map(([operator, value]) => `metric${operator}${quoted(value)}`),
  fc.constantFrom('missing=""', 'missing!="x"', 'missing="x"', '__proto__=""'),
);
const nameMatcher = fc.tuple(fc.constantFrom('!=', '=~', '!~'), fc.constantFrom('cpu', 'a_b', 'cpu|memory', '.*e.*')).map(([operator, value]) => `,__name__${operator}${quoted(value)}`);
const matchers = fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, fc.array(matcher, { minLength: 1, maxLength: 2 })).map((all) => all.join(','));
const named = fc.tuple(fc.constantFrom('cpu', 'memory', 'latency', 'a_b', '_9lives', 'gr__e', '__proto__', 'nothing', 'sum'), matchers)
  .map(([name, inside]) => (inside ? `${name}{${inside}}` : name));
const selector = fc.oneof(
  { weight: 2, arbitrary: named },
  fc.tuple(fc.constantFrom('{"cpu"', '{__name__="memory"', '{__name__=~"cpu|memory|a_b"', '{service="checkout"', '{service=~".+"'), fc.oneof(fc.constant(''), nameMatcher), matchers)
    .map(([first, name, inside]) => (inside ? `${first}${name},${inside}}` : `${first}${name}}`)),
);
const offset = fc.oneof({ weight: 4, arbitrary: fc.constant('') }, seconds.map((length) => ` offset ${length}`), seconds.map((length) => ` offset -${length}`));

const rangeFunction = fc.constantFrom(
  'avg_over_time', 'min_over_time', 'max_over_time', 'sum_over_time', 'count_over_time', 'last_over_time', 'present_over_time', 'stddev_over_time', 'stdvar_over_time', 'delta');
const grouping = fc.tuple(fc.constantFrom('by', 'without'), fc.subarray(['service', 'metric', '__name__', 'missing'])).map(([kind, labels]) => `${kind} (${labels.join(', ')})`);
const optionalGrouping = fc.oneof(fc.constant(''), grouping);
const few = fc.constantFrom('1', '2', '3', '5');
const arithmetic = fc.constantFrom('+', '-', '*', '/', '%');
const comparison = fc.constantFrom('==', '!=', '>', '<', '>=', '<=');
/** Powers that are exact in every language, bare, so that what stands around them tells how strongly they bind. */
const power = fc.tuple(fc.constantFrom('0', '1', '2', '4', '-1', '-2'), fc.constantFrom('2 ^ 1', '0', '1', '3', '-1', '-2', 'Inf', 'NaN')).map((parts) => parts.join(' ^ '));

const instantSelector = fc.tuple(selector, offset).map((parts) => parts.join(''));
const overTime = fc.tuple(rangeFunction, selector, duration, offset).map(([name, inside, length, moved]) => `${name}(${inside}[${length}]${moved})`);
/** Selects one name, so that no two series become one. */
const overTimeOfOne = fc.tuple(rangeFunction, named, duration, offset).map(([name, inside, length, moved]) => `${name}(${inside}[${length}]${moved})`);

const { scalar, vector } = fc.letrec<{ scalar: string; ordered: string; vector: string }>((tie) => ({
  scalar: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: number },
    power,
    fc.tuple(fc.constantFrom('-', '+'), tie('scalar')).map(([sign, inside]) => `${sign}${inside}`),
    fc.tuple(tie('scalar'), arithmetic, tie('scalar')).map((parts) => parts.join(' ')),
    fc.tuple(tie('scalar'), comparison, tie('scalar')).map(([left, operator, right]) => `(${left} ${operator} bool ${right})`),
    tie('scalar').map((inside) => `(${inside})`),
  ),
  // What comes out of most operators comes in any order in Prometheus, by which sums and the choice between equals (of zeros, too) differ from run to run.
  ordered: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 2, arbitrary: fc.oneof(instantSelector, overTimeOfOne) },
    fc.tuple(fc.constantFrom('sum', 'avg', 'min', 'max', 'count', 'stddev', 'stdvar', 'group', 'SUM'), optionalGrouping, tie('ordered'))
      .map(([name, groups, inside]) => `${name} ${groups} (${inside})`),
  ),
  vector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 2, arbitrary: fc.oneof(instantSelector, overTime) },
    { weight: 3, arbitrary: tie('ordered') },
    fc.tuple(fc.constantFrom('topk', 'bottomk'), fc.oneof(number, few), fc.oneof(selector, tie('ordered')), optionalGrouping)
      .map(([name, parameter, inside, groups]) => `${name}(${parameter}, ${inside}) ${groups}`),
    fc.tuple(fc.constantFrom('count', 'group'), optionalGrouping, tie('vector')).map(([name, groups, inside]) => `${name} ${groups} (${inside})`),
    fc.tuple(tie('vector'), arithmetic, tie('scalar')).map((parts) => parts.join(' ')),
    fc.tuple(tie('scalar'), arithmetic, tie('vector')).map((parts) => parts.join(' ')),
    fc.tuple(tie('vector'), comparison, fc.constantFrom('', 'bool'), tie('scalar')).map((parts) => parts.join(' ')),
    fc.tuple(tie('scalar'), comparison, fc.constantFrom('', 'bool'), tie('vector')).map((parts) => parts.join(' ')),
    tie('vector').map((inside) => `-${inside}`),
    tie('vector').map((inside) => `(${inside})`),
  ),
}));
/** What is only nearly the same in two languages: powers, and quantiles, where of zeros either can be the lower. Nothing is made from it. */
const inexact = fc.oneof(
  fc.tuple(fc.constantFrom('avg_over_time', 'count_over_time', 'max_over_time'), named, duration, number).map(([name, inside, length, exponent]) => `(${name}(${inside}[${length}]) > 1e-9) ^ ${exponent}`),
  fc.tuple(number, named, duration).map(([base, inside, length]) => `${base} ^ count_over_time(${inside}[${length}])`),
  fc.tuple(number, selector, duration, offset).map(([quantile, inside, length, moved]) => `quantile_over_time(${quantile}, ${inside}[${length}]${moved})`),
  fc.tuple(number, vector, optionalGrouping).map(([quantile, inside, groups]) => `quantile(${quantile}, ${inside}) ${groups}`),
);

/** Whole seconds, so that they are none of the times that have two samples. */
const time = fc.integer({ min: -600, max: LENGTH / 1000 + 600 }).map((second) => START + second * 1000);

const instant: fc.Arbitrary<PlainQuery> = fc.record({
  query: fc.oneof({ weight: 5, arbitrary: vector }, scalar, inexact, fc.tuple(selector, duration, offset).map(([inside, length, moved]) => `${inside}[${length}]${moved}`)),
  start: time,
});
const range: fc.Arbitrary<PlainQuery> = fc.record({
  query: fc.oneof({ weight: 7, arbitrary: vector }, scalar, { weight: 2, arbitrary: inexact }),
  start: time,
  step: fc.oneof(fc.constantFrom(15_000, 60_000, 300_000), fc.integer({ min: 1, max: 1000 }).map((count) => count * 1000)),
  count: fc.integer({ min: 0, max: 60 }),
}).map(({ query: text, start, step, count }) => ({ query: text, start, step, end: start + step * count + Math.floor(step / 3) }));

export const query: fc.Arbitrary<PlainQuery> = fc.oneof(instant, range);

/** Texts that are queries, nearly, or not at all: words of queries in any order, and queries with a piece taken out or put twice. */
const WORDS = [
  'cpu', 'sum', 'by', 'without', '(', ')', '[', ']', '{', '}', ',', '5m', '1', '+', '-', '*', '^', '==', 'bool', '>', 'offset', '@', '"x"', '\'', 'service', '=', '=~', '!~', '!=', ':',
  'and', 'on', 'sum_over_time', 'topk', 'Inf', 'rate', '1h5m', '5', '#', '.', '0x', '1e', 'group_left', '`a`', '\\', 'é', 'time', 'inf', ' ', 'start', 'a:b', ';',
];
export const nearly: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 8 }).map((words) => words.join(' ')),
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 }).map((words) => words.join('')),
  fc.tuple(vector, fc.nat(), fc.integer({ min: 0, max: 3 }), fc.constantFrom('', ...WORDS))
    .map(([text, place, length, word]) => text.slice(0, place % (text.length + 1)) + word + text.slice(place % (text.length + 1) + length)),
);
