import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ClientConfig } from '../../../tools/local-cloud/local-cloud';
import { Environment } from '../environment';

type Call = (config: ClientConfig, outputs: Record<string, string>) => Promise<unknown>;

const key = { pk: { S: 'x' }, sk: { S: 'y' } };
const deleteLog: Call = (config, { LogBucketName }) => new S3Client(config).send(new DeleteObjectCommand({ Bucket: LogBucketName, Key: 'x' }));
const readLog: Call = (config, { LogBucketName }) => new S3Client(config).send(new GetObjectCommand({ Bucket: LogBucketName, Key: 'x' }));
const writeMetrics: Call = (config, { MetricsTableName }) =>
  new DynamoDBClient(config).send(new PutItemCommand({ TableName: MetricsTableName, Item: key }));
const readCarts: Call = (config, { CartsTableName }) =>
  new DynamoDBClient(config).send(new GetItemCommand({ TableName: CartsTableName, Key: { pk: key.pk } }));
const invoke: Call = (config, { FailingFunctionName }) => new LambdaClient(config).send(new InvokeCommand({ FunctionName: FailingFunctionName }));

/** For each of the library's functions, a call that is near to what it does and yet none of its business. */
const NONE_OF_ITS_BUSINESS: Record<string, Call> = {
  'MetricsStore/DayRoller': readLog,
  'LogIngestion/LogProcessor': deleteLog,
  'LogIngestion/Backfill': readLog,
  'MetricsApi/ApiLambda': readLog,
  'ServiceAlarms/Publisher': writeMetrics,
  'Alerting/RunbookExecutor/Function': invoke,
  'Alerting/Runbooks/high-error-rate/Function': writeMetrics,
  'Alerting/Runbooks/high-latency/Function': writeMetrics,
  'Alerting/Runbooks/lambda-error/Function': invoke,
  'Alerting/Runbooks/dynamodb-throttling/Function': readCarts,
  'Alerting/Runbooks/general/Function': invoke,
};

/** What the roles are refused; that they suffice is what all other suites show. */
export function roles(deployed: () => Environment) {
  describe('roles', () => {
    test('every function of the library is in the list', () => {
      expect(Object.keys(NONE_OF_ITS_BUSINESS).sort()).toEqual(Object.keys(deployed().probes).sort());
    });

    test.each(Object.entries(NONE_OF_ITS_BUSINESS))('%s may not do what is none of its business', async (path, call) => {
      const environment = deployed();
      const credentials = await environment.credentialsOf(path);
      await expect(call(environment.cloud.clientConfig(credentials), environment.outputs)).rejects.toThrow(/is not authorized to perform/);
    });
  });
}
