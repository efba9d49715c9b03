import { round } from '../../framework/collect-metrics';
import { type Judgement, ruledOut, unknown } from '../../framework/decide';
import { ofSeveral } from '../../framework/judging';
import { isThrottled, shareOf, type Side, type ThrottlingFacts } from '../facts';
import { type Reason, REASONS } from '../series';
import { REASON_SHARE } from '../thresholds';

/** What the rules have in common. */

/** A rule about one throttled direction of a table or index, asked of each that is throttled. */
export function ofThrottled(judge: (side: Side, facts: ThrottlingFacts) => Judgement): (facts: ThrottlingFacts) => Judgement {
  return (facts) => {
    const throttled = facts.sides.filter(isThrottled);
    if (throttled.length > 0) return ofSeveral(throttled.map((side) => ({ name: side.words, judgement: judge(side, facts) })));
    const known = facts.sides.length > 0 && facts.sides.every(({ events }) => events !== undefined);
    return known ? ruledOut('nothing, or next to nothing, was throttled') : unknown;
  };
}

/** A rule about one reason: judged where the reason explains enough, ruled out where it does not, unknown where none was published. */
export function ofReason(reason: Reason, judge: (side: Side, facts: ThrottlingFacts) => Judgement, from = REASON_SHARE) {
  return ofThrottled((side, facts) => {
    const share = shareOf(side, reason);
    if (share === undefined) return unknown;
    return share >= from ? judge(side, facts) : ruledOut(share === 0
      ? `no throttle of the ${side.words} was for the ${REASONS[reason].words}`
      : `only ${count(side, reason)} throttles of the ${side.words} were for the ${REASONS[reason].words}`);
  });
}

/** `880 of 900`. */
export const count = ({ events = 0, byReason }: Side, reason: Reason) => `${round(byReason?.[reason] ?? 0)} of ${round(events)}`;
