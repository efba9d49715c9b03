import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What DynamoDB answers when it throttles a call. */
const THROTTLES = new Set(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded']);

/**
 * Tells of every write that DynamoDB throttles, also of those that a retry saves.
 *
 * DynamoDB's own throttle metrics cannot be alarmed on without metric math: they have no point while nothing is throttled,
 * and alarms on them ignore what they are told of missing data.
 */
export function onWriteThrottle(client: DynamoDBClient, tell: () => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (/^(Put|Update|Delete|BatchWrite|TransactWrite)/.test(String(context.commandName)) && THROTTLES.has((error as Error).name)) {
          tell();
        }
        throw error;
      }
    },
    // Low in the step, which is inside the retry: every attempt is seen.
    { step: 'finalizeRequest', priority: 'low', name: 'onWriteThrottle' },
  );
}
