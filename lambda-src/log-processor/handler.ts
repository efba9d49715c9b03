import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { processBatch } from './process-batch';
import { processObject } from './process-object';
import { delayRetry, parseDelays } from './retry';
import { Env } from '../../src/private/shared/environment';
import { SelfMetric } from '../../src/private/shared/metrics';
import { optional, required, requiredNumber } from '../shared/config';
import { storeOfEnvironment } from '../shared/environment-store';
import { log } from '../shared/log';
import { emitSelfMetric } from '../shared/self-metrics';
import { ServiceSpecs } from '../shared/service-specs';
import { publishTouched, tellUnpublished } from '../shared/service-values';

const store = storeOfEnvironment();
const processing = {
  s3: new S3Client({}),
  store,
  quarantinePrefix: required(Env.QUARANTINE_PREFIX),
  maxObjectBytes: requiredNumber(Env.MAX_OBJECT_BYTES),
  maxLineBytes: requiredNumber(Env.MAX_LINE_BYTES),
};
const specs = new ServiceSpecs(new SSMClient({}), optional(Env.SERVICE_ALARMS_PATH));
const values = { store, cloudwatch: new CloudWatchClient({}) };
const sqs = new SQSClient({});
const queueUrl = required(Env.QUEUE_URL);
const delays = parseDelays(optional(Env.RETRY_DELAYS));

/** Turns log objects into metrics: messages of the queue that carry S3's `Object Created` events from EventBridge. */
export function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return processBatch(event, {
    log,
    process: async (object) => {
      const processed = await processObject(processing, object);
      tellUnpublished(await publishTouched(values, await specs.list(), processed.parts), log);
      return processed;
    },
    delay: (record) => delayRetry(sqs, queueUrl, record, delays),
    count: (quarantined) => emitSelfMetric(SelfMetric.QUARANTINED_LINES, quarantined, store.table),
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
}
