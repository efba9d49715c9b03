import type { Context, SQSEvent } from 'aws-lambda';

const process = jest.fn();
jest.mock('../../../lambda-src/runbook-executor/process-message', () => ({ processMessage: (...given: unknown[]) => process(...given) }));

const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_LAMBDA_FUNCTION_NAME: 'executor',
  INCIDENT_TABLE: 'incidents',
  INCIDENT_RETENTION_DAYS: '400',
  QUEUE_URL: 'https://sqs/alarms',
  BREAKER_PAUSE_SECONDS: '3600',
  SECOND_LOOK_SECONDS: '0',
  STALE_AFTER_SECONDS: '604800',
  REPORTS_PER_MINUTE: '5',
  ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:1:alerts',
  REPORT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:1:t',
  RUNBOOK_PARAMETER_PREFIX: '/runbooks',
};
const context = { getRemainingTimeInMillis: () => 300_000 } as Context;
const batch = (...ids: string[]) => ({ Records: ids.map((messageId) => ({ messageId, body: `body of ${messageId}` })) }) as SQSEvent;

type Loaded = typeof import('../../../lambda-src/runbook-executor/handler') & typeof import('../../../lambda-src/runbook-executor/events');

/** The handler as a new container would load it. */
function load(environment: Record<string, string>): Loaded {
  let loaded: Loaded;
  globalThis.process.env = { ...environment };
  jest.isolateModules(() => {
    loaded = { ...jest.requireActual('../../../lambda-src/runbook-executor/handler'), ...jest.requireActual('../../../lambda-src/runbook-executor/events') };
  });
  return loaded!;
}

const told = jest.spyOn(console, 'info').mockReturnValue();
const failures = jest.spyOn(console, 'error').mockReturnValue();

const before = globalThis.process.env;
afterAll(() => { globalThis.process.env = before; });

test('a processed message is acknowledged, and its executor told when it will be stopped', async () => {
  process.mockResolvedValue('DONE');
  const now = Date.now();
  expect(await load(ENVIRONMENT).handler(batch('m1'), context)).toEqual({ batchItemFailures: [] });
  const [services, body, stopsAt] = process.mock.calls[0];
  expect(body).toBe('body of m1');
  expect(stopsAt).toBeGreaterThanOrEqual(now + 300_000);
  expect(services).toMatchObject({ parameterPrefix: '/runbooks', topicArn: 'arn:aws:sns:eu-west-1:1:t' });
  expect(told.mock.calls).toEqual([[{ message: 'message processed', messageId: 'm1', became: 'DONE' }]]);
});

test('the handlers\' client never calls twice', async () => {
  process.mockResolvedValue('DONE');
  await load(ENVIRONMENT).handler(batch('m1'), context);
  const { lambda } = process.mock.calls[0][0];
  expect(await lambda.config.maxAttempts()).toBe(1);
  expect((await lambda.config.requestHandler.configProvider).socketTimeout).toBeGreaterThan(300_000);
});

test('a message that another executor holds goes back without an error', async () => {
  const { handler, LeaseHeldError } = load(ENVIRONMENT);
  process.mockRejectedValue(new LeaseHeldError({ pk: 'A#x', sk: 'E#y' }, Date.now()));
  expect(await handler(batch('m1'), context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
});

test('a failure is an error that Lambda counts; in a batch the other messages go on', async () => {
  process.mockImplementation(async (_services, body: string) => {
    if (body.includes('m1')) throw new Error('the topic is out of order');
    return 'DONE';
  });
  const { handler } = load(ENVIRONMENT);
  await expect(handler(batch('m1'), context)).rejects.toThrow('out of order');
  expect(failures.mock.calls).toEqual([[{ message: 'message failed', messageId: 'm1', error: new Error('the topic is out of order') }]]);
  expect(await handler(batch('m1', 'm2'), context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
});

test('a missing variable is named', () => {
  const { INCIDENT_TABLE, ...others } = ENVIRONMENT;
  expect(() => load(others)).toThrow('INCIDENT_TABLE');
});
