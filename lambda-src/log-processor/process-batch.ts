import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type ObjectEvent, objectOf } from './object-event';
import type { Processed } from './process-object';
import type { Log } from '../shared/log';

/** What a batch is worked with. */
export interface BatchWork {
  readonly log: Log;
  /** Stores an object, and publishes what alarms watch of it. */
  process(object: ObjectEvent): Promise<Processed>;
  /** Sets when a failed message comes back. */
  delay(record: SQSRecord): Promise<void>;
  /** Counts what was quarantined. */
  count(quarantined: number): void;
  /** Until the function is ended. */
  remainingMs(): number;
}

/** The largest objects take up to two minutes: who begins one with less time than this may be ended in the middle of it. */
const ENOUGH_MS = 120_000;

/** Works through the messages one after the other, so that one object at a time is in memory; only failed ones come back. */
export async function processBatch(event: SQSEvent, work: BatchWork): Promise<SQSBatchResponse> {
  const batchItemFailures = [];
  for (const [position, record] of event.Records.entries()) {
    // What is left of a batch of large objects comes back soon. Ended by its time-out, the whole batch would, and late.
    const processed = position === 0 || work.remainingMs() >= ENOUGH_MS ? await processRecord(record, work) : await putOff(record, work);
    if (!processed) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
}

async function putOff(record: SQSRecord, work: BatchWork): Promise<boolean> {
  work.log.info('log object put off: no time for it in this invocation', { messageId: record.messageId });
  await handBack(record, work, { messageId: record.messageId });
  return false;
}

async function processRecord(record: SQSRecord, work: BatchWork): Promise<boolean> {
  const { process, count, log } = work;
  const context: Record<string, unknown> = { messageId: record.messageId, receives: record.attributes.ApproximateReceiveCount };
  try {
    const object = objectOf(record.body);
    Object.assign(context, { bucket: object.bucket, key: object.key, source: object.source });
    const { parts, ...processed } = await process(object);
    const level = processed.quarantined > 0 ? 'warn' : 'info';
    log[level](`log object ${processed.outcome}`, { ...context, ...processed, parts: parts.length });
    if (processed.quarantined > 0) count(processed.quarantined);
    return true;
  } catch (error) {
    log.error('log object failed: it comes back, and ends in the dead-letter queue if it keeps failing', { ...context, error });
  }
  await handBack(record, work, context);
  return false;
}

async function handBack(record: SQSRecord, { delay, log }: BatchWork, context: Record<string, unknown>): Promise<void> {
  try {
    await delay(record);
  } catch (error) {
    // It comes back all the same, only later.
    log.warn('could not set when the message comes back', { ...context, error });
  }
}
