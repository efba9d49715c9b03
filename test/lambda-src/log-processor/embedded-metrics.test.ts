import { documentsOf } from '../../../lambda-src/log-processor/embedded-metrics';
import { Intake } from '../../../lambda-src/shared/intake';
import fc from '../../property';

const TIME = '2026-11-23T11:59:00.123Z';
const RULES = { eventTime: Date.parse('2026-11-23T12:00:00Z'), sampleRetentionDays: 63 };

interface Directive { Namespace?: unknown; Dimensions?: unknown; Metrics?: unknown }
const DIRECTIVE: Directive = { Namespace: 'Shop', Dimensions: [['service', 'region']], Metrics: [{ Name: 'latency', Unit: 'Milliseconds' }] };
const embedded = (directives: unknown, members: object = {}, Timestamp: unknown = Date.parse(TIME)) => ({
  _aws: { Timestamp, CloudWatchMetrics: directives }, service: 'checkout', region: 'eu-west-1', latency: 12, ...members,
});
/** What the product takes of the documents: how many samples, and what it refuses. */
const check = (value: unknown) => {
  const intake = new Intake(RULES);
  return documentsOf(value).map((document) => intake.add(document));
};
const problemsOf = (value: unknown) => (
  check(value).flatMap(({ problems }) => problems.map(({ code, path }) => (path === undefined ? code : `${code} ${path}`)))
);

describe('what is no embedded metric format stands for itself', () => {
  test.each<[string, unknown]>([
    ['the product\'s own shape', { service: 'a', timestamp: TIME, metrics: { cpu: 1 } }],
    ['no object', 'text'],
    ['null', null],
    ['an array', [embedded([DIRECTIVE])]],
    ['_aws that is no object', { _aws: [], service: 'a' }],
    ['no directives', embedded([])],
    ['directives that are no array', embedded(DIRECTIVE)],
    ['members of a prototype only', Object.create(embedded([DIRECTIVE]))],
  ])('%s', (_, value) => {
    const documents = documentsOf(value);
    expect(documents).toHaveLength(1);
    expect(documents[0]).toBe(value);
  });
});

test('what an embedded metric line of Lambda Powertools stands for', () => {
  expect(documentsOf({
    _aws: {
      Timestamp: Date.parse(TIME),
      CloudWatchMetrics: [{
        Namespace: 'Shop',
        Dimensions: [['service', 'environment']],
        Metrics: [{ Name: 'orders', Unit: 'Count' }, { Name: 'latency', Unit: 'Milliseconds', StorageResolution: 1 }],
      }],
    },
    service: 'checkout',
    environment: 'prod',
    orders: 3,
    latency: [12.5, 80],
    request_id: 'a1b2',
  })).toEqual([
    { service: 'checkout', timestamp: TIME, metrics: { orders: 3, latency: 12.5 } },
    { service: 'checkout', timestamp: TIME, metrics: { latency: 80 } },
  ]);
});

describe('the service', () => {
  test.each<[string, unknown, object, string]>([
    ['the dimension service', [['service']], {}, 'checkout'],
    ['the dimension Service', [['Service']], { Service: 'basket' }, 'basket'],
    ['the dimension ServiceName', [['region'], ['region', 'ServiceName']], { ServiceName: 'basket' }, 'basket'],
    ['the first of them, whatever their order', [['ServiceName', 'Service'], ['service']], { ServiceName: 'a', Service: 'b' }, 'checkout'],
    ['the next where one is empty', [['service', 'Service']], { service: '', Service: 'basket' }, 'basket'],
    ['the next where one is no text', [['service', 'Service']], { service: 7, Service: 'basket' }, 'basket'],
    ['no member that is not a dimension', [['region']], {}, 'Shop'],
    ['the namespace without dimensions', undefined, {}, 'Shop'],
    ['the namespace with the empty dimension set', [[]], {}, 'Shop'],
    ['the namespace where the dimensions make no sense', [null, 'service', { service: 1 }], {}, 'Shop'],
  ])('%s', (_, Dimensions, members, service) => (
    expect(documentsOf(embedded([{ ...DIRECTIVE, Dimensions }], members))).toEqual([{ service, timestamp: TIME, metrics: { latency: 12 } }])
  ));
});

test('a metric is taken once for each directive, however many dimension sets and definitions name it', () => {
  const twice = { ...DIRECTIVE, Dimensions: [['service'], ['service', 'region'], []], Metrics: [{ Name: 'latency' }, { Name: 'latency', Unit: 'Count' }] };
  expect(documentsOf(embedded([twice, { Namespace: 'Region', Metrics: [{ Name: 'latency' }] }]))).toEqual([
    { service: 'checkout', timestamp: TIME, metrics: { latency: 12 } },
    { service: 'Region', timestamp: TIME, metrics: { latency: 12 } },
  ]);
});

test('arrays of different lengths, with a bad value among them', () => {
  const value = embedded([{ ...DIRECTIVE, Metrics: [{ Name: 'a' }, { Name: 'b' }, { Name: 'c' }] }], { a: [1, 2, 3], b: 4, c: [5, 'x'] });
  expect(documentsOf(value).map((document) => (document as { metrics: object }).metrics)).toEqual([{ a: 1, b: 4, c: 5 }, { a: 2, c: 'x' }, { a: 3 }]);
  expect(check(value).map(({ accepted }) => accepted)).toEqual([3, 1, 1]);
  expect(problemsOf(value)).toEqual(['not_a_number metrics.c']);
});

describe('what breaks the format is refused, and nothing beside it', () => {
  test.each<[string, object, string[]]>([
    ['a directive that is null', embedded([null]), ['not_an_object']],
    ['a directive that is an array', embedded([[DIRECTIVE]]), ['not_an_object']],
    ['no metrics', embedded([{ ...DIRECTIVE, Metrics: undefined }]), ['no_metrics metrics']],
    ['metrics that are no array', embedded([{ ...DIRECTIVE, Metrics: { Name: 'latency' } }]), ['no_metrics metrics']],
    ['an empty list of metrics', embedded([{ ...DIRECTIVE, Metrics: [] }]), ['no_metrics metrics']],
    ['no namespace, nor a service', embedded([{ Metrics: DIRECTIVE.Metrics }]), ['no_service service']],
    ['a namespace that is no text', embedded([{ Namespace: 1, Metrics: DIRECTIVE.Metrics }]), ['no_service service']],
    ['a definition without a name', embedded([{ ...DIRECTIVE, Metrics: [{ Unit: 'Count' }] }]), ['bad_name metrics.']],
    ['a definition whose name is no text', embedded([{ ...DIRECTIVE, Metrics: [{ Name: ['latency'] }] }]), ['bad_name metrics.']],
    ['a definition that is no object', embedded([{ ...DIRECTIVE, Metrics: ['latency'] }]), ['bad_name metrics.']],
    ['a missing value', embedded([{ ...DIRECTIVE, Metrics: [{ Name: 'cpu' }] }]), ['not_a_number metrics.cpu']],
    ['a value that only a prototype has', embedded([{ ...DIRECTIVE, Metrics: [{ Name: 'toString' }] }]), ['not_a_number metrics.toString']],
    ['a name that is none for most', embedded([{ ...DIRECTIVE, Metrics: [{ Name: '__proto__' }] }]), ['not_a_number metrics.__proto__']],
    ['a statistic set', embedded([DIRECTIVE], { latency: { Min: 1, Max: 2, Sum: 3, Count: 2 } }), ['not_a_number metrics.latency']],
    ['an empty array', embedded([DIRECTIVE], { latency: [] }), ['not_a_number metrics.latency']],
  ])('%s', (_, value, problems) => {
    expect(problemsOf(value)).toEqual(problems);
    expect(check(value).map(({ accepted }) => accepted)).toEqual([0]);
  });

  test('the others of its object are stored', () => {
    const metrics = [{ Name: 'cpu' }, { Name: 'latency' }, {}];
    const value = embedded([null, { ...DIRECTIVE, Metrics: metrics }, { Metrics: [] }]);
    expect(problemsOf(value)).toEqual(['not_an_object', 'not_a_number metrics.cpu', 'bad_name metrics.', 'no_service service']);
    expect(check(value).map(({ accepted }) => accepted)).toEqual([0, 1, 0]);
  });

  test.each([undefined, null, '1763899140123', TIME, NaN, 1e300, {}])('a timestamp that is no time: %p', (timestamp) => {
    const aws = { Timestamp: timestamp, CloudWatchMetrics: [DIRECTIVE] };
    const problems = check({ _aws: aws, service: 'checkout', latency: 12 }).flatMap((taken) => taken.problems);
    expect(problems).toMatchObject([{ code: 'bad_time', message: expect.stringContaining('_aws.Timestamp, which is no number of milliseconds') }]);
  });

  test('seconds in the place of milliseconds', () => {
    expect(problemsOf(embedded([DIRECTIVE], {}, Math.floor(Date.parse(TIME) / 1000)))).toEqual(['too_old timestamp']);
  });
});

test('many directives that name one long array do not fill the memory', () => {
  const value = embedded(Array.from({ length: 50 }, () => DIRECTIVE), { latency: Array.from({ length: 40_000 }, (_, i) => i) });
  const taken = check(value);
  expect(taken.filter(({ accepted }) => accepted === 1)).toHaveLength(80_000);
  expect(taken.flatMap(({ problems }) => problems)).toEqual(Array.from({ length: 48 }, () => (
    { code: 'not_a_number', message: expect.stringContaining('beyond the 100000'), path: 'metrics.latency' }
  )));
});

test('whatever comes is neither thrown at nor passed over in silence', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const name = fc.constantFrom('service', 'Service', 'latency', 'cpu', '__proto__', '');
  const mostly = <T>(usual: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: usual as fc.Arbitrary<unknown> }, json);
  const record = (members: Record<string, fc.Arbitrary<unknown>>) => fc.record(members, { requiredKeys: [] });
  const definition = record({ Name: mostly(name), Unit: json });
  const directive = record({
    Namespace: mostly(fc.string()), Dimensions: mostly(fc.array(mostly(fc.array(mostly(name))))), Metrics: mostly(fc.array(mostly(definition))),
  });
  const aws = record({ Timestamp: mostly(fc.double()), CloudWatchMetrics: mostly(fc.array(mostly(directive))) });
  const object = record({
    _aws: mostly(aws), service: mostly(fc.string()), latency: mostly(fc.array(fc.double())), cpu: mostly(fc.double()), timestamp: json, metrics: json,
  });
  fc.assert(fc.property(mostly(object), (value) => {
    const found = check(value);
    expect(found.length).toBeGreaterThan(0);
    for (const { accepted, problems } of found) expect(accepted + problems.length).toBeGreaterThan(0);
  }), { numRuns: 1000 });
});
