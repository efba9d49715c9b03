import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ItemStore } from '../lambda-src/runbook-executor/item-store';

/** Clients with the caller's own credentials and region, found as the AWS CLI finds them. */

/** A table of the library's one shape. */
export function openTable(name: string): ItemStore {
  return new ItemStore(new DynamoDBClient({}), name);
}

export function openCloudWatch(): CloudWatchClient {
  return new CloudWatchClient({});
}
