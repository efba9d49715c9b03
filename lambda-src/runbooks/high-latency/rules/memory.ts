import { holds, type Judgement, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { idsOf, ofSeveral, percent } from '../../framework/judging';
import { compared, isUp, partsOf, slowsDown } from '../compare';
import type { FunctionFacts, LatencyFacts } from '../facts';
import { MEMORY_SHARE, OWN_TIME } from '../thresholds';

export const memory: Rule<LatencyFacts> = {
  id: 'HL-04',
  title: 'Memory or CPU',
  category: 'CAPACITY',
  judge: (facts) => ofSeveral(facts.functions.map((fn) => ({ name: fn.name, judgement: judge(facts, fn) }))),
};

function judge(facts: LatencyFacts, fn: FunctionFacts): Judgement {
  const { name, duration, reports, traces, configuration } = fn;
  const parts = partsOf(facts);
  const isSlower = parts ? slowsDown(fn, parts) : isUp(duration.p50) === false && isUp(duration.p99) === false ? false : undefined;
  const { incident, before } = reports?.data ?? {};
  const used = incident && `${incident.usedMemory} of ${incident.memory} MB`;
  const isFull = incident && incident.memoryShare > MEMORY_SHARE;
  if (isFull && before && before.memoryShare > MEMORY_SHARE) return told(`${name} uses ${used}, as it did before.`, idsOf(reports));
  if (isSlower === false) return isFull ? told(`${name} uses ${used}, but is not slower for it.`, idsOf(reports)) : ruledOut(`${name} takes as long as before`);
  if (isSlower === undefined) return unknown;

  const at = parts!.at;
  const cites = idsOf(reports, duration[at].item, traces, configuration);
  if (isFull) {
    return holds({
      confidence: 'MEDIUM',
      says: `${name} has nearly no memory left (${used}${before ? `, before ${percent(before.memoryShare)}` : ''}) and takes longer: ${compared(at, duration[at])}.`,
      cites,
      actions: [`Give ${name} more memory (now ${incident.memory} MB): it gets more CPU with it. Then look for what grew: input, a cache without bounds, a leak.`],
    });
  }
  // Only traces tell computing from waiting; without them, memory alone decides.
  if (traces?.data && traces.data.ownShare >= OWN_TIME && isUp(duration.p50)) {
    return holds({
      confidence: 'MEDIUM',
      says: `${name} takes longer (${compared(at, duration[at])}) and waits for nothing: ${percent(traces.data.ownShare)} of the time is its own.`,
      cites,
      actions: [`Look at what ${name} computes: larger input, a slower path in the code. More memory gives it more CPU.`],
    });
  }
  const own = traces?.data ? `, and ${percent(traces.data.ownShare)} of the time is its own` : '';
  return incident ? ruledOut(`${name} uses ${used}${own}`) : unknown;
}
