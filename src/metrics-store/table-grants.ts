import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { grantTableKey } from '../private/data-table';

/** Reading metrics: never Scan, since every question names its service. */
export function grantReadMetrics(table: ITable, grantee: IGrantable): Grant {
  grantTableKey(table, grantee, 'read');
  return table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
}

/** Writing metrics, and the reading that exact writing needs. Nothing that writers put is ever deleted but by time. */
export function grantWriteMetrics(table: ITable, grantee: IGrantable): Grant {
  grantTableKey(table, grantee, 'write');
  return table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
}

/** Computing days: it deletes markers that are done with, and what is left of earlier recomputes. */
export function grantRollDays(table: ITable, grantee: IGrantable): Grant {
  grantTableKey(table, grantee, 'write');
  return table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem');
}
