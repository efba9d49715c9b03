import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FunctionOptions } from '../function-options';
import { MonitoringFunction } from '../private/monitoring-function';
import { Env } from '../private/shared/environment';

/** Which objects of the bucket are log objects, and the queue that they are processed from. */
export interface BackfillProps {
  readonly bucket: IBucket;
  readonly keyPrefix: string;
  readonly keySuffix: string;
  readonly quarantinePrefix: string;
  readonly queue: IQueue;
  readonly options?: FunctionOptions;
}

/** The function that queues objects which lie in the bucket already. It costs nothing until somebody invokes it. */
export function createBackfill(scope: Construct, props: BackfillProps): Function {
  const { bucket, keyPrefix, keySuffix, quarantinePrefix, queue, options } = props;
  const backfill = new MonitoringFunction(scope, 'Backfill', {
    asset: 'backfill',
    description: 'Queues log objects that lie in the bucket already',
    // A slice takes 45 s, and longer only where the queue refuses messages.
    timeout: Duration.minutes(2),
    options,
    environment: {
      [Env.LOG_BUCKET]: bucket.bucketName,
      [Env.QUARANTINE_PREFIX]: quarantinePrefix,
      [Env.QUEUE_URL]: queue.queueUrl,
      ...(keyPrefix && { [Env.KEY_PREFIX]: keyPrefix }),
      ...(keySuffix && { [Env.KEY_SUFFIX]: keySuffix }),
    },
  });
  Grant.addToPrincipal({ grantee: backfill, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
  Grant.addToPrincipal({ grantee: backfill, actions: ['sqs:SendMessage'], resourceArns: [queue.queueArn] });
  return backfill;
}
