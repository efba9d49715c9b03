import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { Incidents } from './incidents';
import { ItemStore } from './item-store';

/** What the executor works with: clients, configuration, and the clock. */
export interface Services {
  readonly cloudwatch: CloudWatchClient;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
  readonly ssm: SSMClient;
  readonly store: ItemStore;
  readonly incidents: Incidents;
  readonly parameterPrefix: string;
  readonly topicArn: string;
  readonly log: Log;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
}

export interface Log {
  info(message: string, details: Record<string, unknown>): void;
  warn(message: string, details: Record<string, unknown>): void;
}
