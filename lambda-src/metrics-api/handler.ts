import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createApi } from './app';
import { Env } from '../../src/private/shared/environment';
import { optional, required, requiredNumber } from '../shared/config';
import { ServiceSpecs } from '../shared/service-specs';
import { publishTouched, tellUnpublished } from '../shared/service-values';
import { openStore } from '../shared/store';
import { countingWriteThrottles } from '../shared/write-throttles';

const logger = new Logger({ serviceName: 'metrics-api' });
const table = required(Env.METRICS_TABLE);
const store = openStore({
  client: countingWriteThrottles(new DynamoDBClient({}), table),
  table,
  sampleRetentionDays: requiredNumber(Env.SAMPLE_RETENTION_DAYS),
  rollupRetentionDays: requiredNumber(Env.ROLLUP_RETENTION_DAYS),
});
const specs = new ServiceSpecs(new SSMClient({}), optional(Env.SERVICE_ALARMS_PATH));
const values = { store, cloudwatch: new CloudWatchClient({}) };

/** Answers the metrics API (API Gateway REST API, Lambda proxy integration). */
export const handler = createApi({
  logger,
  store,
  version: required(Env.LIBRARY_VERSION),
  now: Date.now,
  publish: async (parts) => tellUnpublished(await publishTouched(values, await specs.list(), parts), logger),
});
