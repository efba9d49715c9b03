import { ItemStore } from './item-store';
import { Decision } from './transition';
import type { AlarmState } from '../../src/private/shared/contract';
import { EVENT_DAYS, Key, random, ttlAfter } from '../shared/incident-items';
import type { Log } from '../shared/log';

/** How far an event got. A redelivery goes on from there. */
export type Step = 'SEEN' | 'OPENED' | 'RUN_STARTED' | 'RESULT_STORED' | 'REPORTED';

/** `E#`: one event, who works on it, and how far. */
export interface EventItem {
  readonly step: Step;
  /** Who holds it, and until when (epoch milliseconds). */
  readonly owner: string;
  readonly lease: number;
  /** The change of state as it counts: known from the first delivery on, whatever the alarm is by a later one. */
  readonly state: AlarmState;
  readonly at: string;
  readonly from?: AlarmState;
  /** From OPENED on. */
  readonly decision?: Decision;
  /** From RUN_STARTED on: ids of the runs. */
  readonly runs?: readonly string[];
}

/** The event is worked on elsewhere: its message goes back to the queue. */
export class LeaseHeldError extends Error {
  constructor(key: Key, until: number) {
    super(`${key.sk} is worked on by another executor until ${new Date(until).toISOString()}`);
    this.name = 'LeaseHeldError';
  }
}

/** An event that this executor works on. */
export class ClaimedEvent {
  constructor(private readonly store: ItemStore, readonly key: Key, private current: EventItem) {}

  get item(): EventItem {
    return this.current;
  }

  /** Records a step. It fails where the lease was lost: somebody else goes on then. */
  async advance(step: Step, members: Partial<Pick<EventItem, 'decision' | 'runs'>> = {}): Promise<void> {
    const held = await this.store.set(this.key, { step, ...members as object }, { expression: '#owner = :owner', values: { ':owner': this.current.owner } });
    if (!held) throw new LeaseHeldError(this.key, this.current.lease);
    this.current = { ...this.current, ...members, step };
  }

  /** Does the work of the event; after a failure the next delivery need not wait for the lease's end. */
  async work(log: Log, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Where this fails too, the lease ends by itself; what went wrong first is what counts.
      await this.release().catch((second: unknown) => log.warn('lease not released', { lease: this.key.sk, error: second }));
      throw error;
    }
  }

  private async release(): Promise<void> {
    await this.store.set(this.key, { lease: 0 }, { expression: '#owner = :owner', values: { ':owner': this.current.owner } });
  }
}

/** The event is finished already: this delivery is a duplicate of it. */
export interface FinishedEvent {
  readonly finished: EventItem;
}

/**
 * Takes an event to work on it: anew, or from where a dead executor left it.
 *
 * @throws LeaseHeldError where a living executor works on it
 */
export async function claim(
  store: ItemStore, key: Key, change: Pick<EventItem, 'state' | 'at' | 'from'>, now: Date, leaseUntil: number,
): Promise<ClaimedEvent | FinishedEvent> {
  const fresh: EventItem = { step: 'SEEN', owner: random(), lease: leaseUntil, ...change };
  if (await store.put(key, { ...fresh, ttl: ttlAfter(now.toISOString(), EVENT_DAYS) }, { expression: 'attribute_not_exists(pk)' })) {
    return new ClaimedEvent(store, key, fresh);
  }
  const found = await store.get<EventItem>(key);
  if (!found) throw new LeaseHeldError(key, now.getTime());
  // Our own put, whose answer was lost and which was sent again.
  if (found.owner === fresh.owner) return new ClaimedEvent(store, key, found);
  if (found.step === 'REPORTED') return { finished: found };
  if (found.lease > now.getTime()) throw new LeaseHeldError(key, found.lease);
  const taken = await store.set(key, { owner: fresh.owner, lease: leaseUntil }, { expression: '#owner = :owner AND #lease = :lease', values: { ':owner': found.owner, ':lease': found.lease } });
  if (!taken) throw new LeaseHeldError(key, leaseUntil);
  return new ClaimedEvent(store, key, { ...found, owner: fresh.owner, lease: leaseUntil });
}
