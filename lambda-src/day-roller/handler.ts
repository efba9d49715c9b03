import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { newestSampleAge } from './newest-sample';
import { rollDays } from './roll-days';
import { Env } from '../../src/private/shared/environment';
import { SelfMetric } from '../../src/private/shared/metrics';
import { required, requiredNumber } from '../shared/config';
import { emitSelfMetric } from '../shared/self-metrics';
import { openStore } from '../shared/store';
import { countingWriteThrottles } from '../shared/write-throttles';
import { dayOf } from '../timeseries/time';

const logger = new Logger({ serviceName: 'day-roller' });
const table = required(Env.METRICS_TABLE);
const store = openStore({
  client: countingWriteThrottles(new DynamoDBClient({}), table),
  table,
  sampleRetentionDays: requiredNumber(Env.SAMPLE_RETENTION_DAYS),
  rollupRetentionDays: requiredNumber(Env.ROLLUP_RETENTION_DAYS),
});

/** No day takes longer, whatever it holds; what is left is done an hour later. */
const ENOUGH_MS = 60_000;

/** Every hour: computes the days that have ended or were changed, and tells how old the newest sample is. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  const rolled = await rollDays(store, () => context.getRemainingTimeInMillis() >= ENOUGH_MS, (outcome, service, day) => {
    logger.warn(`day ${outcome}`, { service, day: dayOf(day) });
  });
  if (rolled.final > 0) emitSelfMetric(SelfMetric.FINAL_DAYS, rolled.final, table);
  const age = await newestSampleAge(store, store.now());
  if (age !== undefined) emitSelfMetric(SelfMetric.NEWEST_SAMPLE_AGE, Math.round(age / 1000), table);
  logger.info('days computed', { ...rolled, newestSampleAgeSeconds: age === undefined ? null : Math.round(age / 1000) });
}
