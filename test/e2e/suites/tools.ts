import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { paginateGetParametersByPath, type Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { PROJECT_FOLDER } from '../../../tools/local-cloud/state-folder';
import type { Environment } from '../environment';

const findingsOf = ({ checks }: any, name: string): { what: string }[] => checks.find(({ check }: any) => check === name).findings;

/** The command-line tool, as bundled, against the deployment. */
export function commandLine(deployed: () => Environment) {
  describe('the command-line tool', () => {
    const ALARM = 'drilled';
    let incident: string;

    const told = (...args: string[]) => spawnSync(process.execPath, [join(PROJECT_FOLDER, 'bin', 'cli.mjs'), ...args], {
      env: deployed().cloud.env, encoding: 'utf8', timeout: 100_000,
    });

    /** Beside the exit code and the answer, what was told meanwhile. */
    const run = (...args: string[]) => {
      const { status, stdout, stderr } = told(...args, '--json');
      return { status, stderr, json: JSON.parse(stdout) };
    };

    const folder = mkdtempSync(join(tmpdir(), 'tools-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const saved = (name: string, json: unknown) => {
      const file = join(folder, name);
      writeFileSync(file, JSON.stringify(json));
      return file;
    };

    test('a drill is followed from incident to report, and the alarm is set back', async () => {
      const environment = deployed();
      await environment.makeAlarm(ALARM);
      const { status, json, stderr } = run('drill', '--alarm', ALARM, '--table', environment.outputs.IncidentTableName, '--wait', '--timeout', '60', '--yes');
      expect({ status, json }).toMatchObject({ status: 0, json: { alarm: ALARM, reported: true, setBack: true } });
      expect(json.steps.map(({ type }: { type: string }) => type)).toEqual(['OPENED', 'RUN_STARTED', 'RESULT', 'REPORTED']);
      expect(stderr).toContain(`${ALARM} is set back to OK.`);
      expect((await environment.describeAlarm(ALARM)).StateValue).toBe('OK');
      incident = json.incident;
      expect((await environment.report(ALARM)).incident).toMatchObject({ id: incident, drill: true });
      await environment.report(ALARM, 'RESOLVED');
    });

    test('its stored run is replayed, from the table and from what the API answers: the verdict is the stored one', async () => {
      const environment = deployed();
      const { runs: [stored] } = await environment.incident(incident);
      const { verdict } = JSON.parse(stored.result);
      expect(verdict.ruleId).toMatch(/^GE-\d\d$/);
      expect((await environment.report(ALARM)).result.verdict).toMatchObject({ ruleId: verdict.ruleId });
      const same = {
        status: 0,
        json: {
          incident,
          changed: false,
          runs: [{ runId: stored.runId, runbook: 'general', changed: false, withoutData: [], stored: { verdict }, today: { verdict } }],
        },
      };
      expect(run('replay', incident, '--table', environment.outputs.IncidentTableName)).toMatchObject(same);
      const { json: answer } = await environment.ask(`incidents/${incident}`);
      expect(run('replay', incident, '--file', saved('incident.json', answer))).toMatchObject(same);

      const other = { ...verdict, ruleId: 'GE-99' };
      const tampered = saved('tampered.json', { ...answer, result: { ...answer.result, verdict: other } });
      expect(run('replay', incident, '--file', tampered)).toMatchObject({
        status: 1, json: { changed: true, runs: [{ changed: true, stored: { verdict: other }, today: { verdict } }] },
      });
    });

    test('it is explained from the deployed table which runbook wins for an alarm, and why each other loses', async () => {
      const environment = deployed();
      const Parameters: Parameter[] = [];
      const client = new SSMClient(environment.cloud.clientConfig());
      for await (const page of paginateGetParametersByPath({ client }, { Path: '/runbooks', Recursive: true })) {
        Parameters.push(...page.Parameters ?? []);
      }
      const described = await environment.describeAlarm(environment.alarms['own/custom']);
      const files = [
        '--event', saved('alarm.json', { MetricAlarms: [{ ...described, StateValue: 'ALARM' }] }), '--table', saved('table.json', { Parameters }),
      ];
      const { status, json } = run('explain', ...files);
      expect({ status, runs: json.runs }).toEqual({ status: 0, runs: ['custom'] });

      // Two take it, custom and general; who fits nothing is told of all the same.
      const noMatch = ['NO_MATCH', 'none of its matchers fits the alarm'];
      const others = ['high-error-rate', 'high-latency', 'lambda-error', 'dynamodb-throttling', ...Object.keys(environment.alarms)
        .filter((key) => key.startsWith('own/')).map((key) => key.slice('own/'.length)).filter((name) => name !== 'custom')];
      expect(Object.fromEntries(json.candidates.map(({ runbook, outcome, reason }: any) => [runbook, [outcome, reason]]))).toEqual({
        custom: ['RUNS', 'the alarm watches EndToEnd custom'],
        general: ['LESS_SPECIFIC', 'it takes every alarm, but METRIC wins over ANY'],
        ...Object.fromEntries(others.map((name) => [name, noMatch])),
      });

      const [before, after] = told('explain', ...files).stdout.replace(/\s+/g, ' ').split(' Not ');
      expect(before).toContain('Runs custom: the alarm watches EndToEnd custom (METRIC)');
      expect(after).toContain('general: it takes every alarm, but METRIC wins over ANY');
      for (const name of others) expect(after).toContain(`${name}: none of its matchers fits the alarm`);
    });

    test('the doctor sees every part of the stack', () => {
      const { json } = run('doctor', '--stack', 'EndToEnd');
      const refused = json.checks.flatMap(({ findings }: any) => findings).filter(({ what }: any) => what.startsWith('could not be checked'));
      expect(refused).toEqual([]);
      expect(json.checks.map(({ check }: any) => check)).toEqual([
        'subscriptions', 'dead-letter queues', 'runbook parameters', 'handlers', 'executor\'s role',
        'monitored functions', 'monitored tables', 'alarms',
      ]);
      // What the executor relies on is there, whatever else was broken on purpose.
      for (const name of ['runbook parameters', 'executor\'s role']) expect(findingsOf(json, name)).toEqual([]);
      // The state machine is there and EXPRESS; what is found of handlers is the functions' timeout.
      const isTimeout = ({ what }: { what: string }) => what.endsWith('stops after 10 s, the runbook may take 20 s');
      expect(findingsOf(json, 'handlers').filter((found) => !isTimeout(found))).toEqual([]);
    });

    test('the doctor sees that the executor may not start a state machine any more', async () => {
      const config = deployed().cloud.clientConfig();
      const executor = new GetFunctionConfigurationCommand({ FunctionName: deployed().outputs.ExecutorFunctionName });
      const { Role = '' } = await new LambdaClient(config).send(executor);
      const iam = new IAMClient(config);
      const policy = { RoleName: Role.split('/').pop(), PolicyName: 'StartNothing' };
      const Statement = { Effect: 'Deny', Action: 'states:StartSyncExecution', Resource: '*' };
      await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) }));
      try {
        const { status, json } = run('doctor', '--stack', 'EndToEnd');
        expect(status).toBe(1);
        expect(findingsOf(json, 'executor\'s role')).toEqual([{
          level: 'FINDING',
          what: expect.stringMatching(/^the executor's role must call states:StartSyncExecution for express, and may not \(explicitDeny\): arn:/),
          fix: expect.stringContaining('find the statement that denies it'),
        }]);
      } finally {
        await iam.send(new DeleteRolePolicyCommand(policy));
      }
    });
  });
}
