import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { createDataTable, grantTableKey } from '../private/data-table';
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
export interface MetricsStoreOptions {
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
   * How long samples are kept. Samples older than this minus a day are refused. At least 2 days.
   *
   * @default Duration.days(63)
   */
  readonly sampleRetention?: Duration;

  /**
   * How long the catalogue of services and metrics is kept after a series was last seen. At least `sampleRetention`.
   *
   * @default Duration.days(455)
   */
  readonly rollupRetention?: Duration;
}

/** Properties of a `MetricsStore`. */
export interface MetricsStoreProps extends MetricsStoreOptions {}

/**
 * Stores application metrics: one DynamoDB table on demand, without indexes, in which cost follows log objects and hours
 * instead of samples.
 */
export class MetricsStore extends Construct implements IMetricsStore {
  /**
   * A store in a table that already exists.
   *
   * @param scope of the store
   * @param id in that scope
   * @param table with string keys `pk` and `sk` and time to live in `ttl`
   */
  public static fromTable(scope: Construct, id: string, table: ITable): IMetricsStore {
    return new MetricsStore(scope, id, { table });
  }

  public readonly table: ITable;
  public readonly sampleRetention: Duration;
  public readonly rollupRetention: Duration;

  constructor(scope: Construct, id: string, props: MetricsStoreProps = {}) {
    super(scope, id);
    this.sampleRetention = props.sampleRetention ?? Duration.days(63);
    this.rollupRetention = props.rollupRetention ?? Duration.days(455);
    this.checkRetention();
    if (props.table) {
      const { removalPolicy, pointInTimeRecovery, encryptionKey } = props;
      refuseTogether(this, 'table', { removalPolicy, pointInTimeRecovery, encryptionKey });
    }
    this.table = props.table ?? createDataTable(this, 'Resource', props);
  }

  public grantRead(grantee: IGrantable): Grant {
    grantTableKey(this.table, grantee, 'read');
    return this.table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
  }

  public grantWrite(grantee: IGrantable): Grant {
    grantTableKey(this.table, grantee, 'write');
    return this.table.grant(grantee,
      'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }

  /**
   * Writes to the table that DynamoDB throttled, as the library's functions saw them; those that a retry saved included.
   * Unit: Count. CloudWatch has the metric once there was one.
   *
   * @param options of the metric
   */
  public metricWriteThrottles(options?: MetricOptions): Metric {
    return selfMetric(SelfMetric.WRITE_THROTTLES, this.table, options);
  }

  private checkRetention() {
    const days = (duration: Duration) => Token.isUnresolved(duration.toMilliseconds()) ? undefined : duration.toDays({ integral: false });
    const samples = days(this.sampleRetention);
    const rollups = days(this.rollupRetention);
    if (samples !== undefined && (samples < 2 || !Number.isInteger(samples))) {
      throw new Error(`${this.node.path}: sampleRetention is ${samples} days; it must be a whole number of days, at least 2.`);
    }
    if (rollups !== undefined && (samples !== undefined && rollups < samples || !Number.isInteger(rollups))) {
      throw new Error(`${this.node.path}: rollupRetention is ${rollups} days; it must be a whole number of days, at least sampleRetention (${samples}).`);
    }
  }
}
