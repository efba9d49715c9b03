import { holds, type Rule, ruledOut, unknown } from '../../framework/decide';
import { duration, lengthOf } from '../../framework/time';
import { failures, type HighErrorRateFacts, isUp, requestsOf } from '../facts';
import { LOW_TRAFFIC, WEAK_FAILURES } from '../thresholds';

export const lowTraffic: Rule<HighErrorRateFacts> = {
  id: 'HE-01',
  title: 'Low traffic',
  category: 'TRAFFIC',
  judge: (facts) => {
    const { incident: requests, cites } = requestsOf(facts);
    if (requests.points === 0) return unknown;
    if (requests.sum >= LOW_TRAFFIC) return ruledOut(`there were ${requests.sum} requests`);
    const failed = failures(facts);
    return holds({
      confidence: 'MEDIUM',
      says: `Only ${requests.sum} requests in ${duration(lengthOf(facts.windows.incident))}, ${failed?.incident.sum ?? 'an unknown number'} of them failed: judge by counts, not by rates.`,
      cites: [...cites, ...failed?.cites ?? []],
      actions: ['Look at the single failures; consider an alarm that needs a minimum of requests.'],
      dominates: failed !== undefined && failed.incident.sum < WEAK_FAILURES,
    });
  },
};

export const clientErrors: Rule<HighErrorRateFacts> = {
  id: 'HE-08',
  title: 'Client errors',
  category: 'CLIENT',
  judge: ({ api }) => {
    const [server, client] = [isUp(api['5xx']?.data), isUp(api['4xx']?.data)];
    if (server === true) return ruledOut('server errors are up');
    if (client === false) return ruledOut('client errors (4xx) are not up');
    if (server === undefined || client === undefined) return unknown;
    const { incident, before } = api['4xx']!.data!;
    return holds({
      confidence: 'MEDIUM',
      says: `${incident.sum} client errors (4xx), ${before.sum} in the same time before, while server errors are flat: callers send what the API refuses.`,
      cites: [api['4xx']!.id, api['5xx']!.id],
      actions: ['Find the caller: a new client version, an expired key or token, a scanner. The access log splits by status and caller.'],
    });
  },
};
