import { AlarmEvent, NoAlarm } from './alarm-event';
import { AlarmState } from '../../src/private/shared/contract';
import { isObject } from '../shared/is-object';

type Json = Record<string, unknown>;

/**
 * Reads a queue message into one change of an alarm's state. Four shapes come: CloudWatch's message inside an SNS envelope,
 * the same bare (raw delivery), an EventBridge event, and the event of a direct Lambda action.
 */
export function normalise(body: string): AlarmEvent | NoAlarm {
  const outer = parse(body);
  if (!outer) return { refusal: 'the message is not a JSON object' };
  // An SNS envelope carries the real message as text.
  const message = outer.Type === 'Notification' && typeof outer.Message === 'string' ? parse(outer.Message) : outer;
  if (!message) return { refusal: 'the SNS notification carries no JSON object' };
  if ('NewStateValue' in message) return checked(fromSns(message));
  if (isObject(message.detail)) return checked({ ...fromEventBridge(message, message.detail), heard: true });
  if (isObject(message.alarmData)) return checked(fromEventBridge(message, message.alarmData));
  return { refusal: 'the message tells no change of an alarm\'s state: neither NewStateValue nor detail.state' };
}

export function isRefusal(event: AlarmEvent | NoAlarm): event is NoAlarm {
  return 'refusal' in event;
}

/** An event before its members are checked. */
type Draft = { [Member in keyof AlarmEvent]?: unknown };

function fromSns(message: Json): Draft {
  const arn = text(message.AlarmArn);
  return {
    arn,
    name: message.AlarmName,
    // `Region` is a display name on AWS and a code on the local cloud; the ARN is right on both.
    region: arnPart(arn, 3) ?? regionCode(message.Region),
    account: arnPart(arn, 4) ?? text(message.AWSAccountId),
    newState: message.NewStateValue,
    oldState: message.OldStateValue,
    stateTime: message.StateChangeTime,
    reason: message.NewStateReason,
    contributor: message.AlarmContributorId ?? (isObject(message.AlarmContributor) ? message.AlarmContributor.Id : undefined),
  };
}

function fromEventBridge(event: Json, detail: Json): Draft {
  const resource: unknown = Array.isArray(event.resources) ? event.resources[0] : undefined;
  const arn = text(event.alarmArn) ?? text(resource);
  const state = isObject(detail.state) ? detail.state : {};
  const previous = isObject(detail.previousState) ? detail.previousState : {};
  const contributor = isObject(detail.alarmContributor) ? detail.alarmContributor : {};
  return {
    arn,
    name: detail.alarmName,
    region: text(event.region) ?? arnPart(arn, 3),
    account: text(event.account) ?? text(event.accountId) ?? arnPart(arn, 4),
    newState: state.value,
    oldState: previous.value,
    stateTime: state.timestamp ?? event.time,
    reason: state.reason,
    contributor: contributor.id ?? contributor.contributorId,
  };
}

function checked(draft: Draft): AlarmEvent | NoAlarm {
  const name = text(draft.name);
  if (!name) return { refusal: 'the message names no alarm' };
  const newState = alarmState(draft.newState);
  if (!newState) return { refusal: `the new state is ${JSON.stringify(draft.newState)}, not OK, ALARM or INSUFFICIENT_DATA`, alarm: name };
  const stateTime = isoTime(draft.stateTime);
  if (!stateTime) return { refusal: `the time of the change is ${JSON.stringify(draft.stateTime)}, not an ISO 8601 time`, alarm: name };
  return {
    arn: text(draft.arn),
    name,
    region: text(draft.region),
    account: text(draft.account),
    newState,
    oldState: alarmState(draft.oldState),
    stateTime,
    reason: text(draft.reason) ?? '',
    contributor: text(draft.contributor),
    ...(draft.heard === true && { heard: true }),
  };
}

function alarmState(value: unknown): AlarmState | undefined {
  return value === 'OK' || value === 'ALARM' || value === 'INSUFFICIENT_DATA' ? value : undefined;
}

/** `...+0000`, as AWS writes it, is no ISO 8601 that every engine reads: the colon is missing. */
function isoTime(value: unknown): string | undefined {
  const time = Date.parse((text(value) ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function arnPart(arn: string | undefined, index: number): string | undefined {
  return arn?.split(':')[index] || undefined;
}

function regionCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z]{2}(-[a-z]+)+-\d+$/.test(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parse(json: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
