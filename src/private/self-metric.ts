import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { SELF_DIMENSION, SELF_NAMESPACE } from './shared/metrics';

/** A metric that the library's functions emit about themselves. */
export function selfMetric(metricName: string, table: ITable, options?: MetricOptions): Metric {
  return new Metric({
    namespace: SELF_NAMESPACE, metricName, dimensionsMap: { [SELF_DIMENSION]: table.tableName }, statistic: Stats.SUM, ...options,
  });
}
