import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { ScheduledEvent } from 'aws-lambda';
import { Env } from '../../src/private/shared/environment';
import { required } from '../shared/config';
import { log } from '../shared/log';
import { ServiceSpecs } from '../shared/service-specs';
import { publishDue, tellUnpublished } from '../shared/service-values';

const values = { store: { client: new DynamoDBClient({}), table: required(Env.METRICS_TABLE) }, cloudwatch: new CloudWatchClient({}) };
const specs = new ServiceSpecs(new SSMClient({}), required(Env.SERVICE_ALARMS_PATH));

/** Every minute: publishes the service alarms' buckets that are complete by now. */
export async function handler(event: ScheduledEvent): Promise<void> {
  // The schedule's own time: a late or repeated invocation then publishes the buckets that it was meant to.
  const publication = await publishDue(values, await specs.list(), Date.parse(event.time));
  tellUnpublished(publication, log);
  log.info('published due buckets', { published: publication.published });
}
