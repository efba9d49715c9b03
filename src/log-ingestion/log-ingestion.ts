import { Duration, RemovalPolicy, Size, Token } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createBackfill } from './backfill';
import { createLogBucket, logObjectPattern, takeLogBucket } from './log-bucket';
import { FunctionOptions } from '../function-options';
import { IMetricsStore } from '../metrics-store';
import { MonitoringFunction } from '../private/monitoring-function';
import { selfMetric } from '../private/self-metric';
import { Env } from '../private/shared/environment';
import { SelfMetric } from '../private/shared/metrics';

/** Options of the log ingestion. */
export interface LogIngestionOptions {
  /**
   * A bucket of your own. Its EventBridge notifications must be on (`eventBridgeEnabled: true`). The options that shape a bucket
   * (`logExpiration`, `removalPolicy`, `encryptionKey`) are then refused.
   *
   * @default - a bucket is made: private, TLS only, encrypted, kept when the stack is deleted
   */
  readonly bucket?: IBucket;

  /**
   * Only objects whose key starts with this are read.
   *
   * @default - all objects
   */
  readonly keyPrefix?: string;

  /**
   * Only objects whose key ends with this are read, such as `.json`.
   *
   * @default - all objects
   */
  readonly keySuffix?: string;

  /**
   * Where lines that cannot be stored are put, with their reasons, in the same bucket. Must end with `/`.
   *
   * @default 'quarantine/'
   */
  readonly quarantinePrefix?: string;

  /**
   * Largest log object, uncompressed. What is over is quarantined. Objects are read as they come and are never in memory whole, so
   * only the time that one may take, 5 minutes, sets a limit.
   *
   * @default Size.gibibytes(1)
   */
  readonly maxObjectSize?: Size;

  /**
   * Longest line of a log object. What is over is quarantined.
   *
   * @default Size.mebibytes(1)
   */
  readonly maxLineLength?: Size;

  /**
   * How many log objects are processed at the same time, 2 to 1000.
   *
   * @default 10
   */
  readonly maxConcurrency?: number;

  /**
   * When log objects of a bucket that is made here are deleted. Metrics stay.
   *
   * @default - never
   */
  readonly logExpiration?: Duration;

  /**
   * What becomes of the bucket that is made here when it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Key that encrypts the bucket that is made here.
   *
   * @default - a key that S3 manages, without cost
   */
  readonly encryptionKey?: IKey;

  /**
   * How the log processor and the backfill are run.
   *
   * @default - no VPC, ARM, 1 GiB for the log processor and 256 MiB for the backfill, logs kept for a month
   */
  readonly functionOptions?: FunctionOptions;
}

/** Properties of a `LogIngestion`. */
export interface LogIngestionProps extends LogIngestionOptions {
  /** Where the metrics go. */
  readonly store: IMetricsStore;
}

/** How long one log object may take. The queue's visibility follows it. */
const PROCESSING_TIMEOUT = Duration.minutes(5);
/** After so many receives a log object goes to the dead-letter queue: the processor waits 10, 30 and 90 s between them. */
const MAX_RECEIVES = 4;

/**
 * Collects metrics from JSON logs: a bucket whose new objects reach the `LogProcessor` function through EventBridge and a
 * queue. An object that cannot be read ends in the dead-letter queue, a line that cannot be stored in the quarantine.
 */
export class LogIngestion extends Construct {
  /** The bucket that receives the logs. */
  public readonly bucket: IBucket;
  /** The function that turns log objects into metrics. */
  public readonly processor: Function;
  /**
   * The function that queues log objects which lie in the bucket already, such as those from before the first deployment. It runs only
   * when somebody invokes it, by `{"prefix": "checkout/"}` and then by what it answers: docs/backfill.md tells how.
   */
  public readonly backfill: Function;
  /** Where the events of log objects that cannot be read end. */
  public readonly deadLetterQueue: IQueue;

  /** Where lines that cannot be stored are put, with their reasons, in the same bucket. */
  public readonly quarantinePrefix: string;

  private readonly keyPrefix: string;
  private readonly table: ITable;

  constructor(scope: Construct, id: string, props: LogIngestionProps) {
    super(scope, id);
    this.keyPrefix = props.keyPrefix ?? '';
    const keySuffix = props.keySuffix ?? '';
    this.table = props.store.table;
    const quarantinePrefix = props.quarantinePrefix ?? 'quarantine/';
    this.quarantinePrefix = quarantinePrefix;
    if (!Token.isUnresolved(quarantinePrefix) && !/.\/$/.test(quarantinePrefix)) {
      throw new Error(`${this.node.path}: quarantinePrefix is '${quarantinePrefix}'; it must end with '/', such as 'quarantine/'.`);
    }
    if (!Token.isUnresolved(quarantinePrefix) && !Token.isUnresolved(this.keyPrefix) && this.keyPrefix.startsWith(quarantinePrefix)) {
      throw new Error(`${this.node.path}: keyPrefix '${this.keyPrefix}' lies in the quarantine '${quarantinePrefix}', which is never read; choose another quarantinePrefix.`);
    }

    this.bucket = props.bucket ? takeLogBucket(this, props.bucket, props) : createLogBucket(this, props);
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14),
    });
    const queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(PROCESSING_TIMEOUT.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
    new Rule(this, 'ObjectCreated', {
      description: 'New log objects, to the log processor',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [this.bucket.bucketName] },
          object: { key: logObjectPattern(this.keyPrefix, keySuffix, quarantinePrefix) },
        },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: this.deadLetterQueue })],
    });

    const processor = new MonitoringFunction(this, 'LogProcessor', {
      asset: 'log-processor',
      description: 'Turns log objects into metrics',
      timeout: PROCESSING_TIMEOUT,
      memorySize: Size.gibibytes(1),
      options: props.functionOptions,
      environment: {
        [Env.METRICS_TABLE]: this.table.tableName,
        [Env.SAMPLE_RETENTION_DAYS]: `${props.store.sampleRetention.toDays()}`,
        [Env.ROLLUP_RETENTION_DAYS]: `${props.store.rollupRetention.toDays()}`,
        [Env.QUEUE_URL]: queue.queueUrl,
        [Env.QUARANTINE_PREFIX]: quarantinePrefix,
        [Env.MAX_OBJECT_BYTES]: `${(props.maxObjectSize ?? Size.gibibytes(1)).toBytes()}`,
        [Env.MAX_LINE_BYTES]: `${(props.maxLineLength ?? Size.mebibytes(1)).toBytes()}`,
      },
    });
    this.processor = processor;
    props.store.grantWrite(processor);
    this.bucket.encryptionKey?.grantEncryptDecrypt(processor);
    const grants = [
      // Listing lets S3 say that an object is gone: without it, 404 comes as 403, which is retried.
      [this.bucket.bucketArn, 's3:ListBucket'],
      [this.bucket.arnForObjects('*'), 's3:GetObject'],
      [this.bucket.arnForObjects(`${quarantinePrefix}*`), 's3:PutObject'],
    ];
    for (const [resource, action] of grants) {
      Grant.addToPrincipal({ grantee: processor, actions: [action], resourceArns: [resource] });
    }
    processor.addEventSource(new SqsEventSource(queue, {
      batchSize: 10,
      maxConcurrency: props.maxConcurrency ?? 10,
      reportBatchItemFailures: true,
    }));
    this.backfill = createBackfill(this, {
      bucket: this.bucket, keyPrefix: this.keyPrefix, keySuffix, quarantinePrefix, queue, options: props.functionOptions,
    });
  }

  /**
   * Allows uploading log objects (under `keyPrefix`, where there is one).
   *
   * @param grantee who may upload
   */
  public grantUpload(grantee: IGrantable): Grant {
    return this.bucket.grantPut(grantee, `${this.keyPrefix}*`);
  }

  /**
   * Log objects that could not be read and wait in the dead-letter queue. Unit: Count.
   *
   * @param options of the metric
   */
  public metricDeadLetters(options?: MetricOptions): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, ...options });
  }

  /**
   * Lines and values that were quarantined. Unit: Count. CloudWatch has the metric once there was one.
   *
   * @param options of the metric
   */
  public metricQuarantinedLines(options?: MetricOptions): Metric {
    return selfMetric(SelfMetric.QUARANTINED_LINES, this.table.tableName, options);
  }

  /**
   * Failed invocations of the log processor. Unit: Count.
   *
   * @param options of the metric
   */
  public metricProcessorErrors(options?: MetricOptions): Metric {
    return this.processor.metricErrors({ statistic: Stats.SUM, ...options });
  }
}
