import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { Incidents } from './incidents';
import { ItemStore } from './item-store';
import type { SelfMetricName } from '../../src/private/shared/metrics';
import type { Log } from '../shared/log';

/** What the executor works with: clients, configuration, and the clock. */
export interface Services {
  readonly cloudwatch: CloudWatchClient;
  readonly lambda: LambdaClient;
  readonly stateMachines: () => Promise<SFNClient>;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly store: ItemStore;
  readonly incidents: Incidents;
  readonly parameterPrefix: string;
  /** The topic of alarms. */
  readonly alertTopicArn: string;
  /** The topic of reports. */
  readonly topicArn: string;
  /** The topic of chat channels, where there is one. */
  readonly chatTopicArn?: string;
  /** The executor's own queue. */
  readonly queueUrl: string;
  readonly settings: Settings;
  readonly log: Log;
  /** Tells a metric about the executor itself. */
  readonly emit: (name: SelfMetricName, value: number) => void;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
}

export interface Settings {
  /** How long a handler is paused that failed again and again, in seconds. */
  readonly breakerPause: number;
  /** After how long a run is repeated, in seconds; 0 where it is not. */
  readonly secondLookDelay: number;
  /** An incident that is open for so long is given up, in seconds. */
  readonly staleAfter: number;
  /** Reports of one minute that are told one by one; those beyond are told together. */
  readonly reportsPerMinute: number;
}
