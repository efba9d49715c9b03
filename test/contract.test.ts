import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOf, requestProblems, resultProblems } from './contract-schemas';
import { snsMessage } from './lambda-src/runbook-executor/messages';
import { minutes, result, runbook, T0, World } from './lambda-src/runbook-executor/world';
import fc from './property';
import * as published from '../contract/v1';
import { resultFor } from '../lambda-src/runbook-executor/outcomes';
import { validateResult } from '../lambda-src/shared/contract-validation';
import * as contract from '../src/private/shared/contract';
import type { Evidence, Finding, RunbookResult } from '../src/private/shared/contract';
import { contractFiles } from '../tools/contract-files';
import { SchemaMaker } from '../tools/contract-schema';

const folder = join(__dirname, '..', 'contract');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** The published contract is held to the types it is made from, and to what the executor really sends and takes. */
describe('the files of contract/', () => {
  test.each(Object.entries(contractFiles()))('%s is what `npx tsx tools/contract.ts` writes', (name, text) => {
    expect(read(name)).toBe(text);
  });

  test.each(['request-v1.schema.json', 'result-v1.schema.json'])('%s describes every member', (name) => {
    const members = (schema: any, at: string): [string, any][] => [
      ...Object.entries<any>({ ...schema.properties, ...schema.$defs }).flatMap(([member, each]): [string, any][] => [[`${at}/${member}`, each], ...members(each, `${at}/${member}`)]),
      ...(schema.allOf ?? []).flatMap((each: any) => members(each, at)),
    ];
    const all = members(JSON.parse(read(name)), '');
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter(([, { description }]) => !description).map(([at]) => at)).toEqual([]);
  });

  test('the module has the contract\'s constants, and needs no other', () => {
    expect({ ...published }).toEqual({ ...contract });
    expect(read('v1.js') + read('v1.d.ts')).not.toMatch(/\bimport\b|\brequire\b/);
  });

  test('limits in comments are the constants', () => {
    const limits = [...read('result-v1.schema.json').matchAll(/"maxLength": (\d+)/g)].map(([, limit]) => Number(limit));
    expect(limits).toEqual([contract.MAX_SUMMARY_LENGTH, contract.MAX_SUMMARY_LENGTH, contract.MAX_SUMMARY_LENGTH]);
    expect(read('result-v1.schema.json')).toContain(`at most ${contract.MAX_RESULT_BYTES / 1024} KB of JSON`);
  });

  test('what TypeScript says and no schema is known for is an error', () => {
    expect(() => new SchemaMaker('interface A {\n  b: boolean;\n}', {}).document('A', 'urn:a')).toThrow('line 2 of the contract: no JSON Schema is known for boolean');
    expect(() => new SchemaMaker('interface A {\n  /** @pattern ^a$ */\n  b: string;\n}', {}).document('A', 'urn:a')).toThrow('@pattern is no keyword');
  });
});

describe('the examples on the contract\'s page', () => {
  const examples = jsonOf('docs/handlers.md');
  const [request, answer] = examples.filter(({ runId }) => runId);

  test('fit the schemas', () => {
    expect([requestProblems(request), resultProblems(answer)]).toEqual([[], []]);
    const [targets] = examples.filter((each) => each[0]?.stage);
    expect(requestProblems({ ...request, targets })).toEqual([]);
  });

  test('show every member', () => {
    const members = (value: unknown): string[] => typeof value !== 'object' || value === null ? []
      : Object.entries(value).flatMap(([name, each]) => [name, ...members(each)]);
    const shown = new Set(examples.flatMap(members));
    const all = [...read('v1.d.ts').matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name);
    expect(all.length).toBeGreaterThan(60);
    expect([...new Set(all)].filter((name) => !shown.has(name))).toEqual([]);
  });
});

/** Each test of the executor holds the requests it sees to the schema, too: `World.stop` does. */
describe('requests that the executor sends', () => {
  const world = new World();
  beforeEach(() => world.fresh());

  const TARGETS = [
    { type: 'api', name: 'orders', stage: 'prod', apiId: 'abc', functions: ['checkout'], accessLogGroup: '/orders' },
    { type: 'function', name: 'checkout', alias: 'live', logGroup: '/aws/lambda/checkout' },
    { type: 'table', name: 'orders', indexes: ['byDate'] },
    { type: 'queue', name: 'jobs' },
    { type: 'service', name: 'checkout', metric: 'errors' },
  ] as const;

  test('all kinds of target, parameters, and an earlier incident', async () => {
    const entry = { arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-errors', key: 'k', severity: 'HIGH', targets: [...TARGETS] } as any;
    world.register([runbook('lambda-error', { parameters: { statusPage: 'https://status.example.com' } })], [entry]);
    for (const [state, at] of [['ALARM', 0], ['OK', 20], ['ALARM', 40]] as const) {
      world.now = Date.parse(minutes(at));
      world.alarm(state, minutes(at));
      await world.deliver(snsMessage({ state, from: state === 'OK' ? 'ALARM' : 'OK', at: minutes(at) }));
    }
    expect(world.invoked.map(({ targets }) => targets)).toEqual([TARGETS, TARGETS]);
    expect(world.invoked.map(({ context }) => context.previousIncidents.length)).toEqual([0, 1]);
    expect(world.invoked.flatMap(requestProblems)).toEqual([]);
  });

  test('alarms on an expression and on other alarms', async () => {
    world.register([runbook('general')]);
    const [plain] = world.alarms;
    const common = { AlarmName: 'checkout-errors', AlarmArn: plain.AlarmArn, StateValue: 'ALARM', StateUpdatedTimestamp: new Date(T0) } as const;
    const metric = { Namespace: 'Shop', MetricName: 'Errors', Dimensions: [] };
    const alarms = [
      [{ ...common, Metrics: [{ Id: 'e', Expression: 'FILL(m, 0)' }, { Id: 'm', MetricStat: { Metric: metric, Period: 60, Stat: 'p99' }, ReturnData: false }] }],
      [{ ...common, AlarmRule: 'ALARM("child")' }, { ...plain, AlarmName: 'child' }],
    ];
    const types: string[] = [];
    for (const some of alarms) {
      world.alarms = some;
      await world.deliver(snsMessage({ state: 'ALARM', at: T0, name: 'checkout-errors' }));
      types.push(...world.invoked.map(({ alarm }) => alarm.type));
      expect(world.invoked.flatMap(requestProblems)).toEqual([]);
      const { parameters } = world;
      world.fresh();
      world.parameters = parameters;
      world.handlers = { [runbook('general').functionArn!]: (request) => JSON.stringify(result(request)) };
    }
    expect(types).toEqual(['METRIC', 'COMPOSITE']);
  });

  test('a request without its deadline, or of another version, does not fit', async () => {
    await world.deliver(snsMessage({ state: 'ALARM', at: T0 }));
    const [request] = world.invoked;
    expect(requestProblems({ ...request, deadline: undefined })).toEqual(['it must have required property \'deadline\'']);
    expect(requestProblems({ ...request, schemaVersion: '2' })).toEqual(['/schemaVersion must be equal to constant']);
    expect(requestProblems({ ...request, deadline: 'soon' })).toEqual(['/deadline must match format "date-time"']);
  });
});

describe('results that the executor takes', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const line = fc.oneof(text, fc.constant('😀'.repeat(contract.MAX_SUMMARY_LENGTH)));
  const count = fc.oneof(fc.nat(), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }));
  const few = <T>(each: fc.Arbitrary<T>) => fc.array(each, { maxLength: 3 });
  const one = <T>(values: readonly T[]) => fc.constantFrom(...values);

  /** Typed by the contract: a member that is added there is missed here by the compiler, if it is required. */
  const results: fc.Arbitrary<RunbookResult> = fc.record({
    schemaVersion: fc.constant(contract.CONTRACT_VERSION),
    runId: text,
    status: one(contract.RUN_STATUSES),
    summary: line,
    verdict: fc.record({ ruleId: line, title: line, confidence: one(contract.CONFIDENCES), category: one(contract.VERDICT_CATEGORIES) }),
    findings: few(fc.record<Finding, 'summary' | 'evidence'>({ ruleId: text, summary: text, evidence: few(text) }, { requiredKeys: ['summary', 'evidence'] })),
    ruledOut: few(fc.record({ ruleId: text, why: text })),
    notChecked: few(fc.record({ what: text, status: one(contract.EVIDENCE_STATUSES), fix: text })),
    evidence: few(fc.record<Evidence, 'id' | 'kind' | 'status' | 'summary'>({
      id: text, kind: one(contract.EVIDENCE_KINDS), status: one(contract.EVIDENCE_STATUSES), summary: text, link: text, data: fc.jsonValue(),
    }, { requiredKeys: ['id', 'kind', 'status', 'summary'] })),
    proposedActions: few(text),
    metrics: fc.record({ durationMs: count, apiCalls: count, logBytesScanned: count }),
  });

  /** Where something stands in a value: the value itself, its members, and theirs. */
  const placesIn = (value: unknown, at: string[] = []): string[][] => [
    at, ...(typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, each]) => placesIn(each, [...at, name])) : []),
  ];
  const REMOVED = Symbol('removed');
  const replacements = fc.oneof(
    fc.constantFrom<unknown>(REMOVED, null, true, 0, -1, 0.5, '', '2', 'OK', 'HIGH', 'SUCCEEDED', [], {}, [1], [''], ['OK'], { ruleId: 'A' }),
    fc.constantFrom('x'.repeat(contract.MAX_SUMMARY_LENGTH + 1), '😀'.repeat(contract.MAX_SUMMARY_LENGTH + 1)),
    fc.jsonValue(),
  );

  function changed(value: unknown, [name, ...rest]: string[], to: unknown): unknown {
    if (name === undefined) return to;
    if (rest.length > 0 || to !== REMOVED) {
      const inside = changed((value as any)[name], rest, to);
      return Array.isArray(value) ? value.map((each, index) => String(index) === name ? inside : each) : { ...value as object, [name]: inside };
    }
    const kept = Object.entries(value as object).filter(([each]) => each !== name);
    return Array.isArray(value) ? kept.map(([, each]) => each) : Object.fromEntries(kept);
  }

  /** For the run that it says it is for: which run it must be, no schema can say. */
  const taken = (payload: string) => validateResult(payload, JSON.parse(payload)?.runId).valid;

  test('every valid result fits the schema, and is taken', () => {
    fc.assert(fc.property(results, (valid) => {
      expect(resultProblems(JSON.parse(JSON.stringify(valid)))).toEqual([]);
      expect(taken(JSON.stringify(valid))).toBe(true);
    }), { numRuns: 300 });
  });

  test('whatever is changed in one place, the schema and the executor agree', () => {
    const seen = { fits: 0, doesNot: 0 };
    fc.assert(fc.property(results, fc.nat(), replacements, (valid, which, to) => {
      const places = placesIn(valid);
      const payload = JSON.stringify(changed(valid, places[which % places.length], to === REMOVED && which % places.length === 0 ? null : to));
      const problems = resultProblems(JSON.parse(payload));
      seen[problems.length === 0 ? 'fits' : 'doesNot'] += 1;
      expect([payload, problems.length === 0]).toEqual([payload, taken(payload)]);
    }), { numRuns: 1500 });
    // Both kinds were tried.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(150);
  });

  test('what the executor answers itself fits', () => {
    const outcomes = ['HANDLER_FAILED', 'INVALID_RESULT', 'DEADLINE', 'UNREACHABLE', 'EXECUTOR_DIED', 'MANUAL', 'NO_RUNBOOK', 'OWN_ALARM'] as const;
    expect(outcomes.flatMap((outcome) => resultProblems(resultFor(outcome, 'run-1', { reason: 'x'.repeat(400), fix: 'y' })))).toEqual([]);
  });
});
