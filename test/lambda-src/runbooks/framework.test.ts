import { changesBeforeOnset } from '../../../lambda-src/runbooks/framework/changes';
import { decide, holds, type Judgement, type RuleBook, ruledOut, told, unknown } from '../../../lambda-src/runbooks/framework/decide';
import type { RunbookDefinition } from '../../../lambda-src/runbooks/framework/definition';
import { errorKind, namedDependency } from '../../../lambda-src/runbooks/framework/error-kinds';
import { EvidenceSet } from '../../../lambda-src/runbooks/framework/evidence';
import { Links } from '../../../lambda-src/runbooks/framework/links';
import { isErrorLine, parseLine } from '../../../lambda-src/runbooks/framework/log-line';
import { differences, mask, patternsOf } from '../../../lambda-src/runbooks/framework/patterns';
import { type Change, type Look, type Point, type Port } from '../../../lambda-src/runbooks/framework/port';
import { runRunbook } from '../../../lambda-src/runbooks/framework/run';
import { throttling } from '../../../lambda-src/runbooks/framework/throttles';
import { MINUTE } from '../../../lambda-src/runbooks/framework/time';
import { findWindows, windowsFrom } from '../../../lambda-src/runbooks/framework/windows';
import { general } from '../../../lambda-src/runbooks/general/definition';
import { requestOf, runScenario } from '../../../lambda-src/scenarios/run-scenario';
import { parseScenario } from '../../../lambda-src/scenarios/schema';
import { World } from '../../../lambda-src/scenarios/world';
import type { AlarmFacts, Evidence } from '../../../src/private/shared/contract';
import fc from '../../property';

const alarmAt = Date.parse('2026-11-20T10:00:00Z');
const scenario = parseScenario({
  title: 'base',
  runbook: 'general',
  alarm: { namespace: 'AWS/X', metric: 'Bad', threshold: 5, at: '2026-11-20T10:00:00Z' },
  world: { metrics: [{ metric: 'AWS/X/Bad', values: { '-8d..-20m': 1, '-20m..+5m': 40 } }] },
  expect: { rule: 'GE-02' },
});
const { alarm } = requestOf(scenario, new World(scenario));

/** Points a minute, oldest first, the last one just before the alarm. */
const minutes = (values: (number | undefined)[], end = alarmAt): Point[] =>
  values.flatMap((value, index) => value === undefined ? [] : [{ time: end - (values.length - index) * MINUTE, value }]);

describe('windows', () => {
  const windows = (values: (number | undefined)[], options: Partial<AlarmFacts> = {}, now = alarmAt + 10 * MINUTE, end = alarmAt) =>
    windowsFrom({ ...alarm, ...options }, minutes(values, end), 60, alarmAt, now);

  test('the onset is the first bad period of those that led to the alarm', () => {
    expect((alarmAt - windows([0, 0, 9, 9, 9, 9]).onset) / MINUTE).toBe(4);
    expect((alarmAt - windows([9, 0, 0, 0, 0, 9, 9, 9]).onset) / MINUTE).toBe(3);
  });

  test('a single healthy period does not begin a new incident; those that the alarm allows neither', () => {
    expect((alarmAt - windows([0, 9, 0, 9, 9]).onset) / MINUTE).toBe(4);
    expect((alarmAt - windows([0, 9, 0, 0, 0, 9, 9], { evaluationPeriods: 5, datapointsToAlarm: 2 }).onset) / MINUTE).toBe(6);
  });

  test('without a bad period the onset is one evaluation before the alarm', () => {
    expect(windows([0, 0, 0])).toMatchObject({ onsetFound: false, onset: alarmAt - 3 * MINUTE });
    expect(windows([])).toMatchObject({ onsetFound: false });
    expect(windows([]).recovered).toBeUndefined();
  });

  test('the incident window ends five minutes after the alarm, at most now; baselines are as long and end at its start', () => {
    const { incident, before, lastWeek } = windows([0, 9, 9, 9, 9, 9]);
    expect(incident).toEqual({ start: alarmAt - 5 * MINUTE, end: alarmAt + 5 * MINUTE });
    expect(before).toEqual({ start: alarmAt - 15 * MINUTE, end: alarmAt - 5 * MINUTE });
    expect(lastWeek.end).toBe(before.end - 7 * 24 * 60 * MINUTE);
    expect(windows([9, 9, 9], {}, alarmAt + MINUTE).incident.end).toBe(alarmAt + MINUTE);
  });

  test('three healthy periods outside the lag mean recovered; inside it they prove nothing; a bad one inside disproves', () => {
    const values = [9, 9, 9, 0, 0, 0];
    const end = alarmAt + 3 * MINUTE;
    expect(windows(values, {}, alarmAt + 10 * MINUTE, end)).toMatchObject({ recovered: true, lastBad: alarmAt });
    expect(windows(values, {}, alarmAt + 3 * MINUTE, end).recovered).toBe(false);
    expect(windows([...values, 9], {}, alarmAt + 10 * MINUTE, alarmAt + 4 * MINUTE).recovered).toBe(false);
    expect(windows([9, 9, 9, undefined, undefined, undefined], {}, alarmAt + 10 * MINUTE, end).recovered).toBe(false);
  });

  test('a threshold from below, FILL of one metric, and expressions without a usable threshold', () => {
    expect((alarmAt - windows([50, 50, 1, 1, 1], { comparison: 'LessThanThreshold' }).onset) / MINUTE).toBe(3);
    expect((alarmAt - windows([0, 0, 9, 9, 9], { expression: 'FILL(m1, 0)' }).onset) / MINUTE).toBe(3);
    const step = windows([100, 101, 99, 100, 400, 400, 400, 100, 100, 100], { expression: 'm1 / m2 * 100' }, alarmAt + 10 * MINUTE, alarmAt + 3 * MINUTE);
    expect((alarmAt - step.onset) / MINUTE).toBe(3);
    // A step shows when it began; that it is over only the alarm's own terms can say.
    expect(step.recovered).toBeUndefined();
  });

  test('a sum of FILLs is added up from all its metrics, with silence as zero after the first point', async () => {
    const series = (metric: string, values: Record<string, number>) => ({ metric: `AWS/DynamoDB/${metric}`, dimensions: { TableName: 't' }, values });
    const world = (metrics: object[]) => new World(parseScenario({ ...scenario, world: { metrics } }));
    const metric = (name: string) => ({ namespace: 'AWS/DynamoDB', name, dimensions: { TableName: 't' }, statistic: 'Sum', period: 60 });
    const facts = { ...alarm, metrics: [metric('ReadThrottleEvents'), metric('WriteThrottleEvents')], expression: 'FILL(r, 0) + FILL(w, 0)' };
    const { windows: found } = await findWindows(
      world([series('ReadThrottleEvents', { '-9m..-1m': 3 }), series('WriteThrottleEvents', { '-6m..-2m': 3 })]), facts, alarmAt + 10 * MINUTE);
    // Only where both throttle the sum passes the threshold of five.
    expect(found).toMatchObject({ onset: alarmAt - 6 * MINUTE, lastBad: alarmAt - 2 * MINUTE, recovered: true });
    expect((await findWindows(world([]), facts, alarmAt + 10 * MINUTE)).windows.recovered).toBeUndefined();
  });
});

describe('log lines', () => {
  test.each([
    ['{"level":"ERROR","errorType":"TypeError","message":"x is undefined"}', true, 'TypeError'],
    ['{"timestamp":"t","level":"ERROR","message":{"errorType":"RangeError","errorMessage":"bad"}}', true, 'RangeError'],
    ['{"level":"INFO","message":"0 errors"}', false, undefined],
    ['2026-11-20T10:00:00.000Z\t5f0c2a68-1111-4222-8333-444455556666\tERROR\tInvoke Error\t{"errorType":"Error","errorMessage":"boom"}', true, 'Error'],
    ['2026-11-20T10:00:00.000Z\t5f0c2a68-1111-4222-8333-444455556666\tINFO\tno error here', false, undefined],
    ['[ERROR] ValueError: no such order', true, 'ValueError'],
    ['java.lang.NullPointerException: Cannot invoke', true, 'java.lang.NullPointerException'],
    ['REPORT RequestId: 5f0c Duration: 3000 ms Status: timeout', false, undefined],
    ['{"type":"platform.report","record":{"status":"timeout"}}', true, undefined],
    // Lambda's JSON format, of an error and of an object that holds one.
    ['{"level":"ERROR","requestId":"5f0c","message":{"errorType":"TypeError","errorMessage":"x is undefined","stackTrace":[]}}', true, 'TypeError'],
    ['{"level":"ERROR","requestId":"5f0c","message":{"message":"order failed","error":{"errorType":"AccessDeniedException","errorMessage":"not authorized"}}}', true, 'AccessDeniedException'],
    ['{"level":"INFO","requestId":"5f0c","message":{"message":"order failed before","errors":0}}', false, undefined],
  ])('%s', (message, isError, errorType) => {
    expect(isErrorLine(message)).toBe(isError);
    if (isError) expect(parseLine(message).errorType).toBe(errorType);
  });

  test('what an object says that was told in Lambda\'s JSON format is what the line says', () => {
    const inner = { message: 'order failed', error: { errorType: 'AccessDeniedException', errorMessage: 'not authorized' } };
    const line = parseLine(JSON.stringify({ timestamp: '2026-11-20T10:00:00Z', level: 'ERROR', requestId: '5f0c', message: inner }));
    expect(line).toEqual({ level: 'ERROR', text: 'order failed: AccessDeniedException: not authorized', errorType: 'AccessDeniedException' });
  });

  test('never fails, whatever a line holds', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(typeof isErrorLine(text)).toBe('boolean');
      expect(mask(text)).not.toMatch(/[0-9]/);
    }));
  });

  test('lines that differ in ids, numbers and times are one pattern; what rose most comes first, not what is loudest', () => {
    const lines = (message: (index: number) => string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ time: alarmAt + index, message: message(index) }));
    const old = (index: number) => `ERROR retry ${index} of order 5f0c2a68-1111-4222-8333-4444555566${10 + index % 80}`;
    const fresh = (index: number) => `ERROR cannot read item ${index} at 2026-11-20T10:00:0${index % 9}Z from 10.0.0.${index}`;
    const before = patternsOf(lines(old, 30));
    const now = patternsOf([...lines(old, 32), ...lines(fresh, 9)]);
    expect(now.map(({ pattern, count }) => [pattern, count])).toEqual([
      ['ERROR retry <n> of order <id>', 32], ['ERROR cannot read item <n> at <time> from <ip>', 9],
    ]);
    const span = { start: 0, end: 10 * MINUTE };
    expect(differences(now, span, before, span).map(({ pattern, isNew }) => [pattern.count, isNew])).toEqual([[9, true], [32, false]]);
  });

  test.each([
    ['Task timed out after 3.00 seconds', 'TIMEOUT', undefined],
    ['User: x is not authorized to perform: dynamodb:PutItem on resource: y', 'ACCESS_DENIED', 'dynamodb:PutItem'],
    ['getaddrinfo ENOTFOUND payments.internal', 'DNS', 'payments.internal'],
    ['connect ECONNREFUSED 10.0.3.7:5432', 'CONNECTION', '10.0.3.7:5432'],
    ['Request to https://api.example.com/pay failed with 503', 'UPSTREAM_5XX', 'api.example.com'],
    ['ProvisionedThroughputExceededException: DynamoDB', 'THROTTLED', 'DynamoDB'],
    ["Runtime.ImportModuleError: Error: Cannot find module 'index'", 'INIT', undefined],
    ['RequestId: 1 Error: Runtime exited with error: signal: killed', 'OUT_OF_MEMORY', undefined],
    ['TypeError: x is undefined', undefined, undefined],
    ['order 503 has no lines', undefined, undefined],
  ])('%s is of kind %s', (message, kind, dependency) => {
    expect(errorKind(message)).toBe(kind);
    if (kind && dependency) expect(namedDependency(message)).toBe(dependency);
  });
});

describe('changes', () => {
  const windows = windowsFrom(alarm, minutes([0, 9, 9, 9]), 60, alarmAt, alarmAt + 10 * MINUTE);
  const change = (at: number, more: Partial<Change> = {}): Change =>
    ({ at: windows.onset + at * MINUTE, event: 'UpdateFunctionCode20150331v2', resource: 'f', readOnly: false, ...more });
  const counted = (...changes: Change[]) => changesBeforeOnset(changes, 'f', windows).length;

  test('count from 30 min before the onset to one period after it began', () => {
    expect([-31, -30, -1, 1, 2].map((at) => counted(change(at)))).toEqual([0, 1, 1, 1, 0]);
  });

  test('are successful, mutating and on the resource itself', () => {
    expect(counted(change(-5, { resource: 'arn:aws:lambda:eu-west-1:123456789012:function:f' }))).toBe(1);
    expect([
      change(-5, { errorCode: 'AccessDenied' }), change(-5, { readOnly: true }), change(-5, { event: 'TagResource' }), change(-5, { resource: 'other-f' }),
    ].map((one) => counted(one))).toEqual([0, 0, 0, 0]);
  });
});

describe('throttles', () => {
  const figures = (sum: number, points = 5) => ({ points, sum, average: 0, minimum: 0, maximum: 0 });
  test.each([
    [0, 0, 'NONE'], [4, 0, 'TRACE'], [5, 0, 'THROTTLED'], [5, 45, 'THROTTLED'], [5, 46, 'TRACE'],
  ])('%d with %d errors: %s', (throttles, errors, state) => expect(throttling(figures(errors), figures(throttles))).toBe(state));
  test('no data is not none', () => expect(throttling(figures(0), figures(0, 0))).toBeUndefined());
});

describe('decide', () => {
  const windows = windowsFrom(alarm, minutes([0, 9, 9, 9]), 60, alarmAt, alarmAt + 10 * MINUTE);
  const says = (confidence: 'HIGH' | 'MEDIUM' | 'LOW', more = {}) => holds({ confidence, says: 'It is so.', cites: [], ...more });
  const run = (judgements: Record<string, Judgement>, items: Partial<Evidence>[] = []) => {
    const book: RuleBook<undefined> = {
      rules: Object.entries({ 'X-00': says('LOW'), ...judgements }).map(([id, judgement]) => ({ id, title: id, category: 'CODE', judge: () => judgement })),
      precedence: ['X-01', 'X-02'],
      frames: ['X-03'],
      recovered: 'X-04',
      inconclusive: 'X-00',
    };
    return decide(book, undefined, new EvidenceSet(items as Evidence[]), windows);
  };

  test.each<[string, Record<string, Judgement>]>([
    ['X-01', { 'X-02': says('HIGH'), 'X-01': says('MEDIUM'), 'X-03': says('HIGH'), 'X-04': says('HIGH') }],
    ['X-02', { 'X-01': says('LOW'), 'X-02': says('MEDIUM'), 'X-03': says('HIGH') }],
    ['X-04', { 'X-01': says('LOW'), 'X-04': says('HIGH') }],
    ['X-01', { 'X-01': says('LOW'), 'X-03': says('MEDIUM') }],
    ['X-03', { 'X-01': says('MEDIUM'), 'X-03': says('MEDIUM', { dominates: true }) }],
    ['X-03', { 'X-01': unknown, 'X-03': says('LOW') }],
    ['X-00', { 'X-01': ruledOut('no'), 'X-02': told('a bit', []) }],
  ])('%s leads', (ruleId, judgements) => expect(run(judgements).verdict.ruleId).toBe(ruleId));

  test('what holds beside the leading rule is told, and what is ruled out says why', () => {
    const { findings, ruledOut: out } = run({ 'X-01': says('HIGH'), 'X-02': says('LOW'), 'X-03': told('a trace', ['e']), 'X-04': ruledOut('still bad') });
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['X-01', 'X-02', 'X-03']);
    expect(out).toEqual([{ ruleId: 'X-04', why: 'still bad' }]);
  });

  test.each([['ACCESS_DENIED', 'MEDIUM'], ['TIMED_OUT', 'MEDIUM'], ['NO_DATA', 'HIGH'], ['INCOMPLETE', 'HIGH']] as const)('%s caps at %s', (status, confidence) => {
    expect(run({ 'X-01': says('HIGH') }, [{ id: 'e', status }]).verdict.confidence).toBe(confidence);
  });
});

describe('runRunbook', () => {
  const world = () => new World(scenario);
  const request = requestOf(scenario, world());
  const definition: RunbookDefinition<any> = general;

  test('judges what was seen by the deadline, as a partial result', async () => {
    const port: Port = world();
    const slow = {
      ...port,
      usage: port.usage,
      metrics: port.metrics.bind(port),
      changes: port.changes.bind(port),
      alarmHistory: () => new Promise<Look<never>>(() => undefined),
    };
    // A second is kept back of the deadline, so that 1,030 ms leave 30.
    const started = world().now;
    const result = await runRunbook(definition, { ...request, deadline: new Date(started + 1030).toISOString() }, slow as Port, () => started);
    expect(result).toMatchObject({ status: 'PARTIAL', verdict: { ruleId: 'GE-02', confidence: 'MEDIUM' } });
    expect(result.notChecked).toContainEqual(expect.objectContaining({ status: 'TIMED_OUT' }));
  });

  test('tells a collector that fails, and judges the rest', async () => {
    const broken = { ...definition, collect: async () => { throw new Error('bug'); } };
    const result = await runRunbook(broken, request, world(), () => world().now);
    expect(result.status).toBe('PARTIAL');
    expect(result.notChecked[0]).toMatchObject({ status: 'ERROR', fix: expect.stringContaining('bug') });
  });

  test('keeps a result below the contract\'s size by giving up the largest data', async () => {
    const huge: RunbookDefinition<any> = {
      ...definition,
      collect: async ({ evidence }) => {
        evidence.add({ id: 'huge', kind: 'LOG', what: 'x', look: { status: 'OK', data: 'y'.repeat(300_000) }, says: () => 'long' });
      },
    };
    const result = await runRunbook(huge, request, world(), () => world().now);
    expect(JSON.stringify(result).length).toBeLessThan(200 * 1024);
    expect(result.evidence.find(({ id }) => id === 'huge')).toMatchObject({ summary: 'X: long.', data: undefined });
  });
});

describe('scenarios', () => {
  test('an unknown key is an error that names it', () => {
    expect(() => parseScenario({ ...scenario, world: { metrics: [], weather: 'fine' } }, 'x.yaml')).toThrow(/x\.yaml.*\n.*world\.weather/);
    expect(() => parseScenario('a: b: c', 'y.yaml')).toThrow(/y\.yaml is no YAML/);
  });

  test('every kind of wrong expectation is told', async () => {
    const { differences: found } = await runScenario({
      ...scenario,
      expect: {
        rule: 'GE-01', confidence: 'HIGH', cites: ['TRACE'], rulesOut: ['GE-02'], alsoMention: ['GE-03'], notChecked: ['the moon'], says: ['banana'], never: ['earlier day'],
      },
    }, general);
    expect(found.map((text) => text.split(':')[0])).toEqual(['rule', 'confidence', 'cites', 'rulesOut', 'alsoMention', 'notChecked', 'says', 'never']);
  });
});

test.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/a%20b'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/a%20b'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#alarmsV2:alarm/a%20b'],
])('links of %s stay in its partition', (region, link) => expect(new Links(region).alarm('a b')).toBe(link));
