import { holds, type Rule, ruledOut, unknown } from '../../framework/decide';
import { throttling } from '../../framework/throttles';
import { type FunctionFacts, type HighErrorRateFacts, isUp } from '../facts';
import { AT_LIMIT, INTEGRATION_LIMIT } from '../thresholds';

export const gatewayOnly: Rule<HighErrorRateFacts> = {
  id: 'HE-03',
  title: 'Gateway only',
  category: 'CONFIGURATION',
  judge: ({ api, functions, apiConfiguration }) => {
    const up = isUp(api['5xx']?.data);
    if (up === false) return ruledOut('server errors of the API are not up');
    const states = functions.map(stateOf);
    const failing = functions.find((_, index) => states[index] === 'FAILING');
    if (failing) return ruledOut(`${failing.name} fails itself`);
    if (up === undefined || functions.length === 0 || states.includes('UNKNOWN')) return unknown;

    const unreached = functions.filter((_, index) => states[index] === 'UNREACHED').map(({ name }) => name);
    const limit = apiConfiguration?.integrationTimeout ?? INTEGRATION_LIMIT;
    const atLimit = (api.latency?.data?.incident.maximum ?? 0) >= AT_LIMIT * limit;
    return holds({
      confidence: 'MEDIUM',
      says: `The API answers ${api['5xx']!.data!.incident.sum} server errors while ${functions.map(({ name }) => name).join(', ')} ${unreached.length > 0 ? 'is not invoked any more' : 'has none'}: ${guess(atLimit, unreached.length > 0)}.`,
      cites: [api['5xx']!.id, ...api.latency?.data ? [api.latency.id] : [], ...functions.flatMap(({ errors, invocations, log }) => [errors, invocations, log].flatMap((item) => item ? [item.id] : []))],
      actions: [atLimit ? 'Look at high-latency: the integration limit cuts calls off.'
        : 'Look at the API\'s execution or access log: malformed answers give 502, missing invoke permission gives 500.'],
      ...(unreached.length > 0 && { category: 'PERMISSION' as const }),
    });
  },
};

function guess(atLimit: boolean, unreached: boolean): string {
  if (atLimit) return 'calls are cut off at the integration limit (504)';
  return unreached ? 'it may not be allowed to invoke (500)' : 'an answer may be malformed (502), or not every call reaches it (500)';
}

/** Clean needs data: what has no data is unknown, and what was invoked before and is no more is not reached. */
function stateOf({ invocations, errors, throttles, log }: FunctionFacts): 'CLEAN' | 'FAILING' | 'UNREACHED' | 'UNKNOWN' {
  const lines = log?.data?.lines ?? 0;
  if (lines > 0 || (errors?.data?.incident.sum ?? 0) > 0) return 'FAILING';
  if (errors?.data && throttles?.data && throttling(errors.data.incident, throttles.data.incident) === 'THROTTLED') return 'FAILING';
  // The log was read and holds no error line, or it is not known what it holds.
  if (log?.status !== 'OK' && log?.status !== 'NO_DATA') return 'UNKNOWN';
  if (!invocations?.data || invocations.status === 'INCOMPLETE') return 'UNKNOWN';
  if (invocations.data.incident.points === 0) return invocations.data.before.points > 0 ? 'UNREACHED' : 'UNKNOWN';
  return errors?.data && errors.data.incident.points > 0 ? 'CLEAN' : 'UNKNOWN';
}
