import { type CloudWatchClient, GetInsightRuleReportCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeContributorInsightsCommand, DescribeLimitsCommand, DescribeTableCommand, type DynamoDBClient, type GlobalSecondaryIndexDescription,
  type TableDescription as Described,
} from '@aws-sdk/client-dynamodb';
import { type Calls, ok } from './calls';
import { hashKey } from '../hash-key';
import type { Port } from '../port';
import type { Capacity, IndexDescription, TableDescription } from '../port-table';

/** How many keys a report lists. */
const MOST_KEYS = 10;
/** Contributor Insights names its rules by what they count: partition keys that were throttled, and that were accessed. */
const RULE = { THROTTLED: '-PKT-', ACCESSED: '-PKC-' };

type TablePart = Pick<Port, 'table' | 'tableLimits' | 'tableScaling' | 'capacityKeys'>;

export function tableCalls(calls: Calls, client: DynamoDBClient, cloudWatch: CloudWatchClient): TablePart {
  return {
    table: (TableName) => calls.look('dynamodb:DescribeTable', async (options) => {
      const { Table } = await calls.count(client.send(new DescribeTableCommand({ TableName }), options));
      return Table ? ok(tableOf(Table)) : { status: 'NO_DATA' };
    }),

    tableLimits: () => calls.look('dynamodb:DescribeLimits', async (options) => {
      const limits = await calls.count(client.send(new DescribeLimitsCommand({}), options));
      return ok({
        accountMaxRead: limits.AccountMaxReadCapacityUnits,
        accountMaxWrite: limits.AccountMaxWriteCapacityUnits,
        tableMaxRead: limits.TableMaxReadCapacityUnits ?? 0,
        tableMaxWrite: limits.TableMaxWriteCapacityUnits ?? 0,
      });
    }),

    tableScaling: async () => ({ status: 'NOT_AVAILABLE', reason: 'Application Auto Scaling is not read by this release; look at the table in the console' }),

    capacityKeys: ({ table, index, which, span }) => calls.look('dynamodb:DescribeContributorInsights', async (options) => {
      const insights = await calls.count(client.send(new DescribeContributorInsightsCommand({ TableName: table, IndexName: index }), options));
      if (insights.ContributorInsightsStatus !== 'ENABLED') {
        return { status: 'NOT_CONFIGURED', reason: 'Contributor Insights is off; throttledKeyInsights on monitorTable turns it on' };
      }
      const RuleName = insights.ContributorInsightsRuleList?.find((rule) => rule.includes(RULE[which]));
      // Throttled keys are counted whenever it is on; accessed ones only if it was asked to.
      if (!RuleName && which === 'THROTTLED') return { status: 'NOT_AVAILABLE', reason: 'Contributor Insights is on, but has no rule for throttled keys here' };
      if (!RuleName) return { status: 'NOT_CONFIGURED', reason: 'Contributor Insights counts throttled keys only' };
      const report = await calls.count(cloudWatch.send(new GetInsightRuleReportCommand({
        RuleName, StartTime: new Date(span.start), EndTime: new Date(span.end), Period: 60, MaxContributorCount: MOST_KEYS, OrderBy: 'Sum',
      }), options));
      const keys = (report.Contributors ?? []).map(({ Keys = [], ApproximateAggregateValue = 0 }) => ({ key: hashKey(Keys.join('|')), count: ApproximateAggregateValue }));
      if (keys.length === 0) return { status: 'NO_DATA' };
      return ok({ total: report.AggregateValue ?? keys.reduce((sum, { count }) => sum + count, 0), keys });
    }),
  };
}

function tableOf(table: Described): TableDescription {
  return {
    ...indexOf(table),
    ...(table.TableStatus && { status: table.TableStatus }),
    billing: table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    indexes: Object.fromEntries((table.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName!, {
      ...indexOf(index),
      ...(index.IndexStatus && { status: index.IndexStatus }),
      ...(index.Backfilling !== undefined && { backfilling: index.Backfilling }),
    }])),
  };
}

function indexOf(part: Described | GlobalSecondaryIndexDescription): IndexDescription {
  const provisioned = capacityOf(part.ProvisionedThroughput?.ReadCapacityUnits, part.ProvisionedThroughput?.WriteCapacityUnits);
  const maximum = capacityOf(part.OnDemandThroughput?.MaxReadRequestUnits, part.OnDemandThroughput?.MaxWriteRequestUnits);
  const warm = capacityOf(part.WarmThroughput?.ReadUnitsPerSecond, part.WarmThroughput?.WriteUnitsPerSecond);
  return { ...(provisioned && { provisioned }), ...(maximum && { maximum }), ...(warm && { warm }) };
}

/** Zero stands for on-demand, -1 for no maximum: both mean that there is none. */
function capacityOf(read: number | undefined, write: number | undefined): Capacity | undefined {
  const known = { ...(read !== undefined && read > 0 && { read }), ...(write !== undefined && write > 0 && { write }) };
  return Object.keys(known).length > 0 ? known : undefined;
}
