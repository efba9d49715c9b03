import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ofType, Resource, statementsOf, synth } from './synth';
import { LogIngestion, LogIngestionOptions, MetricsStore } from '../../src';

/** A log ingestion on its own, with a bucket that was brought or made. */
const ingestion = (options: LogIngestionOptions = {}) => synth((stack: Stack) => new LogIngestion(stack, 'Logs', { store: new MetricsStore(stack, 'Store'), ...options }));

function backfillOf(resources: Record<string, Resource>): Resource {
  return ofType(resources, 'AWS::Lambda::Function').find(({ Properties }) => /lie in the bucket already/.test(Properties.Description))!;
}

test('it may list the bucket and send to the queue, and nothing else', () => {
  const { resources } = ingestion();
  const [queue] = Object.entries(resources).filter(([, { Type, Properties }]) => Type === 'AWS::SQS::Queue' && Properties.RedrivePolicy).map(([id]) => id);
  const [bucket] = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::S3::Bucket').map(([id]) => id);
  expect(statementsOf(resources, /Backfill/)).toEqual([
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: expect.anything() },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: { 'Fn::GetAtt': [bucket, 'Arn'] } },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': [queue, 'Arn'] } },
  ]);
});

test('it queues what the events of new objects would: the same bucket, prefix, suffix and quarantine', () => {
  const { resources, stack, built } = ingestion({ keyPrefix: 'app-logs/', keySuffix: '.json', quarantinePrefix: 'bad/' });
  const variables = backfillOf(resources).Properties.Environment.Variables;
  expect(variables).toMatchObject({ KEY_PREFIX: 'app-logs/', KEY_SUFFIX: '.json', QUARANTINE_PREFIX: 'bad/', LOG_BUCKET: stack.resolve(built.bucket.bucketName) });
  const [rule] = ofType(resources, 'AWS::Events::Rule').filter(({ Properties }) => Properties.EventPattern);
  expect(variables.LOG_BUCKET).toEqual(rule.Properties.EventPattern.detail.bucket.name[0]);
  expect(variables.QUEUE_URL).toEqual({ Ref: rule.Properties.Targets[0].Arn['Fn::GetAtt'][0] });
});

test('without filters it has none, so that no variable is empty', () => {
  const variables = backfillOf(ingestion().resources).Properties.Environment.Variables;
  expect(Object.keys(variables).sort()).toEqual(['LIBRARY_VERSION', 'LOG_BUCKET', 'QUARANTINE_PREFIX', 'QUEUE_URL']);
});

test('a bucket that was brought is listed as it is', () => {
  const { resources, stack } = synth((scope) => new LogIngestion(scope, 'Logs', {
    store: new MetricsStore(scope, 'Store'), bucket: Bucket.fromBucketName(scope, 'Own', 'own-logs'),
  }));
  const list = statementsOf(resources, /Backfill/).find(({ Action }) => Action === 's3:ListBucket');
  expect(list!.Resource).toEqual(stack.resolve(`arn:${stack.partition}:s3:::own-logs`));
});

test('it runs only when it is invoked: nothing triggers it', () => {
  const { resources, stack, built } = ingestion();
  const id = stack.resolve(built.backfill.functionArn)['Fn::GetAtt'][0];
  const triggers = Object.values(resources).filter(({ Type }) => /Permission|EventSourceMapping|Rule|Schedule/.test(Type));
  expect(triggers.length).toBeGreaterThan(0);
  expect(triggers.filter((trigger) => JSON.stringify(trigger).includes(id))).toEqual([]);
  expect(backfillOf(resources).Properties.Timeout).toBe(120);
});
