import { ItemStore } from './item-store';
import { isExecutorRule } from './outcomes';
import type { RunbookResult } from '../../src/private/shared/contract';
import { breakerKey, ttlAfter } from '../shared/incident-items';

/** So many failures in a row pause a handler: more of the same would only cost, and bury what still works. */
const FAILURES = 3;

/** `BREAKER`: failures since the last run that did not fail. */
interface BreakerItem {
  readonly failures: number;
  /** Until when the runbook is paused, once there are enough of them. */
  readonly until: string;
}

/** How a runbook's handler is paused; undefined where it is not. After the pause one more failure is enough for the next. */
export async function pauseOf(store: ItemStore, runbook: string, now: Date): Promise<BreakerItem | undefined> {
  const breaker = await store.get<BreakerItem>(breakerKey(runbook));
  return breaker && breaker.failures >= FAILURES && breaker.until > now.toISOString() ? breaker : undefined;
}

/** Counts a failure, or closes the breaker. */
export async function noteOutcome(store: ItemStore, runbook: string, result: RunbookResult, now: Date, pauseSeconds: number): Promise<void> {
  if (!hasFailed(result)) {
    await store.delete(breakerKey(runbook));
    return;
  }
  const until = new Date(now.getTime() + pauseSeconds * 1000).toISOString();
  await store.add(breakerKey(runbook), 'failures', 1, { until, ttl: ttlAfter(until, 1) });
}

/** A handler that passes its deadline has failed too, though what others found is still reported as partial. */
function hasFailed({ status, verdict }: RunbookResult): boolean {
  return status === 'FAILED' || (status === 'PARTIAL' && isExecutorRule(verdict.ruleId));
}
