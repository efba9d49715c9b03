import { readAlarm } from './alarm-facts';
import { claim } from './events';
import { buryLostRuns, Investigation, planSecondLook, runAll } from './investigate';
import { isExecutorRule } from './outcomes';
import { sendLater, type SecondLookMessage } from './own-message';
import type { Processed } from './process-event';
import { publishChanged } from './report';
import { Services } from './services';
import { asOf, surroundingsOf } from './surroundings';
import { resultOf, type RunItem, secondLookKey } from '../shared/incident-items';

/**
 * Has the runs of an investigation repeated when what comes late is there: metrics lag by minutes, changes in CloudTrail by about
 * five. Sent once more after a crash, it is one second look all the same.
 */
export async function askSecondLook(services: Services, { incident, event, alarm }: Investigation, runs: readonly string[]): Promise<void> {
  const { secondLookDelay } = services.settings;
  if (secondLookDelay === 0 || (await investigated(services, incident, runs)).length === 0) return;
  await sendLater(services, {
    executor: 'SECOND_LOOK', incident, alarmArn: alarm.arn, alarm: alarm.name, event, at: alarm.stateTimestamp, runs,
  }, secondLookDelay);
}

/** Repeats the runs, and reports what has another verdict now. */
export async function secondLook(services: Services, message: SecondLookMessage, stopsAt: number): Promise<Processed> {
  const { incident, alarmArn, event, at, runs } = message;
  const key = secondLookKey(alarmArn, event);
  const claimed = await claim(services.store, key, { state: 'ALARM', at }, services.now(), stopsAt);
  if ('finished' in claimed) return 'DUPLICATE';
  await claimed.work(services.log, async () => {
    const current = await readAlarm(services.cloudwatch, { name: message.alarm, arn: alarmArn });
    if (!current) {
      await services.incidents.tell(incident, key.sk, { time: services.now().toISOString(), type: 'REFUSED', reason: 'alarm gone', text: 'no second look: the alarm is gone' });
    } else {
      const { drill, ...facts } = current;
      const { tags, table, entry } = await surroundingsOf(services, facts);
      const alarm = asOf(facts, '', { state: 'ALARM', at }, tags);
      const first = await investigated(services, incident, runs);
      if (claimed.item.step === 'SEEN') {
        const planned = await planSecondLook(services, { incident, event: key.sk, mode: 'SECOND_LOOK', alarm, entry, table, stopsAt }, first.map(({ runbook }) => runbook));
        await claimed.advance('RUN_STARTED', { runs: planned.map(({ request }) => request.runId) });
        await runAll(services, incident, planned);
      } else {
        await buryLostRuns(services, incident, claimed.item.runs ?? []);
      }
      await publishChanged(services, incident, claimed.item.runs ?? [], first, table.links);
    }
    await claimed.advance('REPORTED');
  });
  return 'DONE';
}

/** The runs that looked at something: what the executor answered in a handler's place has nothing to repeat. */
async function investigated({ incidents }: Services, incident: string, runIds: readonly string[]): Promise<RunItem[]> {
  const runs = await Promise.all(runIds.map(async (runId) => incidents.readRun(incident, runId)));
  return runs.filter((run): run is RunItem => {
    const result = run && resultOf(run);
    return result !== undefined && result.status !== 'SKIPPED' && !isExecutorRule(result.verdict.ruleId);
  });
}
