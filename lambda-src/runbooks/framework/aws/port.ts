import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { apiCalls } from './api';
import { Calls } from './calls';
import { changeCalls } from './changes';
import { lambdaCalls } from './lambda';
import { logCalls } from './logs';
import { metricCalls } from './metrics';
import { serviceCalls, type ServiceStore } from './services';
import { tableCalls } from './tables';
import { Env } from '../../../../src/private/shared/environment';
import { optional } from '../../../shared/config';
import type { Port } from '../port';

/** The clients behind the port, made once per process. */
export interface Clients extends ServiceStore {
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudTrail: CloudTrailClient;
  readonly globalCloudTrail: CloudTrailClient;
  readonly lambda: LambdaClient;
  readonly apiGateway: APIGatewayClient;
}

export function openClients(): Clients {
  return {
    cloudWatch: new CloudWatchClient({}),
    logs: new CloudWatchLogsClient({}),
    cloudTrail: new CloudTrailClient({}),
    globalCloudTrail: new CloudTrailClient({ region: globalRegion(process.env.AWS_REGION) }),
    lambda: new LambdaClient({}),
    apiGateway: new APIGatewayClient({}),
    dynamodb: new DynamoDBClient({}),
    s3: new S3Client({}),
    table: optional(Env.METRICS_TABLE),
    bucket: optional(Env.LOG_BUCKET),
    quarantinePrefix: optional(Env.QUARANTINE_PREFIX),
  };
}

/** The port to AWS for one run; `deadline` in epoch milliseconds ends its calls. */
export function awsPort(clients: Clients, deadline: number): Port {
  const calls = new Calls(deadline);
  return {
    usage: calls.usage,
    ...metricCalls(calls, clients.cloudWatch),
    ...logCalls(calls, clients.logs),
    ...changeCalls(calls, clients.cloudTrail, undefined, clients.globalCloudTrail),
    ...lambdaCalls(calls, clients.lambda),
    ...tableCalls(calls, clients.dynamodb, clients.cloudWatch),
    ...apiCalls(calls, clients.apiGateway),
    ...serviceCalls(calls, clients),
    traces: async () => ({ status: 'NOT_AVAILABLE', reason: 'X-Ray is not read by this release; look at the service map in the console' }),
  };
}

/** Where the calls of global services are recorded; undefined: wherever the client would go by itself. */
export function globalRegion(region: string | undefined): string | undefined {
  if (region?.startsWith('cn-')) return 'cn-north-1';
  if (region?.startsWith('us-gov-')) return 'us-gov-west-1';
  return region && 'us-east-1';
}
