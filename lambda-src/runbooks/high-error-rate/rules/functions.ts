import { holds, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { addFigures } from '../../framework/series';
import { throttling } from '../../framework/throttles';
import { type HighErrorRateFacts, linesOfKinds } from '../facts';
import { TIMEOUT_SHARE } from '../thresholds';

export const throttled: Rule<HighErrorRateFacts> = {
  id: 'HE-04',
  title: 'Throttled',
  category: 'CAPACITY',
  judge: ({ functions }) => {
    const known = functions.flatMap(({ name, throttles, errors }) => throttles?.data
      ? [{ name, item: throttles, state: throttling(errors?.data?.incident ?? addFigures([]), throttles.data.incident) }] : []);
    const hit = known.filter(({ state }) => state === 'THROTTLED');
    if (hit.length > 0) {
      const names = hit.map(({ name }) => name).join(', ');
      return holds({
        confidence: 'HIGH',
        says: `${names} was throttled ${hit.reduce((total, { item }) => total + item.data!.incident.sum, 0)} times: Lambda refuses calls for want of concurrency.`,
        cites: hit.map(({ item }) => item.id),
        actions: [`Look at the concurrency of ${names}: its reserved limit, the account's limit, or a sudden step (runbook lambda-error).`],
      });
    }
    const traces = known.filter(({ state }) => state === 'TRACE');
    if (traces.length > 0) {
      return told(`A few throttles (${traces.map(({ name, item }) => `${name}: ${item.data!.incident.sum}`).join(', ')}), too few to be the cause.`, traces.map(({ item }) => item.id));
    }
    const clean = functions.length > 0 && known.length === functions.length && known.every(({ state }) => state === 'NONE');
    return clean ? ruledOut('no function was throttled') : unknown;
  },
};

export const timeouts: Rule<HighErrorRateFacts> = {
  id: 'HE-05',
  title: 'Timeouts',
  category: 'DEPENDENCY',
  judge: (facts) => {
    const { lines, all, patterns, cites } = linesOfKinds(facts, ['TIMEOUT']);
    const errors = facts.functions.flatMap(({ errors: item }) => item?.data ? [item] : []);
    const counted = addFigures(errors.map(({ data }) => data!.incident));
    const sampled = facts.logs.some(({ data }) => data?.sampled);
    if (lines === 0) return all > 0 && !sampled ? ruledOut('no error line tells that a function ran into its own timeout') : unknown;
    // An invocation may log several error lines but fails once; a sample has to be compared with itself.
    const share = lines / (counted.sum > 0 && !sampled ? Math.max(counted.sum, lines) : all);
    if (share < TIMEOUT_SHARE) return told(`${lines} timeouts among ${all} error lines, too few to be the cause.`, cites);
    return holds({
      confidence: 'HIGH',
      says: `${Math.round(share * 100)} % of the errors are timeouts ("${patterns[0].sample.slice(0, 80)}"): something the function waits for is slow, or its timeout is too short.`,
      cites: [...cites, ...errors.map(({ id }) => id)],
      actions: ['Look at what the function waits for (runbook high-latency) before raising its timeout.'],
    });
  },
};
