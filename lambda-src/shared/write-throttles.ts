import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { emitSelfMetric } from './self-metrics';
import { SelfMetric } from '../../src/private/shared/metrics';

/** What DynamoDB answers when it throttles a call. */
const THROTTLES = new Set(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded']);

/**
 * Counts every write to the table that DynamoDB throttles, also those that a retry saves, and returns the client.
 *
 * DynamoDB's own throttle metrics cannot be alarmed on without metric math: they have no point while nothing is throttled,
 * and alarms on them ignore what they are told of missing data.
 */
export function countingWriteThrottles(
  client: DynamoDBClient, table: string, count = () => emitSelfMetric(SelfMetric.WRITE_THROTTLES, 1, table),
): DynamoDBClient {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (/^(Put|Update|Delete|BatchWrite|TransactWrite)/.test(String(context.commandName)) && THROTTLES.has((error as Error).name)) {
          count();
        }
        throw error;
      }
    },
    // The retry is earlier in this step, so that every attempt is seen here.
    { step: 'finalizeRequest', priority: 'low', name: 'countingWriteThrottles' },
  );
  return client;
}
