import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { objectOf } from './object-event';
import type { Processed } from './process-object';
import type { ObjectVersion } from '../shared/ledger';

/** What a batch is worked with. */
export interface BatchWork {
  readonly logger: Logger;
  /** Stores an object, and publishes what alarms watch of it. */
  process(object: ObjectVersion): Promise<Processed>;
  /** Sets when a failed message comes back. */
  delay(record: SQSRecord): Promise<void>;
  /** Counts what was quarantined. */
  count(quarantined: number): void;
}

/** Works through the messages one after the other, so that one object at a time is in memory; only failed ones come back. */
export async function processBatch(event: SQSEvent, work: BatchWork): Promise<SQSBatchResponse> {
  const batchItemFailures = [];
  for (const record of event.Records) {
    if (!await processRecord(record, work)) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
}

async function processRecord(record: SQSRecord, { process, delay, count, logger }: BatchWork): Promise<boolean> {
  const context: Record<string, unknown> = { messageId: record.messageId, receives: record.attributes.ApproximateReceiveCount };
  try {
    const object = objectOf(record.body);
    Object.assign(context, { bucket: object.bucket, key: object.key, source: object.source, generation: object.generation });
    const { parts, ...processed } = await process(object);
    const level = processed.quarantined > 0 ? 'warn' : 'info';
    logger[level](`log object ${processed.outcome}`, { ...context, ...processed, parts: parts.length });
    if (processed.quarantined > 0) count(processed.quarantined);
    return true;
  } catch (error) {
    logger.error('log object failed: it comes back, and ends in the dead-letter queue if it keeps failing', { ...context, error });
  }
  try {
    await delay(record);
  } catch (error) {
    // It comes back all the same, only later.
    logger.warn('could not set when the message comes back', { ...context, error });
  }
  return false;
}
