import { Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { MetricsRetention } from './metrics-retention';

/** Both retentions with their defaults, checked against each other where they are known at synthesis. */
export function checkedRetention(scope: IConstruct, retention: MetricsRetention): Required<MetricsRetention> {
  const { sampleRetention = Duration.days(63), rollupRetention = Duration.days(455) } = retention;
  const days = (duration: Duration) => Token.isUnresolved(duration.toMilliseconds()) ? undefined : duration.toDays({ integral: false });
  const samples = days(sampleRetention);
  const rollups = days(rollupRetention);
  if (samples !== undefined && (samples < 2 || !Number.isInteger(samples))) {
    throw new Error(`${scope.node.path}: sampleRetention is ${samples} days; it must be a whole number of days, at least 2.`);
  }
  if (rollups !== undefined && (samples !== undefined && rollups < samples || !Number.isInteger(rollups))) {
    throw new Error(`${scope.node.path}: rollupRetention is ${rollups} days; it must be a whole number of days, at least sampleRetention (${samples}).`);
  }
  return { sampleRetention, rollupRetention };
}
