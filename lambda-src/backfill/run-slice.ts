import { type FoundObject, listPage, type LogObjects, type Skipped } from './list-page';
import { resumeToken, type Slice } from './request';
import { BATCH_SIZE, type IngestionQueue, sendBatch } from './send-batch';
import type { BackfillRequest } from '../log-processor/object-event';

/** What a slice works with. */
export interface Backfill extends LogObjects, IngestionQueue {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a slice has done. */
export interface SliceAnswer {
  readonly queued: number;
  readonly skipped: Skipped;
  /** Resumes the backfill; null where nothing is left. */
  readonly next: string | null;
}

/**
 * Queues the objects of one page. The answer, with where to go on, comes when all of them are on the queue: a slice that fails before is simply
 * done again, and what it queues twice changes nothing.
 */
export async function runSlice(backfill: Backfill, slice: Slice): Promise<SliceAnswer> {
  const { objects, skipped, after } = await listPage(backfill, slice);
  const begun = backfill.now();
  for (let at = 0; at < objects.length; at += BATCH_SIZE) {
    const batch = objects.slice(at, at + BATCH_SIZE);
    await sendBatch(backfill, batch.map((object) => messageOf(backfill.bucket, object, slice.startedAt)));
    // After the last batch too, or whoever resumes at once would exceed the rate.
    const due = begun + (at + batch.length) * 1000 / slice.perSecond;
    await backfill.sleep(Math.max(0, due - backfill.now()));
  }
  return { queued: objects.length, skipped, next: after === undefined ? null : resumeToken({ ...slice, after }) };
}

function messageOf(bucket: string, object: FoundObject, startedAt: string): string {
  const backfill: BackfillRequest = { bucket, ...object, startedAt };
  // SQS refuses a message with one of these two characters, and the whole batch with it.
  return JSON.stringify({ backfill }).replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
