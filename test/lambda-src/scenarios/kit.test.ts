import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findScenarios, runScenario, type ScenarioHandler, testScenarios } from '../../../lambda-src/scenarios/kit';
import { CONTRACT_VERSION, type RunbookResult } from '../../../src/private/shared/contract';

/** The kit as a user's own tests use it. */
const general = join(__dirname, '..', '..', 'scenarios', 'general');
const folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scenario = {
  title: 'The provider is down',
  runbook: 'payments',
  parameters: { statusPage: 'https://status.example.com' },
  alarm: { namespace: 'Payments', metric: 'Declined', dimensions: { Provider: 'acme' }, threshold: 5, at: '2026-11-20T10:00:00Z' },
  world: { metrics: [{ metric: 'Payments/Declined', dimensions: { Provider: 'acme' }, values: { '-1h..+5m': 9 } }] },
  expect: { rule: 'PP-01', confidence: 'HIGH', says: ['9 of them'] },
};

const answer = (runId: string, summary: string, ruleId = 'PP-01'): RunbookResult => ({
  schemaVersion: CONTRACT_VERSION,
  runId,
  status: 'SUCCEEDED',
  summary,
  verdict: { ruleId, title: 'Provider', confidence: 'HIGH', category: 'DEPENDENCY' },
  findings: [],
  ruledOut: [],
  notChecked: [],
  evidence: [],
  proposedActions: [],
  metrics: { durationMs: 0, apiCalls: 0, logBytesScanned: 0 },
});

const asking: ScenarioHandler = async ({ runId, alarm, window }, world) => {
  const { declined } = await world.metrics([{ id: 'declined', ...alarm.metrics[0] }], { start: Date.parse(window.start), end: Date.parse(window.end) });
  return answer(runId, `declined: ${declined.data?.[0].value} of them`);
};

// What a user writes: one line.
testScenarios(general);

describe('a handler of one\'s own', () => {
  test('gets the request that the executor would send, and the world to ask', async () => {
    const { holds, differences, request } = await runScenario(scenario, { handler: asking });
    expect({ holds, differences }).toEqual({ holds: true, differences: [] });
    expect(request.runbook).toEqual({ name: 'payments', parameters: { statusPage: 'https://status.example.com' } });
    expect(request.window.baselines).toHaveLength(3);
  });

  test('its clock is the scenario\'s: the deadline lies ahead', async () => {
    const { differences } = await runScenario(scenario, {
      handler: ({ runId, deadline }, { now }) => answer(runId, `${Date.parse(deadline) > now ? '9 of them' : 'too late'}`),
    });
    expect(differences).toEqual([]);
  });

  test('each difference is told', async () => {
    const outcome = await runScenario(scenario, { handler: ({ runId }) => answer(runId, 'all is well', 'PP-00') });
    expect(outcome.holds).toBe(false);
    expect(outcome.differences).toEqual(['rule: expected PP-01, found PP-00 (all is well)', expect.stringMatching(/^says: expected "9 of them"/)]);
  });

  test.each<[string, ScenarioHandler, RegExp]>([
    ['throws', () => { throw new Error('no network'); }, /^the handler failed: no network$/],
    ['answers nothing', (() => undefined) as never, /^the answer is no valid result: result: found null, expected Object/],
    ['answers for another run', () => answer('other', '9 of them'), /^the answer is no valid result: runId: found "other"/],
  ])('one that %s breaks nothing', async (_what, handler, difference) => {
    const { result, differences } = await runScenario(scenario, { handler });
    expect(result).toBeUndefined();
    expect(differences).toEqual([expect.stringMatching(difference)]);
  });

  test('without it, the runbook must be built in', async () => {
    await expect(runScenario(scenario)).rejects.toThrow(/the scenario names the runbook payments, which is not built in \(general, .*\)\. Give its handler/);
  });
});

describe('testScenarios', () => {
  test('fails the test of a scenario that does not hold, with the differences', async () => {
    const file = join(folder, 'down.yaml');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(scenario));
    const tests = new Map<string, () => Promise<void>>();
    testScenarios(folder, { handler: ({ runId }) => answer(runId, 'fine', 'PP-00'), test: (name, run) => tests.set(name, run) });
    expect([...tests.keys()]).toEqual(['down.yaml']);
    await expect(tests.get('down.yaml')!()).rejects.toThrow(/down\.yaml does not hold:\n {2}rule: expected PP-01, found PP-00/);
  });

  test('a folder without scenarios proves nothing', () => {
    expect(() => testScenarios(__dirname)).toThrow(/holds no scenario: expected files that end in \.yaml or \.yml/);
  });

  test('one file is a scenario whatever it is called', () => {
    expect(findScenarios(__filename)).toEqual([__filename]);
  });
});
