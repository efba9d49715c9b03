import { ArnFormat, Stack } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { ITargetAccess } from './runbook-handler';
import { MonitoredApi, RunbookTarget } from './runbook-target';
import { logGroupNameOf } from '../private/log-group-name';
import { BuiltInRunbook } from '../private/shared/runbook-table';
import { wholeFunction } from '../private/whole-function';

/** Read-only actions that IAM knows no resource for: they are needed whole or not at all. */
const METRICS = ['cloudwatch:GetMetricData'];
const ALARM_HISTORY = ['cloudwatch:DescribeAlarmHistory'];
const CHANGES = ['cloudtrail:LookupEvents'];
const QUERY_RESULTS = ['logs:GetQueryResults', 'logs:StopQuery'];
const LAMBDA_ACCOUNT = ['lambda:GetAccountSettings', 'lambda:ListEventSourceMappings'];
const TABLE_ACCOUNT = ['dynamodb:DescribeLimits'];

const ACCOUNT_WIDE: Record<BuiltInRunbook, string[]> = {
  'high-error-rate': [...METRICS, ...CHANGES, ...QUERY_RESULTS],
  'high-latency': [...METRICS, ...CHANGES, ...QUERY_RESULTS],
  'lambda-error': [...METRICS, ...CHANGES, ...QUERY_RESULTS, ...LAMBDA_ACCOUNT],
  'dynamodb-throttling': [...METRICS, ...CHANGES, ...TABLE_ACCOUNT],
  'general': [...METRICS, ...CHANGES, ...ALARM_HISTORY],
};

const FUNCTION_ACTIONS = ['lambda:GetFunctionConfiguration', 'lambda:ListVersionsByFunction', 'lambda:ListAliases'];
/** How much a function may run at once, and what becomes of its events: only failures ask for that. */
const FUNCTION_LIMIT_ACTIONS = ['lambda:GetFunctionConcurrency', 'lambda:GetFunctionEventInvokeConfig'];
const LOG_ACTIONS = ['logs:StartQuery'];
const TABLE_ACTIONS = ['dynamodb:DescribeTable', 'dynamodb:DescribeContributorInsights'];
const INSIGHT_ACTIONS = ['cloudwatch:GetInsightRuleReport'];
const API_ACTIONS = ['apigateway:GET'];

/** Gives a built-in runbook's role what it needs to look at each monitored resource, and nothing else. */
export class BuiltInAccess implements ITargetAccess {
  constructor(private readonly grantee: IGrantable & IConstruct, private readonly runbook: BuiltInRunbook) {
    this.allow(ACCOUNT_WIDE[runbook], ['*']);
  }

  public grantTarget(target: RunbookTarget): void {
    if (this.runbook === 'general') {
      return; // It looks at metrics, the alarm's history and changes, which know no resources.
    }
    if (this.runbook === 'dynamodb-throttling') {
      if (target.table) {
        this.grantTable(target.table);
      }
      return;
    }
    if (target.lambdaFunction) {
      this.grantFunction(target.lambdaFunction);
    }
    if (target.restApi) {
      this.grantApi(target.restApi);
    }
  }

  private grantFunction(given: IFunction) {
    const { fn } = wholeFunction(given);
    const actions = this.runbook === 'lambda-error' ? [...FUNCTION_ACTIONS, ...FUNCTION_LIMIT_ACTIONS] : FUNCTION_ACTIONS;
    this.allow(actions, [fn.functionArn, `${fn.functionArn}:*`]);
    const logGroup = Stack.of(this.grantee).formatArn({
      service: 'logs', resource: 'log-group', resourceName: logGroupNameOf(fn), arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    // Some of the service's calls are judged against the one form, some against the other.
    this.allow(LOG_ACTIONS, [logGroup, `${logGroup}:*`]);
  }

  private grantApi(api: MonitoredApi) {
    if (this.runbook !== 'lambda-error') {
      this.allow(API_ACTIONS, [Stack.of(this.grantee).formatArn({
        service: 'apigateway', account: '', resource: '/restapis', resourceName: `${api.api.restApiId}/*`,
      })]);
    }
    (api.functions ?? []).forEach((fn) => this.grantFunction(fn));
  }

  private grantTable(table: ITable) {
    this.allow(TABLE_ACTIONS, [table.tableArn, `${table.tableArn}/index/*`]);
    // Contributor Insights makes these rules itself and names them after the table.
    this.allow(INSIGHT_ACTIONS, [Stack.of(this.grantee).formatArn({
      service: 'cloudwatch', resource: 'insight-rule', resourceName: `DynamoDBContributorInsights-*-${table.tableName}-*`,
    })]);
  }

  private allow(actions: string[], resourceArns: string[]) {
    Grant.addToPrincipal({ grantee: this.grantee, actions, resourceArns });
  }
}
