import { count } from './judging';
import { ALARM_METRIC } from '../../framework/collect-alarm';
import { round } from '../../framework/collect-metrics';
import { holds, type Rule, ruledOut, unknown } from '../../framework/decide';
import { idsOf } from '../../framework/judging';
import { clockTime } from '../../framework/time';
import { isThrottled, shareOf, type Side, type ThrottlingFacts } from '../facts';
import type { Direction } from '../series';
import { KEY_RANGE_SHARE } from '../thresholds';

export const notThrottled: Rule<ThrottlingFacts> = {
  id: 'DT-12',
  title: 'Not throttled, or recovered',
  category: 'RECOVERED',
  judge: (facts) => {
    const { sides, recovery, tables } = facts;
    const throttled = sides.filter(isThrottled);
    if (throttled.length > 0) {
      const over = overSince(facts);
      if (over === undefined) return recovery?.data?.sides.some(({ state }) => state === 'THROTTLED') ? ruledOut('it is throttled still') : unknown;
      return holds({
        confidence: 'HIGH',
        says: `The throttles of the ${throttled.map(({ words }) => words).join(', ')} ended before ${clockTime(over)}; the table has been in use without any since.`,
        cites: idsOf(recovery, ...throttled.map(({ reasons }) => reasons)),
      });
    }
    const seen = sides.filter(({ events }) => events !== undefined);
    if (seen.length === 0) return unknown;
    const events = seen.reduce((total, side) => total + (side.events ?? 0), 0);
    const cites = idsOf(...seen.flatMap(({ reasons, series }) => [reasons, series.consumed]));
    return holds({
      // Where nothing was consumed, nothing shows that nothing was refused.
      confidence: seen.length === sides.length ? 'HIGH' : 'MEDIUM',
      says: events === 0
        ? `${tables.join(', ')} was in use and not throttled.`
        : `${tables.join(', ')} was hardly throttled (${round(events)} events): the retries of the SDK absorb that.`,
      cites,
    });
  },
};

export const inconclusive: Rule<ThrottlingFacts> = {
  id: 'DT-00',
  title: 'Inconclusive',
  category: 'INCONCLUSIVE',
  judge: ({ sides, tables }) => {
    if (tables.length === 0) {
      return holds({
        confidence: 'LOW',
        says: 'The alarm names no table, and none is registered for it, so nothing could be looked at.',
        cites: [ALARM_METRIC],
        actions: ['Register the table with the monitoring construct (monitorTable).'],
      });
    }
    const [worst] = sides;
    const { says, action } = whatIsMissing(worst);
    return holds({ confidence: 'LOW', says, cites: [...idsOf(worst.reasons, worst.series.throttles, worst.table), ALARM_METRIC], actions: [action] });
  },
};

/** The most useful thing that can be said of the worst side without a cause. */
function whatIsMissing(side: Side): { says: string; action: string } {
  const { words, name, resource } = side;
  if (!isThrottled(side)) {
    return { says: `Whether ${resource.table} is throttled could not be seen.`, action: `Open the throttle metrics of ${resource.table} in the console.` };
  }
  if (!side.byReason) {
    return {
      says: `The ${words} were throttled, but DynamoDB published no reason, so the cause is open.`,
      action: `Look for ThrottlingReasons in the exceptions that callers of ${name} logged.`,
    };
  }
  if ((shareOf(side, 'keyRange') ?? 0) >= KEY_RANGE_SHARE && !side.keys?.data) {
    return {
      says: `${count(side, 'keyRange')} throttles of the ${words} were for a key range, but which keys cannot be seen: Contributor Insights did not tell.`,
      action: `Ask the callers of ${name} which keys they used; turn on Contributor Insights for the next time.`,
    };
  }
  return { says: `None of what was checked (reasons, capacity, use, changes) tells why the ${words} were throttled.`, action: `Open the metrics of ${name} at the onset.` };
}

/** `Throttled: 9000 writes, 12 reads; none since 10:01 UTC.` */
export function throttlesInWords(facts: ThrottlingFacts): string | undefined {
  const sum = (of: Direction) => facts.sides.filter(({ direction }) => direction === of).reduce((total, { events = 0 }) => total + events, 0);
  const list = (['write', 'read'] as const).filter((direction) => sum(direction) > 0).map((direction) => `${round(sum(direction))} ${direction}s`);
  if (list.length === 0) return undefined;
  const over = overSince(facts);
  return `Throttled: ${list.join(', ')}${over === undefined ? '' : `; none since ${clockTime(over)}`}.`;
}

/** When the last throttle ended, if all that was throttled has been in use without one since. */
function overSince({ recovery }: ThrottlingFacts): number | undefined {
  const sides = recovery?.data?.sides ?? [];
  return sides.length > 0 && sides.every(({ state }) => state === 'QUIET') ? Math.max(...sides.map(({ lastThrottle }) => lastThrottle)) : undefined;
}
