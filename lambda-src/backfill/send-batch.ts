import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The queue that log objects are processed from. */
export interface IngestionQueue {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Resolves after so many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** What SQS takes at once. Keys have at most 1,024 bytes, so ten messages are far below its 256 KB. */
export const BATCH_SIZE = 10;

const MAX_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;

/** Sends up to ten messages. What SQS does not take is sent again; all of it is on the queue when this returns, or it throws. */
export async function sendBatch({ sqs, queueUrl, sleep }: IngestionQueue, bodies: readonly string[]): Promise<void> {
  let unsent = bodies.map((body, n) => ({ Id: String(n), MessageBody: body }));
  for (let attempt = 1; ; attempt++) {
    const { Successful = [], Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: unsent }));
    const sent = new Set(Successful.map(({ Id }) => Id));
    unsent = unsent.filter(({ Id }) => !sent.has(Id));
    if (unsent.length === 0) return;
    if (attempt === MAX_ATTEMPTS) {
      const [{ Code = 'unknown', Message = 'no reason given' } = {}] = Failed;
      throw new Error(`SQS did not take ${unsent.length} of ${bodies.length} messages in ${MAX_ATTEMPTS} attempts (${Code}: ${Message}). `
        + 'Nothing is skipped: invoke again with the same payload.');
    }
    await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), MAX_PAUSE_MS));
  }
}
