import { rollDay, type RollOutcome } from './roll-day';
import { readServices } from '../shared/catalogue';
import type { Marker } from '../shared/day-items';
import { readMarkers, SETTLING } from '../shared/day-markers';
import { forEachBounded, type Store } from '../shared/store';
import { DAY } from '../timeseries/time';

const SERVICES_AT_ONCE = 8;

/** What became of the marked days. */
export interface Rolled extends Record<RollOutcome, number> {
  /** Days that were due and had to be left for the next time. */
  readonly left: number;
}

/** Days that cannot be rolled are told one by one. */
export type Tell = (outcome: RollOutcome, service: string, day: number) => void;

/** Computes every marked day of every service that has ended, as long as there is time. */
export async function rollDays(store: Store, hasTime: () => boolean, tell: Tell): Promise<Rolled> {
  const now = store.now();
  const rolled = { rolled: 0, overtaken: 0, final: 0, unreadable: 0, left: 0 };
  const services = await readServices(store, now);
  await forEachBounded(services, SERVICES_AT_ONCE, async ({ name }) => {
    for (const marker of await readMarkers(store, name)) {
      if (!isDue(marker, now)) continue;
      if (!hasTime()) {
        rolled.left++;
        continue;
      }
      const outcome = await rollDay(store, name, marker);
      rolled[outcome]++;
      if (outcome === 'final' || outcome === 'unreadable') tell(outcome, name, marker.day);
    }
  });
  return rolled;
}

/** A writer that took the day for the current one, or has put the marker before its part, has long written by then: see `GRACE`. */
export function isDue({ day, at }: Marker, now: number): boolean {
  return day + DAY + SETTLING <= now && at + SETTLING <= now;
}
