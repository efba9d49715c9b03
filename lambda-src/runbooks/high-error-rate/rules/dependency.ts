import { holds, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { DEPENDENCY_KINDS, type ErrorKind } from '../../framework/error-kinds';
import { type HighErrorRateFacts, linesOfKinds } from '../facts';
import { DEPENDENCY_PLAIN, DEPENDENCY_SHARE } from '../thresholds';

const WORDS: Partial<Record<ErrorKind, string>> = {
  ACCESS_DENIED: 'refuses access',
  THROTTLED: 'throttles',
  CONNECTION: 'does not take connections',
  DNS: 'cannot be resolved',
  CERTIFICATE: 'has a certificate that is not accepted',
  UPSTREAM_5XX: 'answers with server errors',
};

export const dependency: Rule<HighErrorRateFacts> = {
  id: 'HE-06',
  title: 'Dependency',
  category: 'DEPENDENCY',
  judge: (facts) => {
    const { lines, all, patterns, cites } = linesOfKinds(facts, DEPENDENCY_KINDS);
    if (lines === 0) return all > 0 && facts.logs.every(({ data }) => !data?.sampled) ? ruledOut('no error line names a dependency') : unknown;
    const [top] = patterns;
    const difference = facts.logs.flatMap(({ data }) => data?.differences ?? []).find(({ pattern }) => pattern.pattern === top.pattern);
    const rose = difference === undefined || difference.rise > 0;
    const named = `${top.dependency ?? 'something it calls'} ${WORDS[top.kind!]}`;
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
