import { setTimeout } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { LeaseHeldError } from './events';
import { Incidents } from './incidents';
import { ItemStore } from './item-store';
import { processMessage } from './process-message';
import { Services } from './services';
import { Env } from '../../src/private/shared/environment';
import { naturalNumber, optional, required, requiredNumber } from '../shared/config';
import { log } from '../shared/log';
import { emitSelfMetric } from '../shared/self-metrics';

/** Above every deadline: a call that timed out on its socket would look like a failure while its handler still runs. */
const INVOKE_TIMEOUT_MS = 330_000;

const functionName = required('AWS_LAMBDA_FUNCTION_NAME');
const store = new ItemStore(new DynamoDBClient(), required(Env.INCIDENT_TABLE));

const services: Services = {
  cloudwatch: new CloudWatchClient(),
  // One attempt only: a second one would run the handler twice.
  lambda: new LambdaClient({ maxAttempts: 1, requestHandler: { requestTimeout: INVOKE_TIMEOUT_MS, socketTimeout: INVOKE_TIMEOUT_MS } }),
  stateMachines: async () => {
    const { SFNClient } = await import('@aws-sdk/client-sfn');
    return new SFNClient({
      maxAttempts: 1,
      requestHandler: { requestTimeout: INVOKE_TIMEOUT_MS, socketTimeout: INVOKE_TIMEOUT_MS },
      // On AWS, synchronous executions have a host of their own; an endpoint that somebody set has all calls.
      disableHostPrefix: process.env.AWS_ENDPOINT_URL !== undefined,
    });
  },
  sns: new SNSClient({ maxAttempts: 5 }),
  sqs: new SQSClient({ maxAttempts: 5 }),
  ssm: new SSMClient({ maxAttempts: 5 }),
  store,
  incidents: new Incidents(store, requiredNumber(Env.INCIDENT_RETENTION_DAYS)),
  parameterPrefix: required(Env.RUNBOOK_PARAMETER_PREFIX),
  alertTopicArn: required(Env.ALERT_TOPIC_ARN),
  topicArn: required(Env.REPORT_TOPIC_ARN),
  chatTopicArn: optional(Env.CHAT_TOPIC_ARN),
  queueUrl: required(Env.QUEUE_URL),
  settings: {
    breakerPause: requiredNumber(Env.BREAKER_PAUSE_SECONDS),
    secondLookDelay: naturalNumber(Env.SECOND_LOOK_SECONDS),
    staleAfter: requiredNumber(Env.STALE_AFTER_SECONDS),
    reportsPerMinute: requiredNumber(Env.REPORTS_PER_MINUTE),
  },
  log,
  emit: (name, value) => emitSelfMetric(name, value, functionName),
  now: () => new Date(),
  pause: async (milliseconds) => setTimeout(milliseconds),
};

/** From an alarm's message to its report. A message that another executor holds goes back to the queue; so does one that fails. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of event.Records) {
    try {
      const became = await processMessage(services, body, Date.now() + context.getRemainingTimeInMillis());
      log.info('message processed', { messageId, became });
    } catch (error) {
      if (!(error instanceof LeaseHeldError)) {
        log.error('message failed', { messageId, error });
        // A thrown error is counted by Lambda, so that the alarm on the executor's errors sees it.
        if (event.Records.length === 1) throw error;
      }
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
