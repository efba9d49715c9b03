import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../../tools/local-cloud/state-folder';
import type { Environment } from '../environment';

/** The command-line tool, as bundled, against the deployment. */
export function commandLine(deployed: () => Environment) {
  describe('the command-line tool', () => {
    const ALARM = 'drilled';
    let incident: string;

    /** Beside the exit code and the answer, what was told meanwhile. */
    const run = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(PROJECT_FOLDER, 'bin', 'cli.mjs'), ...args, '--json'], {
        env: deployed().cloud.env, encoding: 'utf8', timeout: 100_000,
      });
      return { status, stderr, json: JSON.parse(stdout) };
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

    test('its stored run is replayed: from the table, and from what the API answers', async () => {
      const environment = deployed();
      const same = { status: 0, json: { incident, changed: false, runs: [{ runbook: 'general', changed: false, withoutData: [] }] } };
      expect(run('replay', incident, '--table', environment.outputs.IncidentTableName)).toMatchObject(same);
      const { json } = await environment.ask(`incidents/${incident}`);
      const file = join(mkdtempSync(join(tmpdir(), 'incident-')), 'incident.json');
      writeFileSync(file, JSON.stringify(json));
      expect(run('replay', incident, '--file', file)).toMatchObject(same);
    });

    test('the doctor sees every part of the stack', () => {
      const { json } = run('doctor', '--stack', 'EndToEnd');
      const refused = json.checks.flatMap(({ findings }: any) => findings).filter(({ what }: any) => what.startsWith('could not be checked'));
      expect(refused).toEqual([]);
      expect(json.checks.map(({ check }: any) => check)).toEqual([
        'subscriptions', 'dead-letter queues', 'runbook parameters', 'handlers', 'monitored functions', 'monitored tables', 'alarms',
      ]);
      // What the executor relies on is there, whatever else was broken on purpose.
      expect(json.checks.find(({ check }: any) => check === 'runbook parameters').findings).toEqual([]);
    });
  });
}
