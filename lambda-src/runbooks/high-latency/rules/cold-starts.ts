import { holds, type Judgement, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { idsOf, ofSeveral, percent } from '../../framework/judging';
import { explains, growthOf, inTime, partsOf } from '../compare';
import type { FunctionFacts, LatencyFacts, Reading } from '../facts';
import { COLD_IN_P99, COLD_SHARE, DOUBLED, MOSTLY_COLD, NEAR_COLD, UP } from '../thresholds';

export const coldStarts: Rule<LatencyFacts> = {
  id: 'HL-03',
  title: 'Cold starts',
  category: 'CAPACITY',
  judge: (facts) => ofSeveral(facts.functions.map((fn) => ({ name: fn.name, judgement: judge(facts, fn) }))),
};

function judge(facts: LatencyFacts, fn: FunctionFacts): Judgement {
  const { name, reports, duration } = fn;
  const { incident, before } = reports?.data ?? {};
  if (!incident) return unknown;
  const share = incident.cold / incident.calls;
  const says = `${percent(share)} of the calls of ${name} are cold starts`;
  if (share < COLD_IN_P99 || incident.init === undefined) return ruledOut(says);
  const { api } = facts;
  const cites = idsOf(reports);
  if (!api) {
    if (share <= COLD_SHARE) return ruledOut(says);
    return told(`${says}: callers wait ${inTime(incident.init)} longer, but Duration leaves that out, so it is not what this alarm sees.`, cites);
  }
  const caller = api.integration.p99.now === undefined ? api.latency.p99 : api.integration.p99;
  if (caller.now === undefined) return unknown;
  const near = isNear(caller.now, [incident.coldCall, incident.init + (duration.p50.now ?? 0)]);
  if (share <= COLD_SHARE) return near ? told(`Only ${says}, but p99 ${inTime(caller.now)} is what such a call takes.`, cites) : ruledOut(says);
  if (before && isAsBefore(incident, before)) return told(`${says}, as many as before.`, cites);
  if (!near) return told(`${says}, but p99 ${inTime(caller.now)} is not what such a call takes (${inTime(incident.coldCall)}).`, cites);
  if (share < MOSTLY_COLD && warmCallsExplain(facts, caller)) return told(`${says}, but the others are slower as well.`, cites);
  return holds({
    confidence: before && share >= DOUBLED * (before.cold / before.calls) ? 'HIGH' : 'MEDIUM',
    says: `${says}${before ? ` (before ${percent(before.cold / before.calls)})` : ''}; initialising takes ${inTime(incident.init)}, which makes p99 ${inTime(caller.now)}.`,
    cites: [...cites, ...idsOf(caller.item, duration.p50.item)],
    actions: [
      `Find out why ${name} starts so often: a deployment, a step in traffic, long pauses between calls.`,
      'Provisioned concurrency (or SnapStart) on the alias that is called takes the wait away; a smaller package and less work outside the handler make it shorter.',
    ],
  });
}

type Figures = NonNullable<NonNullable<FunctionFacts['reports']>['data']>['incident'];

/** There were as many before, and they were as long: then they are not what made it slow. */
function isAsBefore(now: Figures, before: Figures): boolean {
  return now.cold / now.calls < UP * (before.cold / before.calls) && (now.init ?? 0) < UP * (before.init ?? 0);
}

function isNear(time: number, candidates: (number | undefined)[]): boolean {
  return candidates.some((one) => one !== undefined && time >= one / NEAR_COLD && time <= one * NEAR_COLD);
}

/** The middle call is a warm one: if it grew as much as the slow ones did, starting is not the cause. */
function warmCallsExplain(facts: LatencyFacts, caller: Reading): boolean {
  const parts = partsOf(facts);
  const middle = growthOf(facts.api!.latency.p50);
  const tail = growthOf(caller);
  return parts !== undefined && middle !== undefined && tail !== undefined && explains(middle, { ...parts, total: tail }) === true;
}
