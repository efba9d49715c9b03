import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS, helpOf } from '../../cli/run';
import { runScenario } from '../../lambda-src/scenarios/kit';
import { incidentKey, runKey } from '../../lambda-src/shared/incident-items';
import { snsMessage } from '../lambda-src/runbook-executor/messages';
import { runbook } from '../lambda-src/runbook-executor/world';

/** The tool as users run it: the one bundled file, in a process of its own, in an empty folder. */
const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const scenarioFolder = join(root, 'test', 'scenarios', 'general');
const tool = join(folder, 'tool', 'cli.mjs');

beforeAll(() => cpSync(join(root, 'bin', 'cli.mjs'), tool));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  return { status, stdout, stderr };
}
function write(name: string, content: unknown): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

const scenario = (rule: string) => ({
  title: 'A jump',
  runbook: 'general',
  alarm: { namespace: 'AWS/SQS', metric: 'Age', dimensions: { QueueName: 'jobs' }, statistic: 'Maximum', threshold: 100, at: '2026-11-20T10:00:00Z' },
  world: { metrics: [{ metric: 'AWS/SQS/Age', dimensions: { QueueName: 'jobs' }, statistic: 'Maximum', values: { '-8d..-20m': 5, '-20m..+5m': 400 } }] },
  expect: { rule },
});

describe('scenarios', () => {
  test('a folder whose scenarios all hold: exit code 0', () => {
    const { status, stdout, stderr } = run('scenarios', scenarioFolder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^holds {4}\S+access-denied\.yaml +GE-02 MEDIUM$/m);
    expect(stdout).toMatch(/\n14 scenarios: all hold\n$/);
  });

  test('one that differs, and one that is none: exit code 1, and every difference', () => {
    const { status, stdout } = run('scenarios', write('jump.yaml', scenario('GE-04')), write('broken.yaml', 'title: x'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^DIFFERS {2}jump\.yaml {4}GE-02 \w+\n {9}rule: expected GE-04, found GE-02/);
    expect(stdout).toMatch(/^DIFFERS {2}broken\.yaml\n {9}broken\.yaml is no scenario: /m);
    expect(stdout).toMatch(/\n2 scenarios: 0 hold, 2 differ\n$/);
  });

  test('--json prints one value', () => {
    const { status, stdout } = run('scenarios', '--json', write('jump.yaml', scenario('GE-02')));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ holds: true, scenarios: [{ file: 'jump.yaml', title: 'A jump', runbook: 'general', verdict: { ruleId: 'GE-02' }, differences: [] }] });
  });

  test.each(['mjs', 'cjs'])('a handler of one\'s own: a module %s', (kind) => {
    const verdict = "{ ruleId: 'PP-01', title: 'Down', confidence: 'HIGH', category: 'DEPENDENCY' }";
    const result = `{ schemaVersion: '1', runId, status: 'SUCCEEDED', summary: 'down', verdict: ${verdict}, findings: [], ruledOut: [], notChecked: [], evidence: [], proposedActions: [], metrics: { durationMs: 0, apiCalls: 0, logBytesScanned: 0 } }`;
    const module = write(`handler.${kind}`, `${kind === 'mjs' ? 'export const handler' : 'exports.handler'} = async ({ runId }) => (${result});`);
    expect(run('scenarios', '--handler', module, write('own.yaml', { ...scenario('PP-01'), runbook: 'payments' }))).toMatchObject({ status: 0 });
  });
});

describe('explain', () => {
  const table = { runbooks: [runbook('lambda-error', { matches: [{ class: 'METRIC', namespace: 'AWS/Lambda', metricName: 'Err*' }] }), runbook('general', { order: 1 })] };
  const event = (state: 'ALARM' | 'OK') => write(`${state}.json`, snsMessage({ state, at: '2026-11-20T10:00:00.000Z' }));

  test('who runs, and who does not', () => {
    const { status, stdout } = run('explain', '--event', event('ALARM'), '--table', write('table.json', table));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Runs +lambda-error: the alarm watches AWS\/Lambda Errors \(METRIC\)$/m);
    expect(stdout).toMatch(/^Not +general: it takes every alarm, but METRIC wins over ANY$/m);
  });

  test('nobody runs: exit code 1; --json', () => {
    const { status, stdout } = run('explain', '--json', '--event', event('OK'), '--table', write('table.json', table));
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [], stopped: 'its state is OK: only ALARM starts a runbook', candidates: [{ runbook: 'lambda-error', outcome: 'RUNS' }, { outcome: 'LESS_SPECIFIC' }] });
  });
});

describe('replay', () => {
  const id = 'bd8f4c105ba4ecebeb835906';
  const items = async (change: (result: any) => any = (same) => same) => {
    const { result, request } = await runScenario(scenario('GE-02'));
    const { evidence, ...rest } = change(result);
    const stored = { runId: 'run', runbook: 'general', step: 'REPORTED', started: '2026-11-20T10:10:00.000Z', request: JSON.stringify(request), evidence: JSON.stringify(evidence), result: JSON.stringify(rest) };
    return [{ ...incidentKey(id), id }, { ...runKey(id, 'run'), ...stored }];
  };

  test('the same verdict: exit code 0', async () => {
    const { status, stdout } = run('replay', id, '--file', write('items.json', await items()));
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^general, run run: same\n {2}stored {2}GE-02 [\s\S]*\nToday's rules come to the same verdicts\.\n$/) });
  });

  test('another verdict: exit code 1; --json', async () => {
    const { status, stdout } = run('replay', '--json', id, '--file', write('items.json', await items((result) => ({ ...result, verdict: { ...result.verdict, ruleId: 'GE-99' } }))));
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ incident: id, changed: true, runs: [{ stored: { verdict: { ruleId: 'GE-99' } }, today: { verdict: { ruleId: 'GE-02' } } }] });
  });
});

describe('wrong usage is one sentence and exit code 2', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown command', ['dance'], /there is no command dance: the commands are scenarios, explain, /],
    ['an unknown option', ['explain', '--evnt', 'x'], /Unknown option '--evnt'.*; see cdk-serverless-monitoring explain --help/],
    ['no file', ['scenarios'], /give a scenario file, or a folder/],
    ['a file that is not there', ['scenarios', 'none.yaml'], /ENOENT.*none\.yaml/],
    ['a handler that is none', ['scenarios', '--handler', 'none.mjs', 'x.yaml'], /none\.mjs cannot be loaded/],
    ['no event', ['explain'], /give the alarm's message with --event <file>/],
    ['both app and table', ['explain', '--event', 'x', '--app', 'a', '--table', 't'], /give --app or --table, not both/],
    ['no incident', ['replay', '--file', 'x'], /give one incident id/],
    ['neither table nor file', ['replay', 'x'], /give --table <name> or --file <file>/],
    ['no alarm', ['drill'], /give --alarm <name> and --table <incident table>/],
    ['a wrong time', ['drill', '--alarm', 'a', '--table', 't', '--wait', '--timeout', 'soon'], /--timeout soon: expected a number of seconds above 0/],
  ])('%s', (_what, args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['no region', {}, /Region is missing: set AWS_REGION/],
    ['no credentials', { AWS_REGION: 'eu-west-1' }, /Could not load credentials.*: set AWS_PROFILE/],
  ])('%s', (_what, env, message) => {
    const { status, stderr } = spawnSync(process.execPath, [tool, 'replay', 'x', '--table', 't'], {
      cwd: folder, encoding: 'utf8', timeout: 60_000, env: { HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...env },
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('with --json, it is one value too', () => {
    const { status, stdout, stderr } = run('replay', '--json');
    expect({ status, stderr, json: JSON.parse(stdout) }).toEqual({ status: 2, stderr: '', json: { error: expect.stringMatching(/^give one incident id/) } });
  });
});

describe('help', () => {
  test('of the tool lists the commands', () => {
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: cdk-serverless-monitoring <command>/) });
  });

  test.each(COMMANDS.map((command) => [command.name, command] as const))('of %s is printed, and reads well on 80 columns', (name, command) => {
    const { status, stdout } = run(name, '--help');
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${helpOf(command)}\n` });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const option of Object.keys(command.options)) expect(stdout).toContain(`--${option}`);
  });
});
