import { holds, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { DEPENDENCY_KINDS, dependencyFails } from '../../framework/error-kinds';
import { type HighErrorRateFacts, linesOfKinds } from '../facts';
import { DEPENDENCY_PLAIN, DEPENDENCY_SHARE } from '../thresholds';

export const dependency: Rule<HighErrorRateFacts> = {
  id: 'HE-06',
  title: 'A dependency fails',
  category: 'DEPENDENCY',
  judge: (facts) => {
    const { lines, all, patterns, cites } = linesOfKinds(facts, DEPENDENCY_KINDS);
    if (lines === 0) return all > 0 && facts.logs.every(({ data }) => !data?.sampled) ? ruledOut('no error line names a dependency') : unknown;
    const [top] = patterns;
    const difference = facts.logs.flatMap(({ data }) => data?.differences ?? []).find(({ pattern }) => pattern.pattern === top.pattern);
    const rose = difference === undefined || difference.rise > 0;
    const named = dependencyFails(top.kind!, top.dependency);
    if (lines < DEPENDENCY_SHARE * all || !rose) {
      return told(`${lines} of ${all} error lines say that ${named}${rose ? '' : ', no more than before'}.`, cites);
    }
    const plain = lines >= DEPENDENCY_PLAIN * all && difference?.isNew === true;
    return holds({
      confidence: plain ? 'HIGH' : 'MEDIUM',
      says: `${lines} of ${all} error lines say that ${named} ("${top.sample.slice(0, 90)}").`,
      cites,
      ...(top.kind === 'ACCESS_DENIED' && { category: 'PERMISSION' as const }),
      actions: [top.kind === 'ACCESS_DENIED'
        ? `Compare the role's policy, and the policies of the resource and its key, with ${top.dependency ?? 'what is called'}.`
        : `Look at the state of ${top.dependency ?? 'what is called'}: its own alarms, its status page, the network in between.`],
    });
  },
};
