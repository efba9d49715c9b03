import { eventually } from '../../../tools/local-cloud/eventually';
import { Environment } from '../environment';
import { logLines } from './documents';

const upload = (environment: Environment, errors: number) => environment.putLog(`checkout/${Date.now()}.json`,
  logLines('checkout', [{ errors, requests: 40 }]).map((line) => ({ ...line, ...errors > 0 && { level: 'ERROR', message: 'PaymentTimeout' } })));

/** From an alarm to a report and an incident, and to its end. */
export const alerting = {
  fires(deployed: () => Environment) {
    describe('an alarm that fires from logs', () => {
      let alarm: string;
      let report: any;

      test('ends in a report and an incident', async () => {
        const environment = deployed();
        alarm = environment.alarms.CheckoutErrors;
        // A bucket is one minute, and the alarm looks back one minute: an upload in the last moment of one may be missed.
        const firing = await eventually(async () => {
          await upload(environment, 12);
          return environment.message('the alarm', ({ body }) => body.AlarmName === alarm && body.NewStateValue === 'ALARM', 5000);
        }, { what: 'the alarm to fire from logs', timeoutMs: 60_000 });
        report = await environment.report(alarm);

        expect(JSON.parse(firing.raw).NewStateReason).toContain('Threshold Crossed');
        expect(report).toMatchObject({
          schemaVersion: '1',
          runbook: 'high-error-rate',
          incident: { alarm, service: 'checkout', severity: 'CRITICAL', state: 'OPEN' },
          result: { schemaVersion: '1', verdict: { ruleId: expect.stringMatching(/^HE-\d\d$/) } },
        });
        const { incident, runs } = await environment.incident(report.incident.id);
        expect(incident).toMatchObject({ state: 'OPEN', alarm });
        expect(runs).toHaveLength(1);
      });

      test('(an average is left to be published when its minute has ended)', async () => {
        const environment = deployed();
        await environment.putLog('carts/a.json', logLines('carts', [{ latency: 100 }, { latency: 300 }]));
        await environment.samplesBecome('carts', 'latency', [100, 300]);
      });

      test('people get it as text', () => {
        const mail = deployed().cloud.mails().find(({ text }) => text.includes(report.incident.id));
        expect(mail).toMatchObject({ to: 'oncall@example.com', subject: expect.stringMatching(/^CRITICAL: /) });
        expect(mail!.text).toContain('Written runbook: https://');
      });

      test('the same alarm message once more starts nothing', async () => {
        const environment = deployed();
        const { raw } = await environment.message('the alarm', ({ body }) => body.AlarmName === alarm && body.NewStateValue === 'ALARM');
        await environment.publish(raw);
        const duplicate = await eventually(async () => {
          const { timeline } = await environment.incident(report.incident.id);
          return timeline.find(({ reason }) => reason === 'duplicate');
        }, { what: 'the duplicate to be told in the incident\'s timeline' });
        expect(duplicate.text).toContain('ALARM');
        const reports = (await environment.messages()).filter(({ body }) => body.event === 'REPORT' && body.incident.alarm === alarm);
        expect(reports).toHaveLength(1);
        expect((await environment.incident(report.incident.id)).runs).toHaveLength(1);
      });
    });
  },

  ownRunbooks(deployed: () => Environment) {
    describe('runbooks of one\'s own', () => {
      const reportOn = async (name: string) => {
        const environment = deployed();
        await environment.setAlarm(environment.alarms[`own/${name}`], 'ALARM');
        return environment.report(environment.alarms[`own/${name}`]);
      };

      test('one that throws is reported as failed', async () => {
        const report = await reportOn('throwing');
        expect(report).toMatchObject({ runbook: 'throwing', result: { status: 'FAILED' } });
        expect(JSON.stringify(report.result)).toContain('this handler always throws');
      });

      test('one that answers nonsense is reported as failed', async () => {
        expect(await reportOn('nonsense')).toMatchObject({ runbook: 'nonsense', result: { status: 'FAILED' } });
      });

      test('one that works is reported, after all that', async () => {
        expect(await reportOn('custom')).toMatchObject({
          runbook: 'custom',
          result: { status: 'SUCCEEDED', verdict: { ruleId: 'OWN-01', title: 'The provider is down' }, proposedActions: ['Call the provider.'] },
        });
      });
    });
  },

  ends(deployed: () => Environment) {
    test('an average is published once its minute has ended', async () => {
      const environment = deployed();
      const published = await eventually(async () => {
        const values = await environment.publishedFor(environment.alarms.CartLatency);
        return values.length > 0 ? values : undefined;
      }, { what: 'the average to be published', timeoutMs: 100_000, pauseMs: 500 });
      expect(new Set(published)).toEqual(new Set([200]));
    });

    describe('the alarm that fired from logs', () => {
      test('ends with the first healthy minute, which closes the incident', async () => {
        const environment = deployed();
        const alarm = environment.alarms.CheckoutErrors;
        await eventually(async () => {
          await upload(environment, 0);
          return environment.message('the alarm\'s end', ({ body }) => body.AlarmName === alarm && body.NewStateValue === 'OK', 2000);
        }, { what: 'the alarm to end', timeoutMs: 90_000 });
        const resolved = await environment.report(alarm, 'RESOLVED');
        expect(resolved.incident).toMatchObject({ state: 'RESOLVED', closed: expect.any(String) });
        expect((await environment.incident(resolved.incident.id)).incident).toMatchObject({ state: 'RESOLVED' });
      });
    });
  },
};
