import { type DynamoDBClient, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';

/** How often a call is throttled, and how often it is done and its answer gets lost; each of one. */
export interface Faults {
  readonly throttled: number;
  readonly answerLost: number;
  /** From 0, below 1. */
  readonly random: () => number;
}

const ATTEMPTS = 3;

/**
 * DynamoDB on a bad day, behind a client that tries three times, as the SDK does, and then gives up: so what was done is done again, and workers
 * fail in the middle.
 */
export function faultyClient(client: DynamoDBClient, { throttled, answerLost, random }: Faults): DynamoDBClient {
  const attempt = async (command: never) => {
    if (random() < throttled) throw new ProvisionedThroughputExceededException({ message: 'The throughput was exceeded', $metadata: {} });
    const answer = await client.send(command);
    if (random() < answerLost) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    return answer;
  };
  const send = async (command: never) => {
    for (let tried = 1; ; tried++) {
      try {
        return await attempt(command);
      } catch (error) {
        // What DynamoDB refuses for its content is not tried again.
        if ((error as Error).name === 'ConditionalCheckFailedException' || tried === ATTEMPTS) throw error;
      }
    }
  };
  return { send } as unknown as DynamoDBClient;
}
