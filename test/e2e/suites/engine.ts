import { eventually } from '../../../tools/local-cloud/eventually';
import { Environment } from '../environment';
import { STORM_ABOVE } from '../storm-above';

/** What the executor does beyond the way from one alarm to one report. */
export const engine = {
  runs(deployed: () => Environment) {
    const reportsOn = async (alarm: string) => (await deployed().messages()).map(({ body }) => body)
      .filter(({ event, incident }) => event === 'REPORT' && incident.alarm === alarm);
    const nth = (count: number, alarm: string) => eventually(async () => (await reportsOn(alarm))[count - 1], { what: `report ${count} on ${alarm}`, timeoutMs: 40_000 });
    /** Lets an alarm fire, after it was OK. The local cloud's messages tell times to the second: changes of one second would be one change. */
    const fire = async (key: string, reason?: string) => {
      const alarm = deployed().alarms[`own/${key}`];
      for (const state of ['OK', 'ALARM'] as const) {
        const { StateUpdatedTimestamp } = await deployed().describeAlarm(alarm);
        const second = Math.floor(StateUpdatedTimestamp!.getTime() / 1000);
        await eventually(async () => Math.floor(Date.now() / 1000) > second || undefined, { what: 'the next second' });
        await deployed().setAlarm(alarm, state, reason);
      }
      return alarm;
    };
    /** The incident's timeline, once it has an entry of that reason. */
    const refused = (id: string, reason: string) => eventually(async () => {
      const { timeline } = await deployed().incident(id);
      return timeline.find((entry) => entry.reason === reason);
    }, { what: `"${reason}" in the timeline of ${id}`, timeoutMs: 40_000 });
    /** The item that tells why a message was refused which belongs to no incident. */
    const refusedMessage = (alarm: string) => eventually(async () => {
      const items = await deployed().items(deployed().outputs.IncidentTableName, `X#${new Date().toISOString().slice(0, 10)}`);
      return items.find((item) => item.alarm === alarm);
    }, { what: `a refused message about ${alarm}` });

    describe('the executor', () => {
      test('looks a second time, and tells when the verdict is another', async () => {
        const alarm = await fire('changing');
        expect(await nth(1, alarm)).toMatchObject({ result: { verdict: { ruleId: 'OWN-00' } } });
        expect(await nth(2, alarm)).toMatchObject({ before: { ruleId: 'OWN-00' }, result: { verdict: { ruleId: 'OWN-03' } } });
      });

      test('tells chat channels, in the format that they take, a thread for each incident', async () => {
        const { incident } = await nth(1, deployed().alarms['own/changing']);
        const told: any[] = [];
        const inThread = await eventually(async () => {
          told.push(...(await deployed().take(deployed().outputs.ChatsUrl)).map((body) => JSON.parse(body)));
          const those = told.filter(({ metadata }) => metadata.threadId === incident.id);
          return those.length >= 2 ? those : undefined;
        }, { what: 'two messages in the incident\'s thread' });
        expect(inThread[0]).toMatchObject({ version: '1.0', source: 'custom', content: { textType: 'client-markdown', title: expect.any(String), description: expect.any(String) } });
      });

      test('starts a state machine in the place of a function', async () => {
        const alarm = await fire('express');
        expect(await nth(1, alarm)).toMatchObject({ runbook: 'express', result: { status: 'SUCCEEDED', summary: alarm, verdict: { ruleId: 'OWN-06' } } });
      });

      test('runs nothing for a written runbook, and reports its link', async () => {
        const report = await nth(1, await fire('written'));
        expect(report).toMatchObject({ runbook: 'written', result: { status: 'SKIPPED', verdict: { ruleId: 'EX-06' } } });
      });

      test('does not wait for a handler beyond its deadline', async () => {
        const report = await nth(1, await fire('hanging'));
        expect(report.result).toMatchObject({ status: 'PARTIAL', verdict: { ruleId: 'EX-03' }, notChecked: [{ status: 'TIMED_OUT' }] });
      });

      test('refuses a result over the size limit', async () => {
        const report = await nth(1, await fire('huge'));
        expect(report.result).toMatchObject({ status: 'FAILED', verdict: { ruleId: 'EX-02' } });
        expect(report.result.summary).toContain('204800');
      });

      test('pauses a handler that failed three times in a row, and tries it again when the pause is over', async () => {
        let alarm = '';
        for (const count of [1, 2, 3]) {
          alarm = await fire('flaky', 'broken');
          expect(await nth(count, alarm)).toMatchObject({ result: { status: 'FAILED', verdict: { ruleId: 'EX-01' } } });
        }
        await fire('flaky', 'broken');
        const fourth = await eventually(async () => {
          const those = (await deployed().listIncidents('timeRange=1d')).filter((each) => each.alarm === alarm);
          return those.length === 4 ? those[0] : undefined;
        }, { what: 'the incident of the fourth time' });
        expect((await refused(fourth.id, 'paused')).text).toContain('failed 3 times in a row');
        await eventually(async () => {
          await fire('flaky', 'fine');
          return (await reportsOn(alarm))[3];
        }, { what: 'the handler to be tried again', timeoutMs: 30_000, pauseMs: 2000 });
        expect((await nth(4, alarm)).result).toMatchObject({ status: 'SUCCEEDED', verdict: { ruleId: 'OWN-05' } });
      });

      test('remembers the cooldown over a restart', async () => {
        const alarm = await fire('custom');
        const { incident } = await nth(1, alarm);
        await deployed().restart(deployed().outputs.ExecutorFunctionName);
        await fire('custom');
        const again = await eventually(async () => (await deployed().listIncidents('timeRange=1d')).find((each) => each.alarm === alarm && each.id !== incident.id),
          { what: 'the second incident' });
        expect((await refused(again.id, 'cooling down')).text).toContain('custom ran on');
        expect(await reportsOn(alarm)).toHaveLength(1);
      });

      test('investigates no alarm that somebody made up, and says why', async () => {
        const told = { AlarmName: 'made-up', NewStateValue: 'ALARM', OldStateValue: 'OK', StateChangeTime: new Date().toISOString(), NewStateReason: 'trust me' };
        await deployed().publish(JSON.stringify(told));
        expect((await refusedMessage('made-up')).reason).toBe('no such alarm in this account and region');
      });

      test('an OK that arrives before its ALARM: the incident opens, is investigated, and is over', async () => {
        const environment = deployed();
        const name = 'reversed';
        await environment.makeAlarm(name, false);
        const bodies: string[] = [];
        for (const [state, before] of [['ALARM', 'OK'], ['OK', 'ALARM']] as const) {
          await environment.setAlarm(name, state);
          const { AlarmArn, StateUpdatedTimestamp } = await environment.describeAlarm(name);
          bodies.unshift(JSON.stringify({
            AlarmName: name,
            AlarmArn,
            NewStateValue: state,
            OldStateValue: before,
            StateChangeTime: StateUpdatedTimestamp!.toISOString(),
            NewStateReason: state,
          }));
        }
        for (const body of bodies) {
          await environment.publish(body);
          await eventually(async () => (await environment.items(environment.outputs.IncidentTableName, `A#${(await environment.describeAlarm(name)).AlarmArn}`))
            .some(({ sk, step }) => sk.startsWith(`E#${JSON.parse(body).NewStateValue}`) && step === 'REPORTED') || undefined, { what: `${body} to be done` });
        }
        expect(await environment.report(name, 'RESOLVED')).toMatchObject({ incident: { state: 'RESOLVED' } });
        expect(await reportsOn(name)).toHaveLength(1);
      });

      test('closes the incident of an alarm that is gone', async () => {
        const environment = deployed();
        await environment.makeAlarm('short-lived');
        await environment.setAlarm('short-lived', 'ALARM');
        const { incident } = await environment.report('short-lived');
        await environment.deleteAlarms(['short-lived']);
        // What the schedule sends every 15 minutes.
        await environment.send(environment.outputs.ExecutorQueueUrl, JSON.stringify({ executor: 'RECONCILE' }));
        const end = await environment.report('short-lived', 'RESOLVED');
        expect(end.incident).toMatchObject({ id: incident.id, state: 'ALARM_GONE' });
      });

      test('marks a drill as one', async () => {
        const environment = deployed();
        await environment.makeAlarm('tried-out');
        await environment.putItem(environment.outputs.IncidentTableName, { pk: { S: 'DRILL#try-1' }, sk: { S: '-' } });
        await environment.setAlarm('tried-out', 'ALARM', 'drill', { drill: 'try-1' });
        const { incident } = await environment.report('tried-out');
        expect(incident.drill).toBe(true);
        await environment.setAlarm('tried-out', 'OK');
      });
    });
  },

  /** Last, since what others report meanwhile would be told together too. */
  storm(deployed: () => Environment) {
    const STORM = 500;

    test(`a storm of ${STORM} alarms: as many incidents, few runs, few messages, and nobody left out`, async () => {
      const environment = deployed();
      const names = Array.from({ length: STORM }, (_, i) => `storm-${i}`);
      const all = async (action: (name: string) => Promise<void>) => {
        for (let i = 0; i < STORM; i += 25) await Promise.all(names.slice(i, i + 25).map(action));
      };
      await all((name) => environment.makeAlarm(name));
      const before = (await environment.messages()).length;
      await all((name) => environment.setAlarm(name, 'ALARM'));
      const incidents = await eventually(async () => {
        const those = (await environment.listIncidents('timeRange=1h')).filter(({ alarm }) => alarm.startsWith('storm-'));
        return those.length === STORM ? those : undefined;
      }, { what: `${STORM} incidents`, timeoutMs: 240_000, pauseMs: 2000 });
      expect(new Set(incidents.map(({ alarm }) => alarm)).size).toBe(STORM);
      await environment.drained(environment.outputs.ExecutorQueueUrl);

      // The general runbook takes ten of them in an hour by the clock, which a storm may begin in one and end in the next; the others' timelines say why
      // they were not looked into.
      const reports = (await environment.messages()).slice(before).map(({ body }) => body).filter(({ event, incident }) => event === 'REPORT' && incident.alarm.startsWith('storm-'));
      const hours = (await environment.items(environment.outputs.IncidentTableName, 'R#general')).filter(({ sk }) => sk.startsWith('CAP#'));
      const reportsOfHours = hours.map(({ runs }) => reports.filter(({ result }) => runs.includes(result.runId)).length);
      expect(reportsOfHours.reduce((sum, count) => sum + count, 0)).toBe(reports.length);
      expect(Math.max(...reportsOfHours)).toBeLessThanOrEqual(10);

      await all((name) => environment.setAlarm(name, 'OK'));
      // Of the ends, the first come one by one; all others in a message for each minute.
      const told = await eventually(async () => {
        const messages = (await environment.messages()).slice(before).map(({ body }) => body);
        const alone = messages.filter(({ event, incident }) => event === 'RESOLVED' && incident.alarm.startsWith('storm-'));
        const together = messages.filter(({ event }) => event === 'GROUPED');
        const listed = together.reduce((sum, { incidents: some, notListed = 0 }) => sum + some.length + notListed, 0);
        return alone.length + listed >= STORM ? { alone: alone.length, together: together.length } : undefined;
      }, { what: 'the end of each to be told', timeoutMs: 300_000, pauseMs: 2000 });
      expect(told.together).toBeGreaterThan(0);
      expect(told.alone).toBeLessThanOrEqual(STORM_ABOVE * told.together + STORM_ABOVE);
      expect(await environment.listIncidents('state=OPEN&timeRange=1h')).not.toContainEqual(expect.objectContaining({ alarm: expect.stringMatching(/^storm-/) }));
      await environment.deleteAlarms(names.slice(0, 100));
    }, 600_000);
  },
};
