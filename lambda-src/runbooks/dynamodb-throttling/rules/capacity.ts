import { count, ofThrottled } from './judging';
import { changeSpan } from '../../framework/changes';
import { round } from '../../framework/collect-metrics';
import { holds, type Judgement, type Rule, ruledOut, unknown } from '../../framework/decide';
import { idsOf, percent } from '../../framework/judging';
import { clockTime, contains } from '../../framework/time';
import { shareOf, type Side, type ThrottlingFacts } from '../facts';
import { AT_CAPACITY, CAPACITY_STEP, REASON_SHARE } from '../thresholds';
import { capacities, fullestPeriod } from '../use';

/** Provisioned capacity: used up, used up for seconds, or raised too late. */

export const underProvisioned: Rule<ThrottlingFacts> = {
  id: 'DT-03',
  title: 'Under-provisioned',
  category: 'CAPACITY',
  judge: ofThrottled((side) => ofProvisioned(side, (isReason) => {
    const use = fullestPeriod(side);
    if (!use) return unknown;
    const used = `${round(use.consumed)} of ${round(use.provisioned)} units a second`;
    if (use.share < AT_CAPACITY) return ruledOut(`the ${side.words} used at most ${used}`);
    const atMaximum = ownScaling(side)?.max === use.provisioned ? ' Autoscaling is at its maximum.' : '';
    return holds({
      // The use alone makes it likely, the reason makes it sure.
      confidence: isReason ? 'HIGH' : 'MEDIUM',
      says: `The ${side.words} used ${percent(use.share)} of the provisioned capacity (${used}).${atMaximum}`,
      cites: idsOf(side.reasons, side.series.consumed, side.series.capacity, side.table, atMaximum ? side.scaling : undefined),
      actions: [
        `Raise the ${side.direction} capacity of ${side.name}${atMaximum ? ", and its autoscaling's maximum" : ''}, if that much use is meant; else find what uses so much.`,
        `Consider on-demand for ${side.resource.table} if its load cannot be foretold.`,
      ],
    });
  })),
};

export const burst: Rule<ThrottlingFacts> = {
  id: 'DT-04',
  title: 'Burst',
  category: 'TRAFFIC',
  judge: ofThrottled((side) => ofProvisioned(side, (isReason) => {
    const use = fullestPeriod(side);
    // Without the reason it could as well be a few keys: nothing is inferred.
    if (!use || !isReason) return unknown;
    const used = `${round(use.consumed)} of ${round(use.provisioned)} units a second`;
    if (use.share >= AT_CAPACITY) return ruledOut(`the ${side.words} used ${used} in a whole minute`);
    return holds({
      confidence: 'HIGH',
      says: `${count(side, 'provisioned')} throttles of the ${side.words} were for the provisioned capacity, though no minute used more than ${percent(use.share)} of it: short bursts.`,
      cites: idsOf(side.reasons, side.series.provisioned, side.series.consumed, side.series.capacity),
      actions: [`Spread the load on ${side.name}: jitter in what starts it, smaller batches, backoff in its callers. More capacity helps only for those seconds.`],
    });
  })),
};

export const scalingLag: Rule<ThrottlingFacts> = {
  id: 'DT-05',
  title: 'Scaling lag',
  category: 'CAPACITY',
  judge: ofThrottled((side, { windows }) => ofProvisioned(side, (isReason) => {
    if (!isReason) return unknown;
    const span = { start: changeSpan(windows).start, end: windows.incident.end };
    const failed = ownScaling(side)?.activities.find(({ at, status }) => status === 'Failed' && contains(span, at));
    if (failed) {
      return holds({
        confidence: 'HIGH',
        says: `Autoscaling of the ${side.words} failed at ${clockTime(failed.at)}${failed.description ? `: ${failed.description.slice(0, 80)}` : ''}.`,
        cites: idsOf(side.scaling, side.reasons),
        category: 'CONFIGURATION',
        actions: [`Read the scaling activities of ${side.name}; raise its ${side.direction} capacity by hand meanwhile.`],
      });
    }
    const { before, highest } = capacities(side);
    if (before === undefined || highest === undefined) return unknown;
    if (highest < before * (1 + CAPACITY_STEP)) return ruledOut(`the capacity of the ${side.words} was not raised while they were throttled`);
    return holds({
      confidence: 'MEDIUM',
      says: `The capacity of the ${side.words} was being raised (${round(before)} to ${round(highest)} units) while they were throttled: it came later than the load.`,
      cites: idsOf(side.series.capacity, side.reasons, side.scaling),
      actions: [
        `Wait some minutes: the capacity of ${side.name} is on its way up. If it does not suffice, raise it by hand.`,
        'Then raise the minimum of its autoscaling, lower its target utilisation, or schedule the peak.',
      ],
    });
  })),
};

/** Only provisioned capacity can be used up; `isReason` is false where no reason was published at all. */
function ofProvisioned(side: Side, judge: (isReason: boolean) => Judgement): Judgement {
  if (side.table?.data?.billing === 'PAY_PER_REQUEST') return ruledOut(`${side.resource.table} is on-demand`);
  const share = shareOf(side, 'provisioned');
  if (share === undefined) return judge(false);
  return share >= REASON_SHARE ? judge(true) : ruledOut(`${count(side, 'provisioned')} throttles of the ${side.words} were for the provisioned capacity`);
}

function ownScaling({ scaling, direction, resource }: Side) {
  return scaling?.data?.find(({ dimension, index }) => dimension === direction && index === resource.index);
}
