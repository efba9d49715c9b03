import type { FunctionFacts, LambdaFacts } from '../facts';
import { idsOf, inWords, ofEach, percent, shareOf, topOf } from './judging';
import { holds, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { DEPENDENCY_KINDS, dependencyFails } from '../../framework/error-kinds';
import { KIND_SHARE, MOSTLY } from '../thresholds';

/** Failures that come from what the function calls. */

export const permission: Rule<LambdaFacts> = {
  id: 'LE-09',
  title: 'Permission taken away',
  category: 'PERMISSION',
  judge: ofEach((fn) => {
    const { name, logs, failures } = fn;
    const share = shareOf(logs, ['ACCESS_DENIED']);
    if (share === undefined) return unknown;
    if (share < KIND_SHARE) return ruledOut(`no rise of refused access in the log of ${name}`);
    const found = policyChange(fn);
    if (!found) {
      const known = fn.policyChanges.length > 0 && fn.policyChanges.every(({ status }) => status === 'OK');
      return known ? ruledOut(`no change of the role or key of ${name} was recorded shortly before the onset`) : unknown;
    }
    const { item, change } = found;
    const refused = topOf(logs, ['ACCESS_DENIED'])?.dependency;
    return holds({
      confidence: 'HIGH',
      says: `${name} is refused ${refused ?? 'access'} since ${inWords(change)} on ${change.resource}: ${percent(share)} of the new error lines.`,
      cites: [...idsOf(failures, logs), item.id],
      actions: [`Put back what ${change.event} took from ${change.resource}, if it was not taken on purpose.`],
    });
  }),
};

export const dependency: Rule<LambdaFacts> = {
  id: 'LE-14',
  title: 'A dependency fails',
  category: 'DEPENDENCY',
  judge: ofEach((fn) => {
    const { name, logs, failures } = fn;
    // Refused access after a change of policy is no fault of what refuses it.
    const kinds = policyChange(fn) ? DEPENDENCY_KINDS.filter((kind) => kind !== 'ACCESS_DENIED') : DEPENDENCY_KINDS;
    const share = shareOf(logs, kinds);
    const top = topOf(logs, kinds);
    if (share === undefined) return unknown;
    if (!top?.kind) return ruledOut(`no error of a dependency has risen in the log of ${name}`);
    const words = top.kind === 'ACCESS_DENIED' ? `it is refused ${top.dependency ?? 'access'}` : dependencyFails(top.kind, top.dependency);
    const cites = idsOf(failures, logs);
    if (share < KIND_SHARE) return told(`Some calls of ${name} also say that ${words} (${percent(share)} of the new error lines).`, cites);
    return holds({
      confidence: share >= MOSTLY && top.dependency ? 'HIGH' : 'MEDIUM',
      says: `${name} fails because ${words}: ${percent(share)} of the new error lines.`,
      cites,
      category: top.kind === 'ACCESS_DENIED' ? 'PERMISSION' : 'DEPENDENCY',
      actions: top.kind === 'ACCESS_DENIED'
        ? [`Check what may refuse ${top.dependency ?? 'access'} to ${name}: its role, the resource's own policy, the key's.`]
        : [`Look at ${top.dependency ?? 'what the log names'} itself: its health, its limits, what changed there.`],
    });
  }),
};

function policyChange({ policyChanges }: FunctionFacts) {
  return policyChanges.flatMap((item) => item.data?.changes.map((change) => ({ item, change })) ?? [])
    .sort((a, b) => b.change.at - a.change.at)[0];
}
