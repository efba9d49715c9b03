import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { sliceOf } from './request';
import { type Backfill, runSlice, type SliceAnswer } from './run-slice';
import { Env } from '../../src/private/shared/environment';
import { optional, required } from '../shared/config';
import { log } from '../shared/log';

const backfill: Backfill = {
  s3: new S3Client({}),
  bucket: required(Env.LOG_BUCKET),
  keyPrefix: optional(Env.KEY_PREFIX) ?? '',
  keySuffix: optional(Env.KEY_SUFFIX) ?? '',
  quarantinePrefix: required(Env.QUARANTINE_PREFIX),
  sqs: new SQSClient({}),
  queueUrl: required(Env.QUEUE_URL),
  now: Date.now,
  sleep,
};

/**
 * Queues log objects that lie in the bucket already, one slice an invocation: `{"prefix": "checkout/", "perSecond": 20}`, both optional,
 * begins a backfill, and `{"resume": "<next of the answer>"}` goes on.
 */
export async function handler(payload: unknown): Promise<SliceAnswer> {
  const slice = sliceOf(payload, backfill.keyPrefix, backfill.now());
  const answer = await runSlice(backfill, slice);
  const { queued, skipped, next } = answer;
  log.info('log objects queued', { ...slice, queued, skipped, isLast: next === null });
  return answer;
}
