import type { AlarmState, Severity } from '../../src/private/shared/contract';
import { incidentId, IncidentState } from '../shared/incident-items';

/**
 * The state machine of an alarm's incidents: a pure function of the alarm's `OPEN` item and one event.
 *
 * Messages come twice, late, in the wrong order and concurrently. What holds in any order: at most one incident of an alarm
 * is open; every change to ALARM is in exactly one incident; only the alarm's own OK closes one.
 */

/** The incident that an `OPEN` item points to. */
export interface IncidentRef {
  readonly id: string;
  readonly state: IncidentState;
  readonly opened: string;
  readonly closed?: string;
  readonly severity: Severity;
  readonly service?: string;
  /** Opened by a drill. */
  readonly drill?: boolean;
  readonly events: number;
  readonly investigations: number;
}

/** OPEN: an incident opens, and runbooks run. RERUN: they run again in it. APPEND: a timeline entry. NOTE: no incident is concerned. */
export type Action = 'OPEN' | 'RERUN' | 'APPEND' | 'CLOSE' | 'NOTE';

/** What an event led to. It stays on the `OPEN` item, so that a redelivery after a crash finds it instead of deciding anew. */
export interface Decision {
  /** Sort key of the event's item. */
  readonly event: string;
  readonly action: Action;
  /** One clause for the timeline. */
  readonly reason: string;
  /** The change that it was: later ones win over it. */
  readonly v: number;
  readonly incident?: IncidentRef;
}

/** `OPEN`: the one place where an alarm's state changes, and only under `v`. */
export interface OpenState {
  readonly v: number;
  readonly alarm: string;
  readonly state: AlarmState;
  /** Time of the last change of state. */
  readonly at: string;
  /** Id of the open incident; absent where none is. */
  readonly incident?: string;
  /** The open incident, or else the last closed one. */
  readonly latest?: IncidentRef;
  /** Ids of earlier incidents, the latest first. */
  readonly previous: readonly string[];
  readonly recent: readonly Decision[];
}

/** An event as the state machine sees it. */
export interface StateChange {
  readonly event: string;
  readonly alarmArn: string;
  readonly alarm: string;
  readonly state: AlarmState;
  readonly at: string;
  readonly from?: AlarmState;
  readonly severity: Severity;
  readonly service?: string;
  /** The state was set by the drill command. */
  readonly drill?: boolean;
  /** The only incident that it may close. Default: whichever is open. */
  readonly closes?: string;
  /** No change of the alarm's: its open incident ends in this state, and why. */
  readonly end?: { readonly state: 'STALE' | 'ALARM_GONE'; readonly reason: string };
}

const MOST_PREVIOUS = 5;
/** Decisions kept: a redelivery comes within minutes, and an alarm changes once a minute at most. */
const MOST_RECENT = 20;

/** What the event leads to, and the item's next content. */
export function transition(open: OpenState | undefined, change: StateChange): { readonly decision: Decision; readonly next?: OpenState } {
  const known = open?.recent.find(({ event }) => event === change.event);
  if (known) return { decision: known };

  const { action, reason } = decide(open, change);
  const v = (open?.v ?? 0) + 1;
  const latest = nextIncident(open?.latest, action, change);
  const decision: Decision = { event: change.event, action, reason, v, incident: action === 'NOTE' ? undefined : latest };
  const older = open !== undefined && (change.at < open.at || change.end !== undefined);
  return {
    decision,
    next: {
      v,
      alarm: change.alarm,
      ...(older ? { state: open.state, at: open.at } : { state: change.state, at: change.at }),
      incident: latest && !latest.closed ? latest.id : undefined,
      latest,
      previous: action === 'OPEN' && open?.latest ? [open.latest.id, ...open.previous].slice(0, MOST_PREVIOUS) : open?.previous ?? [],
      recent: [decision, ...open?.recent ?? []].slice(0, MOST_RECENT),
    },
  };
}

function decide(open: OpenState | undefined, change: StateChange): { action: Action; reason: string } {
  if (change.end) return closes(open, change) ? { action: 'CLOSE', reason: change.end.reason } : note();
  if (!open) return change.state === 'ALARM' ? opens() : note();
  if (change.at < open.at) return late(open, change);
  const running = open.incident !== undefined;
  switch (change.state) {
    case 'OK':
      return closes(open, change) ? { action: 'CLOSE', reason: 'the alarm is OK again' } : note();
    case 'INSUFFICIENT_DATA':
      return running ? { action: 'APPEND', reason: 'the alarm has no data' } : note();
    case 'ALARM':
      if (open.state === 'ALARM' && open.at === change.at) return { action: 'APPEND', reason: 'this change of state is known' };
      if (!running) return opens();
      if (open.state !== 'ALARM' || (change.from && change.from !== 'ALARM')) return { action: 'RERUN', reason: 'the alarm fired again' };
      return { action: 'APPEND', reason: 'the alarm is still firing' };
  }
}

/** Whether the change may end the incident that is open. */
function closes(open: OpenState | undefined, change: StateChange): boolean {
  return open?.incident !== undefined && (change.closes ?? open.incident) === open.incident;
}

/** An event older than the last known change is told and changes nothing, except an ALARM that no incident covers: its end came first. */
function late(open: OpenState, change: StateChange): { action: Action; reason: string } {
  const covered = open.incident || (open.latest?.closed && open.latest.closed >= change.at);
  if (change.state === 'ALARM' && !covered) return { action: 'OPEN', reason: 'the alarm fired; the message of its end came first' };
  return open.latest ? { action: 'APPEND', reason: `older than the last change, to ${open.state} at ${open.at}` } : note();
}

function opens(): { action: Action; reason: string } {
  return { action: 'OPEN', reason: 'the alarm fired' };
}

function note(): { action: Action; reason: string } {
  return { action: 'NOTE', reason: 'no incident is open' };
}

function nextIncident(latest: IncidentRef | undefined, action: Action, change: StateChange): IncidentRef | undefined {
  switch (action) {
    case 'OPEN':
      return {
        id: incidentId(change.alarmArn, change.at),
        state: 'OPEN',
        opened: change.at,
        severity: change.severity,
        service: change.service,
        drill: change.drill,
        events: 1,
        investigations: 1,
      };
    case 'RERUN': return { ...latest!, events: latest!.events + 1, investigations: latest!.investigations + 1 };
    case 'APPEND': return latest && { ...latest, events: latest.events + 1 };
    case 'CLOSE': return { ...latest!, state: change.end?.state ?? 'RESOLVED', events: latest!.events + 1, closed: change.at };
    case 'NOTE': return latest;
  }
}
