import { ALARM_METRIC } from './collect-alarm';
import { holds, type Judgement, ruledOut, unknown } from './decide';
import { clockTime } from './time';
import type { Windows } from './windows';

/** What a recovery's rule says in its runbook's own words. */
interface Words {
  /** One sentence: what is healthy again. */
  readonly says: string;
  /** Why it is ruled out where it is not over. */
  readonly notYet?: string;
  /** What it rests on beside the alarm's own metric. */
  readonly cites?: readonly string[];
}

/** Whether the alarm's own metric is healthy again, and since when: the rule that every runbook has. */
export function recovery({ recovered, lastBad }: Windows, { says, notYet, cites = [] }: Words): Judgement {
  if (recovered === undefined) return unknown;
  if (!recovered) return ruledOut(notYet ?? "the alarm's metric is still bad, or not healthy for three periods yet");
  const until = lastBad ? ` The last bad period ended at ${clockTime(lastBad)}.` : '';
  return holds({ confidence: 'HIGH', says: `${says}${until}`, cites: [ALARM_METRIC, ...cites] });
}
