import { ofThrottled } from './judging';
import { round } from '../../framework/collect-metrics';
import { holds, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { figures, idsOf, inWords } from '../../framework/judging';
import { loadBaseline } from '../../framework/series';
import { shareOf, type ThrottlingFacts } from '../facts';
import { CAPACITY_STEP, KEY_RANGE_SHARE, REASON_SHARE, TRAFFIC_STEP } from '../thresholds';
import { capacities } from '../use';

/** What is different from before: the load, or the table. */

export const trafficStep: Rule<ThrottlingFacts> = {
  id: 'DT-10',
  title: 'Traffic step',
  category: 'TRAFFIC',
  judge: ofThrottled((side) => {
    const { consumed } = side.series;
    const now = figures(consumed);
    if (!now || !consumed?.data) return unknown;
    const usual = loadBaseline(consumed.data);
    if (usual.points === 0) return unknown;
    // What was refused belongs to the load, though nobody knows how many units each would have taken: at least about one.
    const asked = now.average + (side.events ?? 0) / now.points;
    const perSecond = (units: number) => round(units / consumed.data!.period);
    const compared = `${perSecond(now.average)} units a second, usually ${perSecond(usual.average)} at this time`;
    if (asked < TRAFFIC_STEP * usual.average) return ruledOut(`the ${side.words} took ${compared}`);
    if (now.average < TRAFFIC_STEP * usual.average) return unknown;
    const says = `The ${side.words} took ${compared}: the load has grown.`;
    const cites = idsOf(consumed, side.reasons);
    // Keys that nobody saw may be the cause, with or without more load.
    if ((shareOf(side, 'keyRange') ?? 0) >= KEY_RANGE_SHARE && !side.keys?.data) return told(says, cites);
    return holds({
      confidence: 'MEDIUM',
      says,
      cites,
      actions: [
        `Find where the additional ${side.words} come from: a release, a batch, a retry storm.`,
        `If it is meant, warm ${side.name} up before the next time (warm throughput); on-demand follows to twice the last peak by itself.`,
      ],
    });
  }),
};

export const configurationChange: Rule<ThrottlingFacts> = {
  id: 'DT-11',
  title: 'Capacity changed',
  category: 'CONFIGURATION',
  judge: ofThrottled((side) => {
    const { changes } = side;
    // Tags, backups and the like leave the capacity as it is; everything about it is one call.
    const change = changes?.data?.changes.find(({ event }) => event.startsWith('UpdateTable'));
    const { before, atOnset } = capacities(side);
    // Capacity causes the throttles that are for capacity, and no others; where no reason was published, it may have.
    const fits = (shareOf(side, 'provisioned') ?? 1) >= REASON_SHARE;
    if (fits && before !== undefined && atOnset !== undefined && atOnset < before * (1 - CAPACITY_STEP)) {
      return holds({
        confidence: change ? 'HIGH' : 'MEDIUM',
        says: `The provisioned capacity of the ${side.words} was lowered from ${round(before)} to ${round(atOnset)} units a second${change ? ` (${inWords(change)})` : ''}.`,
        cites: idsOf(side.series.capacity, side.reasons, change && changes),
        actions: [`Ask ${change?.user ?? 'whoever changed it'} whether the lower capacity of ${side.name} is meant; raise it again if not.`],
      });
    }
    if (!change) return changes?.status === 'OK' ? ruledOut(`the capacity of ${side.resource.table} was not changed shortly before the onset`) : unknown;
    if (fits && before === undefined && atOnset !== undefined && side.table?.data?.billing === 'PROVISIONED') {
      return holds({
        confidence: 'MEDIUM',
        says: `${side.resource.table} has provisioned capacity (${round(atOnset)} units a second for ${side.direction}s) since it was changed (${inWords(change)}).`,
        cites: idsOf(changes, side.series.capacity, side.table),
        actions: [`Ask ${change.user ?? 'whoever changed it'} whether ${side.resource.table} was meant to leave on-demand.`],
      });
    }
    return told(`${side.resource.table} was changed shortly before (${inWords(change)}).`, idsOf(changes));
  }),
};
