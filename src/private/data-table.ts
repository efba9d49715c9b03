import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ITable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** What users may choose of a table. */
export interface DataTableProps {
  readonly removalPolicy?: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly pointInTimeRecovery?: boolean;
}

/** The one kind of table here: string keys `pk` and `sk`, time to live in `ttl`, on demand, encrypted, restorable, kept. */
export function createDataTable(scope: Construct, id: string, props: DataTableProps): Table {
  return new Table(scope, id, {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    timeToLiveAttribute: 'ttl',
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: props.encryptionKey ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.DEFAULT,
    encryptionKey: props.encryptionKey,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.pointInTimeRecovery ?? true },
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

/** What DynamoDB needs of its caller where the table has a key of the customer's: `grant` of a table leaves it out. */
export function grantTableKey(table: ITable, grantee: IGrantable, access: 'read' | 'write') {
  const actions = ['kms:Decrypt', 'kms:DescribeKey', ...(access === 'write' ? ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'] : [])];
  table.encryptionKey?.grant(grantee, ...actions);
}
