import { readStates } from './alarm-facts';
import { claim } from './events';
import { type EndMessage, sendLater } from './own-message';
import type { Processed } from './process-event';
import { publishResolved } from './report';
import { Services } from './services';
import { checkSubscriptions } from './subscriptions';
import { StateChange } from './transition';
import type { AlarmFacts } from '../../src/private/shared/contract';
import { endKey, type IncidentItem } from '../shared/incident-items';

const DAY_MS = 86_400_000;

/**
 * Finds the incidents that no message will end: of alarms that are OK and whose message was lost, that do not exist any more, and those that
 * are open for so long that they stand in the way of the next. Also looks whether those who are to be told have confirmed.
 */
export async function reconcile(services: Services): Promise<Processed> {
  const open = await openIncidents(services);
  const states = await readStates(services.cloudwatch, [...new Set(open.map(({ alarm }) => alarm))]);
  for (const incident of open) {
    const alarm = states.get(incident.alarmArn);
    const change = endOf(incident, alarm, services);
    if (change) await sendLater(services, { executor: 'END', incident: incident.id, change, reason: alarm?.reason ?? '' }, 0);
  }
  services.log.info('reconciled', { open: open.length });
  await checkSubscriptions(services);
  return 'DONE';
}

async function openIncidents({ incidents, now, settings }: Services): Promise<IncidentItem[]> {
  const today = now().getTime();
  const ids: string[] = [];
  // A day more than they may be open, and one for the hours in which nobody looked.
  for (let time = today; time > today - settings.staleAfter * 1000 - 2 * DAY_MS; time -= DAY_MS) {
    ids.push(...await incidents.openedOn(new Date(time).toISOString().slice(0, 10)));
  }
  return (await incidents.readAll(ids)).filter(({ state }) => state === 'OPEN');
}

type State = Pick<AlarmFacts, 'state' | 'stateTimestamp' | 'reason'>;

/** How an incident ends, if it does. */
function endOf(incident: IncidentItem, alarm: State | undefined, { now, settings }: Services): StateChange | undefined {
  const { id, alarmArn, severity, service, opened } = incident;
  const time = now().toISOString();
  const common = { alarmArn, alarm: incident.alarm, severity, service, closes: id };
  const given = (state: 'STALE' | 'ALARM_GONE', reason: string): StateChange =>
    ({ ...common, event: `RECONCILE#${state}#${id}`, state: 'ALARM', at: time, end: { state, reason } });
  if (!alarm) return given('ALARM_GONE', 'the alarm does not exist any more');
  if (alarm.state === 'OK' && alarm.stateTimestamp >= opened) {
    return { ...common, event: `RECONCILE#OK#${alarm.stateTimestamp}#${id}`, state: 'OK', at: alarm.stateTimestamp };
  }
  if (now().getTime() - Date.parse(opened) <= settings.staleAfter * 1000) return undefined;
  return given('STALE', `open for more than ${Math.round(settings.staleAfter / 3600)} hours`);
}

/** Ends one incident, and says so; a message of its own, so that what a crash left undone is done by its redelivery. */
export async function endIncident(services: Services, { incident: id, change, reason }: EndMessage, stopsAt: number): Promise<Processed> {
  const claimed = await claim(services.store, endKey(change.alarmArn, change.event), change, services.now(), stopsAt);
  if ('finished' in claimed) return 'DUPLICATE';
  await claimed.work(services.log, async () => {
    const decision = await services.incidents.decide(change);
    const incident = await services.incidents.read(id);
    if (decision.action === 'CLOSE' && incident) {
      // As much of the alarm as the end of an incident needs: it may not exist any more.
      const alarm: AlarmFacts = {
        arn: incident.alarmArn,
        name: incident.alarm,
        accountId: incident.accountId,
        region: incident.region,
        type: 'METRIC',
        state: change.state,
        stateTimestamp: change.at,
        reason,
        tags: {},
        metrics: [],
        children: [],
      };
      await services.incidents.record(alarm, decision, change);
      await publishResolved(services, id, alarm);
    }
    await claimed.advance('REPORTED');
  });
  return 'DONE';
}
