import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createApi } from './app';
import type { Backend } from './backend';
import { Env } from '../../src/private/shared/environment';
import { optional, required } from '../shared/config';
import { storeOfEnvironment } from '../shared/environment-store';
import { log } from '../shared/log';
import { ServiceSpecs } from '../shared/service-specs';
import { publishTouched, tellUnpublished } from '../shared/service-values';

const store = storeOfEnvironment();
const incidents = optional(Env.INCIDENT_TABLE);
const prometheusOpen = optional(Env.PROMETHEUS_OPEN);

/** Answers the metrics API (API Gateway REST API, Lambda proxy integration). */
export const handler = createApi({
  log,
  store,
  incidents: incidents === undefined ? undefined : { client: store.client, table: incidents },
  version: required(Env.LIBRARY_VERSION),
  corsOrigins: optional(Env.CORS_ORIGINS)?.split(','),
  prometheusOpen: prometheusOpen === undefined ? undefined : prometheusOpen === 'true',
  now: Date.now,
  publish: publisherFor(optional(Env.SERVICE_ALARMS_PATH)),
});

/** Publishes for service alarms. Where there is none, no client is made for them: making them is a good part of a cold start. */
function publisherFor(path: string | undefined): Backend['publish'] {
  if (path === undefined) return async () => undefined;
  const specs = new ServiceSpecs(new SSMClient({}), path);
  const values = { store, cloudwatch: new CloudWatchClient({}) };
  return async (parts) => tellUnpublished(await publishTouched(values, await specs.list(), parts), log);
}
