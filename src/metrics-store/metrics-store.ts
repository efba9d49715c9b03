import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { checkedRetention } from './checked-retention';
import { createDayRoller } from './day-roller';
import { MetricsRetention } from './metrics-retention';
import { grantReadMetrics, grantWriteMetrics } from './table-grants';
import { FunctionOptions } from '../function-options';
import { createDataTable } from '../private/data-table';
import { refuseTogether } from '../private/refuse-together';
import { selfMetric } from '../private/self-metric';
import { SelfMetric } from '../private/shared/metrics';

/** A table of metrics, and what may be done with it. */
export interface IMetricsStore extends IConstruct {
  /** The table. Keys `pk` and `sk` (strings), time to live in `ttl`. */
  readonly table: ITable;

  /** How long samples are kept. */
  readonly sampleRetention: Duration;

  /** How long the catalogue and daily figures are kept. */
  readonly rollupRetention: Duration;

  /**
   * Allows reading metrics: GetItem, BatchGetItem and Query, never Scan.
   *
   * @param grantee who may read
   */
  grantRead(grantee: IGrantable): Grant;

  /**
   * Allows writing metrics, and the reading that exact writing needs: writers look at the source ledger first.
   *
   * @param grantee who may write
   */
  grantWrite(grantee: IGrantable): Grant;
}

/** Options of the metrics store. */
export interface MetricsStoreOptions extends MetricsRetention {
  /**
   * A table of your own, with string keys `pk` and `sk` and time to live in `ttl`. The other options that shape a table
   * (`removalPolicy`, `pointInTimeRecovery`, `encryptionKey`) are then refused.
   *
   * @default - a table is made: on demand, encrypted, kept when the stack is deleted
   */
  readonly table?: ITable;

  /**
   * What becomes of the table when it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the table can be restored to any second of the last 35 days.
   *
   * @default true
   */
  readonly pointInTimeRecovery?: boolean;

  /**
   * Key that encrypts the table.
   *
   * @default - a key that AWS owns, without cost
   */
  readonly encryptionKey?: IKey;

  /**
   * How the day roller is run.
   *
   * @default - no VPC, ARM, 512 MiB, logs kept for a month
   */
  readonly functionOptions?: FunctionOptions;
}

/** Properties of a `MetricsStore`. */
export interface MetricsStoreProps extends MetricsStoreOptions {}

/**
 * Stores application metrics: one DynamoDB table on demand, without indexes, in which cost follows log objects and hours
 * instead of samples. Every hour a function computes the figures of days that have ended, by which long ranges are answered
 * fast, and long after their samples have expired.
 */
export class MetricsStore extends Construct implements IMetricsStore {
  /**
   * The store that another deployment has made in a table: to read and write it from here, too.
   *
   * @param scope of the store
   * @param id in that scope
   * @param table that the other deployment's `MetricsStore` has
   * @param retention of the other deployment's `MetricsStore`
   */
  public static fromTable(scope: Construct, id: string, table: ITable, retention: MetricsRetention = {}): IMetricsStore {
    class ForeignStore extends Construct implements IMetricsStore {
      public readonly table = table;
      public readonly sampleRetention: Duration;
      public readonly rollupRetention: Duration;

      constructor() {
        super(scope, id);
        const { sampleRetention, rollupRetention } = checkedRetention(this, retention);
        this.sampleRetention = sampleRetention;
        this.rollupRetention = rollupRetention;
      }

      public grantRead(grantee: IGrantable): Grant {
        return grantReadMetrics(table, grantee);
      }

      public grantWrite(grantee: IGrantable): Grant {
        return grantWriteMetrics(table, grantee);
      }
    }
    return new ForeignStore();
  }

  public readonly table: ITable;
  public readonly sampleRetention: Duration;
  public readonly rollupRetention: Duration;
  /** The function that computes days which have ended. */
  public readonly dayRoller: Function;

  constructor(scope: Construct, id: string, props: MetricsStoreProps = {}) {
    super(scope, id);
    const { sampleRetention, rollupRetention } = checkedRetention(this, props);
    this.sampleRetention = sampleRetention;
    this.rollupRetention = rollupRetention;
    if (props.table) {
      const { removalPolicy, pointInTimeRecovery, encryptionKey } = props;
      refuseTogether(this, 'table', { removalPolicy, pointInTimeRecovery, encryptionKey });
    }
    this.table = props.table ?? createDataTable(this, 'Resource', props);
    this.dayRoller = createDayRoller(this, this, props.functionOptions);
  }

  public grantRead(grantee: IGrantable): Grant {
    return grantReadMetrics(this.table, grantee);
  }

  public grantWrite(grantee: IGrantable): Grant {
    return grantWriteMetrics(this.table, grantee);
  }

  /**
   * Writes to the table that DynamoDB throttled, as the library's functions saw them; those that a retry saved included.
   * Unit: Count. CloudWatch has the metric once there was one.
   *
   * @param options of the metric
   */
  public metricWriteThrottles(options?: MetricOptions): Metric {
    return selfMetric(SelfMetric.WRITE_THROTTLES, this.table.tableName, options);
  }

  /**
   * Age of the newest sample of all services, told every hour. Unit: Seconds. There is no data where nothing arrived for a
   * week, and before the first sample.
   *
   * @param options of the metric
   */
  public metricNewestSampleAge(options?: MetricOptions): Metric {
    return selfMetric(SelfMetric.NEWEST_SAMPLE_AGE, this.table.tableName, { statistic: Stats.MAXIMUM, ...options });
  }

  /**
   * Days that samples arrived for when some of the day's own had expired already: its figures stay as they were. Unit: Count.
   * CloudWatch has the metric once there was one.
   *
   * @param options of the metric
   */
  public metricFinalDays(options?: MetricOptions): Metric {
    return selfMetric(SelfMetric.FINAL_DAYS, this.table.tableName, options);
  }
}
