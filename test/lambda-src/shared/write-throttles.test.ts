import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { countingWriteThrottles } from '../../../lambda-src/shared/write-throttles';

/** A client whose calls are answered with these error types, one after the other, and then with success. */
function answering(...types: (string | undefined)[]) {
  const handle = async () => {
    const type = types.shift();
    const body = type ? { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type } : {};
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { response: { statusCode: type ? 400 : 200, headers, body: new Blob([JSON.stringify(body)]).stream() } };
  };
  return new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    retryStrategy: { // Retries at once: the real one waits.
      acquireInitialRetryToken: async () => ({ getRetryCount: () => 0, getRetryDelay: () => 0 }),
      refreshRetryTokenForRetry: async (token) => token,
      recordSuccess: () => undefined,
    },
    requestHandler: { handle } as never,
  });
}
const put = new PutItemCommand({ TableName: 't', Item: { pk: { S: 'a' } } });

test('counts each throttled attempt of a write that a retry saves', async () => {
  let throttled = 0;
  const client = countingWriteThrottles(answering('ProvisionedThroughputExceededException', 'ThrottlingException'), 't', () => { throttled += 1; });
  await client.send(put);
  expect(throttled).toBe(2);
});

test('counts no read, and no other failure', async () => {
  let throttled = 0;
  const count = () => { throttled += 1; };
  await countingWriteThrottles(answering('ThrottlingException'), 't', count).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }));
  await countingWriteThrottles(answering('InternalServerError'), 't', count).send(put);
  expect(throttled).toBe(0);
});
