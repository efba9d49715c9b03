import type { Context, ScheduledEvent } from 'aws-lambda';
import { newestSampleAge } from './newest-sample';
import { rollDays } from './roll-days';
import { SelfMetric } from '../../src/private/shared/metrics';
import { storeOfEnvironment } from '../shared/environment-store';
import { log } from '../shared/log';
import { emitSelfMetric } from '../shared/self-metrics';
import { dayOf } from '../timeseries/time';

const store = storeOfEnvironment();

/** No day takes longer, whatever it holds; what is left is done an hour later. */
const ENOUGH_MS = 60_000;

/** Every hour: computes the days that have ended or were changed, and tells how old the newest sample is. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  const rolled = await rollDays(store, () => context.getRemainingTimeInMillis() >= ENOUGH_MS, (outcome, service, day) => {
    log.warn(`day ${outcome}`, { service, day: dayOf(day) });
  });
  if (rolled.final > 0) emitSelfMetric(SelfMetric.FINAL_DAYS, rolled.final, store.table);
  const age = await newestSampleAge(store, store.now());
  if (age !== undefined) emitSelfMetric(SelfMetric.NEWEST_SAMPLE_AGE, Math.round(age / 1000), store.table);
  log.info('days computed', { ...rolled, newestSampleAgeSeconds: age === undefined ? null : Math.round(age / 1000) });
}
