import { AlarmEvent } from './alarm-event';
import { AlarmRead, readAlarm } from './alarm-facts';
import { claim, ClaimedEvent, EventItem, Step } from './events';
import { buryLostRuns, Investigation, planRuns, runAll } from './investigate';
import { isRefusal, normalise } from './normalise';
import { publishResolved, publishResults } from './report';
import { askSecondLook } from './second-look';
import { Services } from './services';
import { asOf, type Surroundings, surroundingsOf } from './surroundings';
import { Decision, StateChange } from './transition';
import type { AlarmFacts } from '../../src/private/shared/contract';
import { matchRunbooks } from '../../src/private/shared/matcher';
import { drillKey, eventKey } from '../shared/incident-items';

/** DescribeAlarms may lag behind the message of a change. A real alarm that is taken for a forgery is lost, so it is asked for some seconds. */
const READS = 10;
const READ_PAUSE_MS = 1000;

/** What became of a message. */
export type Processed = 'REFUSED' | 'IGNORED' | 'DUPLICATE' | 'DONE';

/** Takes an alarm's change of state from message to report, or goes on with it where the last call ended. */
export async function processEvent(services: Services, body: string, stopsAt: number): Promise<Processed> {
  const event = normalise(body);
  if (isRefusal(event)) return refuse(services, event.refusal, body, event.alarm);
  const alarm = await readUntilPlausible(services, event);
  if (!alarm) return refuse(services, 'no such alarm in this account and region', body, event.name);
  const surroundings = await surroundingsOf(services, alarm);
  if (event.heard && !surroundings.entry?.foreign) return ignore(services, event);
  if (isForged(event, alarm)) {
    return refuse(services, `forged: the alarm is ${alarm.state} since ${alarm.stateTimestamp}, before the message's time`, body, event.name);
  }
  const key = eventKey(alarm.arn, event.newState, event.stateTime, event.contributor);
  const claimed = await claim(services.store, key, effectiveChange(event, alarm), services.now(), stopsAt);
  if ('finished' in claimed) return duplicate(services, event, claimed.finished);
  await claimed.work(services.log, () => handle(services, claimed, event, { ...surroundings, read: alarm }, stopsAt));
  return 'DONE';
}

/** An alarm and what is known of it. */
interface Known extends Surroundings { readonly read: AlarmRead }

async function handle(services: Services, claimed: ClaimedEvent, event: AlarmEvent, known: Known, stopsAt: number): Promise<void> {
  const { item, key } = claimed;
  const { read: { drill, ...current }, tags, table, entry } = known;
  const alarm = asOf(current, event.reason, item, tags);
  const isDrill = item.state === 'ALARM' && current.state === 'ALARM' && await isKnownDrill(services, drill);
  const severity = entry?.severity ?? matchRunbooks(table.runbooks, alarm, entry).runbooks[0]?.severity ?? 'MEDIUM';
  const change: StateChange = {
    event: key.sk,
    alarmArn: alarm.arn,
    alarm: alarm.name,
    state: item.state,
    at: item.at,
    from: item.from,
    severity,
    service: entry?.service,
    drill: isDrill || undefined,
  };
  const reached = (step: Step) => STEPS.indexOf(claimed.item.step) >= STEPS.indexOf(step);

  const decision = item.decision ?? await services.incidents.decide(change);
  if (!reached('OPENED')) {
    await services.incidents.record(alarm, decision, change);
    await claimed.advance('OPENED', { decision });
  }
  const incident = decision.incident?.id;
  services.log.info('alarm changed', { alarm: alarm.name, state: item.state, action: decision.action, incident });

  if (incident && (decision.action === 'OPEN' || decision.action === 'RERUN')) {
    const mode = isDrill ? 'DRILL' : 'INVESTIGATE';
    await investigate(services, claimed, { incident, event: key.sk, mode, alarm, entry, table, stopsAt }, reached);
    await closeIfOver(services, { ...current, tags }, change, decision);
  }
  if (incident && decision.action === 'CLOSE') await publishResolved(services, incident, alarm);
  await claimed.advance('REPORTED');
}

const STEPS: readonly Step[] = ['SEEN', 'OPENED', 'RUN_STARTED', 'RESULT_STORED', 'REPORTED'];

async function investigate(services: Services, claimed: ClaimedEvent, investigation: Investigation, reached: (step: Step) => boolean): Promise<void> {
  const { incident, table } = investigation;
  if (!reached('RUN_STARTED')) {
    const runs = await planRuns(services, investigation);
    await claimed.advance('RUN_STARTED', { runs: runs.map(({ request }) => request.runId) });
    await runAll(services, incident, runs);
  } else if (!reached('RESULT_STORED')) {
    await buryLostRuns(services, incident, claimed.item.runs ?? []);
  }
  if (!reached('RESULT_STORED')) await claimed.advance('RESULT_STORED');
  const { runs = [] } = claimed.item;
  await publishResults(services, incident, runs, table.links);
  if (investigation.mode === 'INVESTIGATE') await askSecondLook(services, investigation, runs);
}

/** What a command put into the alarm counts only where it put the same into the table: a reason can be set by anybody who may set states. */
async function isKnownDrill({ store }: Services, drill: string | undefined): Promise<boolean> {
  return drill !== undefined && await store.get(drillKey(drill)) !== undefined;
}

/**
 * An alarm that was over before its message was read closes its incident at once: its OK may have come and gone already. It closes no other,
 * which would then be closed by an event that does not know it.
 */
async function closeIfOver(services: Services, current: AlarmFacts, change: StateChange, { incident }: Decision): Promise<void> {
  if (current.state !== 'OK' || current.stateTimestamp < change.at) return;
  const end: StateChange = { ...change, event: `${change.event}~end`, state: 'OK', at: current.stateTimestamp, from: undefined, closes: incident?.id };
  const decision = await services.incidents.decide(end);
  if (decision.action !== 'CLOSE') return;
  await services.incidents.record(current, decision, end);
  await publishResolved(services, decision.incident!.id, current);
}

/**
 * The change of state as it counts. A contributor's change is only a hint to look at the alarm, whose own state counts; and
 * a time beyond the alarm's own is cut to it, so that nobody can make later messages look old.
 */
function effectiveChange(event: AlarmEvent, alarm: AlarmFacts): Pick<EventItem, 'state' | 'at' | 'from'> {
  if (event.contributor) return { state: alarm.state, at: alarm.stateTimestamp };
  const at = event.newState === alarm.state && event.stateTime > alarm.stateTimestamp ? alarm.stateTimestamp : event.stateTime;
  return { state: event.newState, at, from: event.oldState };
}

/** A message newer than the alarm's own last change, to another state, tells of a change that never was. */
function isForged(event: AlarmEvent, alarm: AlarmFacts): boolean {
  return !event.contributor && event.newState !== alarm.state && event.stateTime > alarm.stateTimestamp;
}

async function readUntilPlausible(services: Services, event: AlarmEvent): Promise<AlarmRead | undefined> {
  for (let read = 1; ; read++) {
    const alarm = await readAlarm(services.cloudwatch, event);
    if (!alarm || !isForged(event, alarm) || read === READS) return alarm;
    await services.pause(READ_PAUSE_MS);
  }
}

async function refuse(services: Services, reason: string, body: string, alarm?: string): Promise<Processed> {
  services.log.warn('message refused', { reason, alarm });
  await services.incidents.refuse(services.now().toISOString(), reason, body, alarm);
  return 'REFUSED';
}

/** Listening for a tag, one hears of all alarms; and those that send messages of their own are heard a second time. Nobody asked for these. */
function ignore(services: Services, event: AlarmEvent): Processed {
  services.log.info('not listened for', { alarm: event.name, state: event.newState });
  return 'IGNORED';
}

async function duplicate(services: Services, event: AlarmEvent, { decision }: EventItem): Promise<Processed> {
  services.log.info('duplicate', { alarm: event.name, state: event.newState, at: event.stateTime });
  const id = decision?.incident?.id;
  if (id) {
    await services.incidents.tellOnce(id, {
      time: services.now().toISOString(), type: 'REFUSED', reason: 'duplicate', text: `${event.newState} at ${event.stateTime} came again`,
    });
  }
  return 'DUPLICATE';
}
