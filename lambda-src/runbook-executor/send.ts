import { PublishCommand } from '@aws-sdk/client-sns';
import { chatJson } from './chat-text';
import { Services } from './services';

/** The copies of one message. */
export interface Copies {
  readonly subject: string;
  readonly json: string;
  readonly email: string;
  readonly sms: string;
}

/** By what subscribers may filter. */
export interface Attributes {
  readonly event: 'REPORT' | 'RESOLVED' | 'GROUPED';
  readonly severity: string;
  readonly service?: string;
  readonly runbook?: string;
}

/**
 * Sends a message to people and machines, and to chat channels where there are any.
 *
 * @param thread what belongs together in a chat channel
 */
export async function send({ sns, topicArn, chatTopicArn, log }: Services, copies: Copies, attributes: Attributes, thread: string): Promise<void> {
  const { subject, json, email, sms } = copies;
  await sns.send(new PublishCommand({
    TopicArn: topicArn,
    Subject: subject,
    MessageStructure: 'json',
    Message: JSON.stringify({ default: json, email, sms }),
    // SNS refuses an attribute without a value.
    MessageAttributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value)
      .map(([name, value]) => [name, { DataType: 'String', StringValue: value }])),
  }));
  log.info('published', { ...attributes, thread });
  if (!chatTopicArn) return;
  try {
    await sns.send(new PublishCommand({ TopicArn: chatTopicArn, Message: chatJson(copies, attributes, thread) }));
  } catch (error) {
    // People have the report by now: for a chat channel it must not be sent to them again and again.
    log.warn('chat not told', { thread, error });
  }
}
