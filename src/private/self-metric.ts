import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { dimensionOf, SELF_NAMESPACE, SelfMetricName } from './shared/metrics';

/** A metric that the library's functions emit about themselves; `owner` is the value of its dimension. */
export function selfMetric(metricName: SelfMetricName, owner: string, options?: MetricOptions): Metric {
  return new Metric({
    namespace: SELF_NAMESPACE, metricName, dimensionsMap: { [dimensionOf(metricName)]: owner }, statistic: Stats.SUM, ...options,
  });
}
