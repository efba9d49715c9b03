import { createHash, randomBytes } from 'node:crypto';
import type { AlarmState, Evidence, RunbookRequest, RunbookResult, Severity, Verdict } from '../../src/private/shared/contract';

/**
 * The items of the incident table: one place for every key and attribute name. The executor writes them, the API and the
 * tools read them.
 *
 * | item | pk | sk |
 * | --- | --- | --- |
 * | incident | `I#<id>` | `INCIDENT` |
 * | run | `I#<id>` | `RUN#<runId>` |
 * | timeline entry | `I#<id>` | `T#<time>#<type>#<hash>` |
 * | state of an alarm | `A#<alarm ARN>` | `OPEN` |
 * | event seen | `A#<alarm ARN>` | `E#<state>#<timestamp>#<contributor>` |
 * | cooldown, cap, breaker | `R#<runbook>` | `COOLDOWN#<target>`, `CAP#<hour>`, `BREAKER` |
 * | burst | `G#<minute>` | `COUNT`, `SENT`, `<event>#<incident>#<runId>` |
 * | drill | `DRILL#<id>` | `-` |
 * | refused without incident | `X#<YYYY-MM-DD>` | `<time>#<hash>` |
 * | list by day | `L#<YYYY-MM-DD>` | `<opened>#<id>` |
 *
 * Times are ISO 8601 in UTC with milliseconds, so that they compare as text.
 */

/** Name of the attribute that DynamoDB expires items by, in epoch seconds. */
export const TTL = 'ttl';

/** How long an event is known to have been seen: as long as SQS can hold its message, and a day. */
export const EVENT_DAYS = 15;
/** How long a refused message is kept. */
export const REFUSED_DAYS = 30;

/** What is listed in a storm is told within minutes; a day is for whoever looks why. */
export const BURST_DAYS = 1;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export const INCIDENT_SK = 'INCIDENT';
export const RUN_PREFIX = 'RUN#';
export const TIMELINE_PREFIX = 'T#';

export const incidentPk = (id: string) => `I#${id}`;
export const incidentKey = (id: string): Key => ({ pk: incidentPk(id), sk: INCIDENT_SK });
export const runKey = (id: string, runId: string): Key => ({ pk: incidentPk(id), sk: `${RUN_PREFIX}${runId}` });
export const openKey = (alarmArn: string): Key => ({ pk: `A#${alarmArn}`, sk: 'OPEN' });
/** An end that no message told is an event too. */
export const endKey = (alarmArn: string, event: string): Key => ({ pk: `A#${alarmArn}`, sk: `E#${event}` });
/** A second look is an event too: worked on once, by one executor. */
export const secondLookKey = (alarmArn: string, event: string): Key => ({ pk: `A#${alarmArn}`, sk: `${event}#SECOND_LOOK` });
export const eventKey = (alarmArn: string, state: AlarmState, timestamp: string, contributor = '-'): Key =>
  ({ pk: `A#${alarmArn}`, sk: `E#${state}#${timestamp}#${contributor}` });
export const cooldownKey = (runbook: string, target: string): Key => ({ pk: `R#${runbook}`, sk: `COOLDOWN#${target}` });
export const capKey = (runbook: string, time: string): Key => ({ pk: `R#${runbook}`, sk: `CAP#${time.slice(0, 13)}` });
export const breakerKey = (runbook: string): Key => ({ pk: `R#${runbook}`, sk: 'BREAKER' });
export const burstPk = (minute: string) => `G#${minute}`;
export const burstKey = (minute: string, sk: string): Key => ({ pk: burstPk(minute), sk });
export const drillKey = (id: string): Key => ({ pk: `DRILL#${id}`, sk: '-' });
export const listPk = (day: string) => `L#${day}`;
export const listKey = (opened: string, id: string): Key => ({ pk: listPk(opened.slice(0, 10)), sk: `${opened}#${id}` });
export const refusedKey = (time: string, body: string): Key => ({ pk: `X#${time.slice(0, 10)}`, sk: `${time}#${hash(body)}` });

/** The incident of an alarm that opened at that time: whoever computes it, and how often, gets the same. */
export const incidentId = (alarmArn: string, opened: string) => hash(`${alarmArn}\n${opened}`);
/** The run of a runbook for one event: a redelivery gets the same. */
export const runIdOf = (alarmArn: string, eventSk: string, runbook: string) => hash(`${alarmArn}\n${eventSk}\n${runbook}`);

/** An entry's key ends in a hash of what it is about, so that a redelivery writes it again instead of once more. */
export const timelineKey = (id: string, time: string, type: TimelineType, about: string): Key =>
  ({ pk: incidentPk(id), sk: `${TIMELINE_PREFIX}${time}#${type}#${hash(about).slice(0, 12)}` });

export const random = () => randomBytes(8).toString('hex');

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export function ttlAfter(time: string, days: number): number {
  return Math.floor(Date.parse(time) / 1000) + days * 86_400;
}

export const INCIDENT_STATES = ['OPEN', 'RESOLVED', 'STALE', 'ALARM_GONE'] as const;
export type IncidentState = typeof INCIDENT_STATES[number];

/** `INCIDENT`: what lists show. */
export interface IncidentItem {
  readonly id: string;
  readonly state: IncidentState;
  /** The alarm's name. */
  readonly alarm: string;
  readonly alarmArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly service?: string;
  readonly severity: Severity;
  readonly opened: string;
  readonly closed?: string;
  /** Opened by a drill: nothing was wrong. */
  readonly drill?: boolean;
  /** Verdict of the last run that ended with one. */
  readonly verdict?: Verdict;
  readonly counts: IncidentCounts;
}

export interface IncidentCounts {
  /** Changes of the alarm's state that belong to it. */
  readonly events: number;
  /** Changes that started an investigation. */
  readonly investigations: number;
}

export const RUN_STEPS = ['STARTED', 'STORED', 'REPORTED'] as const;
export type RunStep = typeof RUN_STEPS[number];

/** `RUN#`: request, evidence and result are JSON text; the evidence stands apart, for replay. */
export interface RunItem {
  readonly runId: string;
  readonly runbook: string;
  readonly step: RunStep;
  readonly started: string;
  readonly request: string;
  readonly finished?: string;
  readonly evidence?: string;
  readonly result?: string;
}

/** The result of a run, put together again. */
export function resultOf(run: RunItem): RunbookResult | undefined {
  if (run.result === undefined) return undefined;
  return { ...JSON.parse(run.result) as RunbookResult, evidence: JSON.parse(run.evidence ?? '[]') as Evidence[] };
}

export function requestOf(run: RunItem): RunbookRequest {
  return JSON.parse(run.request) as RunbookRequest;
}

export const TIMELINE_TYPES = ['OPENED', 'EVENT', 'RUN_STARTED', 'RESULT', 'REPORTED', 'REFUSED', 'RESOLVED'] as const;
export type TimelineType = typeof TIMELINE_TYPES[number];

/** `T#`. */
export interface TimelineItem {
  readonly time: string;
  readonly type: TimelineType;
  /** One sentence for people. */
  readonly text: string;
  /** REFUSED: duplicate, cooling down, capped, older, ... */
  readonly reason?: string;
  readonly runbook?: string;
  readonly runId?: string;
}

/** `X#`: a message that belongs to no incident. */
export interface RefusedItem {
  readonly time: string;
  readonly reason: string;
  readonly alarm?: string;
  /** The beginning of the message, redacted. */
  readonly body: string;
}
