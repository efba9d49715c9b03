import { holds, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { figures, idsOf } from '../../framework/judging';
import { compared, explains, inTime, isAsUsual, partsOf, shapeOf, subjectOf } from '../compare';
import type { LatencyFacts } from '../facts';
import { FEW_CALLS } from '../thresholds';

/** A frame: what kind of slow it is and where the time goes, whatever the cause. */
export const tailOrShift: Rule<LatencyFacts> = {
  id: 'HL-01',
  title: 'Tail or shift',
  category: 'INCONCLUSIVE',
  judge: (facts) => {
    const subject = subjectOf(facts);
    const shape = subject && shapeOf(subject.times);
    if (!subject || !shape) return unknown;
    const { p50, p99 } = subject.times;
    const both = `${compared('p50', p50)}, ${compared('p99', p99)}`;
    if (shape === 'NONE') return ruledOut(`${subject.name} is as fast as before: ${both}`);
    const cites = idsOf(p50.item, subject.times.p90.item, p99.item);
    if (shape === 'SOME') {
      if (isAsUsual(subject.times)) {
        return told(`${subject.name} is slower than just before, but as slow as at the same time last week (or yesterday): ${both}, then ${inTime(p99.usual)}.`, cites);
      }
      return told(`${subject.name} is somewhat slower: ${both}.`, cites);
    }
    const calls = figures(facts.api?.count ?? facts.functions.find(({ name }) => name === subject.name)?.series.invocations)?.sum;
    const few = calls !== undefined && calls < FEW_CALLS;
    return holds({
      confidence: few ? 'LOW' : 'MEDIUM',
      says: `${shape === 'TAIL' ? 'Few calls' : 'All calls'} of ${subject.name} are slow (${shape === 'TAIL' ? 'tail' : 'shift'}): ${both}${whereInWords(facts)}.${few ? ` Only ${calls} calls: p99 is the slowest of them.` : ''}`,
      cites: [...cites, ...partsCited(facts)],
      actions: [shape === 'TAIL'
        ? `Look at single slow calls of ${subject.name} (traces, or the log lines of the longest calls): what have they in common?`
        : `Look at what every call of ${subject.name} does: a dependency that slowed down, a change, the load.`],
    });
  },
};

function whereInWords(facts: LatencyFacts): string {
  const parts = partsOf(facts);
  if (!parts || !facts.api) return '';
  if (explains(parts.gateway, parts)) return '; most of it in the gateway';
  if (explains(parts.function?.growth, parts)) return `; most of it in ${parts.function!.name}`;
  return explains(parts.between, parts) ? '; most of it between gateway and function' : '';
}

function partsCited(facts: LatencyFacts): string[] {
  const parts = partsOf(facts);
  if (!parts || !facts.api) return [];
  return idsOf(facts.api.integration[parts.at].item, facts.functions.find(({ name }) => name === parts.function?.name)?.duration[parts.at].item);
}
