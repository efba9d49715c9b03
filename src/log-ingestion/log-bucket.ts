import { Annotations, CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { refuseTogether } from '../private/refuse-together';

/** What shapes the bucket. */
export interface LogBucketProps {
  readonly removalPolicy?: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly logExpiration?: Duration;
}

/** The bucket that receives logs: private, TLS only, encrypted, with EventBridge notifications. */
export function createLogBucket(scope: Construct, props: LogBucketProps): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    encryption: props.encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    encryptionKey: props.encryptionKey,
    bucketKeyEnabled: props.encryptionKey ? true : undefined,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7), expiration: props.logExpiration }],
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  // Through the L1: the L2's setting brings a custom resource, whose function and role many users may not create.
  (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  bucket.node.addValidation({
    validate: () => bucket.node.tryFindChild('Notifications')
      ? [
        `${bucket.node.path}: addEventNotification() and enableEventBridgeNotification() on the log bucket would overwrite its EventBridge notifications, ` +
        'and no log would be read. Its events are on EventBridge already: make an aws_events.Rule for source aws.s3 and this bucket instead.',
      ]
      : [],
  });
  return bucket;
}

/** A bucket of the user's own, whose events must be on EventBridge, or no log is ever read. */
export function takeLogBucket(scope: Construct, bucket: IBucket, props: LogBucketProps): IBucket {
  refuseTogether(scope, 'bucket', { logExpiration: props.logExpiration, removalPolicy: props.removalPolicy, encryptionKey: props.encryptionKey });
  if (!sendsEvents(bucket)) {
    Annotations.of(scope).addWarningV2('cdk-serverless-monitoring:bucketEvents',
      `${scope.node.path}: whether the bucket ${bucket.node.path} sends its events to EventBridge cannot be seen here; if it does not, no log is read. ` +
      'Turn them on where the bucket is made (eventBridgeEnabled: true, or "aws s3api put-bucket-notification-configuration"), then acknowledge this warning.');
  }
  return bucket;
}

/** True where this app itself turns the bucket's events on. */
function sendsEvents(bucket: IBucket): boolean {
  const resource = bucket.node.defaultChild;
  const configured = CfnResource.isCfnResource(resource) && (resource as CfnBucket).notificationConfiguration !== undefined;
  return configured || bucket.node.tryFindChild('Notifications') !== undefined;
}

/**
 * Pattern of the keys to read. Matchers of one field are alternatives, so the quarantine can be excluded here only where
 * nothing else is asked of the key; the processor never reads it in any case.
 */
export function logObjectPattern(prefix: string, suffix: string, quarantinePrefix: string): object[] {
  if (prefix && suffix) {
    const literal = (text: string) => text.replace(/[*\\]/g, '\\$&');
    return [{ wildcard: `${literal(prefix)}*${literal(suffix)}` }];
  }
  if (prefix || suffix) {
    return [prefix ? { prefix } : { suffix }];
  }
  return [{ 'anything-but': { prefix: quarantinePrefix } }];
}
