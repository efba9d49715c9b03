import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

const DEFAULT_DELAYS = '10,30,90';

/** Seconds to wait after the first, second, third ... receive of a message; the last one holds for all that follow. */
export function parseDelays(text: string | undefined): number[] {
  const delays = (text ?? DEFAULT_DELAYS).split(',');
  if (delays.every((delay) => /^\d{1,5}$/.test(delay) && Number(delay) <= 43_200)) return delays.map(Number);
  throw new Error(`The retry delays are "${text}": expected whole seconds from 0 to 43200 with commas between them, such as ${DEFAULT_DELAYS}`);
}

/** Sets when a failed message comes back: the queue's own visibility time is as long as a whole invocation may take. */
export async function delayRetry(sqs: SQSClient, queueUrl: string, record: SQSRecord, delays: readonly number[]): Promise<void> {
  const receives = Number(record.attributes.ApproximateReceiveCount);
  await sqs.send(new ChangeMessageVisibilityCommand({
    QueueUrl: queueUrl,
    ReceiptHandle: record.receiptHandle,
    VisibilityTimeout: delays[Math.min(receives, delays.length) - 1],
  }));
}
