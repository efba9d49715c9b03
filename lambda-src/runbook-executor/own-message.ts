import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { Services } from './services';
import type { StateChange } from './transition';

/** What the executor tells itself through its own queue: later, or by its schedule. */
export type OwnMessage = SecondLookMessage | GroupMessage | ReconcileMessage | EndMessage;

/** Looks at an alarm again, when metrics and changes that came late are there. */
export interface SecondLookMessage {
  readonly executor: 'SECOND_LOOK';
  readonly incident: string;
  readonly alarmArn: string;
  readonly alarm: string;
  /** Sort key of the event whose runs are repeated. */
  readonly event: string;
  /** When the alarm changed. */
  readonly at: string;
  /** The runs to repeat. */
  readonly runs: readonly string[];
}

/** Tells in one report what was listed in a minute of many. */
export interface GroupMessage {
  readonly executor: 'GROUP';
  readonly minute: string;
}

/** Looks after incidents that no message has closed. */
export interface ReconcileMessage {
  readonly executor: 'RECONCILE';
}

/** Ends an incident that no message has closed. */
export interface EndMessage {
  readonly executor: 'END';
  readonly incident: string;
  readonly change: StateChange;
  /** What CloudWatch says of the alarm; nothing where it is gone. */
  readonly reason: string;
}

const KINDS: readonly string[] = ['SECOND_LOOK', 'GROUP', 'RECONCILE', 'END'] satisfies OwnMessage['executor'][];

/**
 * The message, where it is one of ours. What comes through the topic cannot be: SNS puts it into an envelope, and only the
 * outermost object is looked at.
 */
export function ownMessage(body: string): OwnMessage | undefined {
  try {
    const message = JSON.parse(body) as OwnMessage;
    return KINDS.includes(message?.executor) ? message : undefined;
  } catch {
    return undefined;
  }
}

export async function sendLater({ sqs, queueUrl }: Services, message: OwnMessage, delaySeconds: number): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message), DelaySeconds: delaySeconds }));
}
