import { pauseOf } from './breaker';
import { ItemStore } from './item-store';
import type { RunbookEntry } from '../../src/private/shared/runbook-table';
import { capKey, cooldownKey, ttlAfter } from '../shared/incident-items';

/** Why a run may not begin: for the timeline. */
export interface Refusal {
  readonly reason: 'cooling down' | 'capped' | 'paused';
  readonly text: string;
}

/**
 * Circuit breaker of the runbook, cooldown per runbook and target, and cap per hour. They lie in the table, so that they survive restarts, and carry the
 * run's id: a run that is taken up again passes a guard that it holds already.
 */
export async function passGuards(store: ItemStore, runbook: RunbookEntry, target: string, runId: string, now: Date): Promise<Refusal | undefined> {
  const time = now.toISOString();
  const paused = await pauseOf(store, runbook.name, now);
  if (paused) return { reason: 'paused', text: `${runbook.name} failed ${paused.failures} times in a row and is paused until ${paused.until}` };

  const cooldown = cooldownKey(runbook.name, target);
  const until = new Date(now.getTime() + runbook.cooldown * 1000).toISOString();
  const free = await store.put(cooldown, { runId, until, ttl: ttlAfter(until, 1) }, {
    // TTL deletes late, so the time itself is asked.
    expression: 'attribute_not_exists(pk) OR #until <= :now OR #runId = :run', values: { ':now': time, ':run': runId },
  });
  if (!free) return { reason: 'cooling down', text: `${runbook.name} ran on ${target} within the last ${runbook.cooldown} s` };

  const counted = await store.add(capKey(runbook.name, time), 'runs', runId, { ttl: ttlAfter(time, 1) }, {
    expression: 'attribute_not_exists(#runs) OR size(#runs) < :most OR contains(#runs, :run)', values: { ':most': runbook.maxRunsPerHour, ':run': runId },
  });
  if (counted) return undefined;
  // A run that does not happen must not keep others waiting.
  await store.delete(cooldown, { expression: '#runId = :run', values: { ':run': runId } });
  return { reason: 'capped', text: `${runbook.name} ran ${runbook.maxRunsPerHour} times in this hour` };
}
