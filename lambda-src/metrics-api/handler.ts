import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createApi } from './app';
import { Env } from '../../src/private/shared/environment';
import { optional, required } from '../shared/config';
import { storeOfEnvironment } from '../shared/environment-store';
import { ServiceSpecs } from '../shared/service-specs';
import { publishTouched, tellUnpublished } from '../shared/service-values';

const logger = new Logger({ serviceName: 'metrics-api' });
const store = storeOfEnvironment();
const specs = new ServiceSpecs(new SSMClient({}), optional(Env.SERVICE_ALARMS_PATH));
const incidents = optional(Env.INCIDENT_TABLE);
const values = { store, cloudwatch: new CloudWatchClient({}) };

/** Answers the metrics API (API Gateway REST API, Lambda proxy integration). */
export const handler = createApi({
  logger,
  store,
  incidents: incidents === undefined ? undefined : { client: store.client, table: incidents },
  version: required(Env.LIBRARY_VERSION),
  corsOrigins: optional(Env.CORS_ORIGINS)?.split(','),
  now: Date.now,
  publish: async (parts) => tellUnpublished(await publishTouched(values, await specs.list(), parts), logger),
});
