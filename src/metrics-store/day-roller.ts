import { Duration, Size } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { IMetricsStore } from './metrics-store';
import { grantRollDays } from './table-grants';
import { FunctionOptions } from '../function-options';
import { MonitoringFunction } from '../private/monitoring-function';
import { Env } from '../private/shared/environment';

/** The function that computes days which have ended, and its schedule. It takes as long as the days need, and goes on an hour later. */
export function createDayRoller(scope: Construct, store: IMetricsStore, options?: FunctionOptions): Function {
  const roller = new MonitoringFunction(scope, 'DayRoller', {
    asset: 'day-roller',
    description: 'Computes the figures of days that have ended',
    timeout: Duration.minutes(15),
    memorySize: Size.mebibytes(512),
    options,
    environment: {
      [Env.METRICS_TABLE]: store.table.tableName,
      [Env.SAMPLE_RETENTION_DAYS]: `${store.sampleRetention.toDays()}`,
      [Env.ROLLUP_RETENTION_DAYS]: `${store.rollupRetention.toDays()}`,
    },
  });
  grantRollDays(store.table, roller);
  new Rule(scope, 'EveryHour', {
    description: 'Computes the figures of days that have ended',
    schedule: Schedule.rate(Duration.hours(1)),
    targets: [new LambdaFunction(roller)],
  });
  return roller;
}
