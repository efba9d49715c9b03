import { Environment } from '../environment';

/** Alarms that others made: they tell nobody here, and are listened to. */
export const foreign = {
  runs(deployed: () => Environment) {
    describe('foreign alarms', () => {
      const ALARMS = ['theirs', 'elsewhere-latency', 'nobodys'];
      beforeAll(async () => {
        for (const name of ALARMS) await deployed().makeAlarm(name, false);
        for (const name of ALARMS.reverse()) await deployed().setAlarm(name, 'ALARM');
      });

      test.each([
        ['by its ARN', 'theirs', 'MEDIUM'],
        ['by the prefix of its name', 'elsewhere-latency', 'CRITICAL'],
      ])('one that is listened for %s is investigated, and not modified', async (_, name, severity) => {
        const report = await deployed().report(name);
        expect(report).toMatchObject({ runbook: 'general', incident: { alarm: name, severity }, result: { status: expect.stringMatching(/SUCCEEDED|PARTIAL/) } });
        expect(await deployed().describeAlarm(name)).toMatchObject({ AlarmActions: [], OKActions: [] });
        await deployed().setAlarm(name, 'OK');
        await deployed().report(name, 'RESOLVED');
      });

      test('any other is not', async () => {
        await deployed().drained(deployed().outputs.ExecutorQueueUrl);
        expect((await deployed().listIncidents('')).map(({ alarm }) => alarm)).not.toContain('nobodys');
      });
    });
  },
};
