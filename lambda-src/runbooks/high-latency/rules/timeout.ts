import { holds, type Judgement, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import type { Item } from '../../framework/evidence';
import { idsOf, ofSeveral } from '../../framework/judging';
import type { SeriesFacts } from '../../framework/series';
import { SECOND } from '../../framework/time';
import type { Windows } from '../../framework/windows';
import { inTime } from '../compare';
import { type ApiFacts, badPoints, type FunctionFacts, type LatencyFacts, type Reading } from '../facts';
import { AT_LIMIT, AT_LIMIT_PERIODS, HTTP_LIMIT, PAST_LIMIT, REST_LIMIT } from '../thresholds';

/** A limit that ends calls: the percentiles then stop rising, however slow what lies behind becomes. */
interface Cliff {
  readonly name: string;
  readonly limit: number;
  /** False: nobody could read it, so it is the service's usual one. */
  readonly isKnown: boolean;
  readonly longest: Item<SeriesFacts>;
  readonly p99: Reading;
  readonly cites: string[];
}

export const timeoutCliff: Rule<LatencyFacts> = {
  id: 'HL-09',
  title: 'Timeout cliff',
  category: 'CAPACITY',
  judge: ({ api, functions, windows }) => {
    const cliffs = [...api ? [apiCliff(api)] : [], ...functions.map(functionCliff)];
    return ofSeveral(cliffs.map((cliff) => cliff ? { name: cliff.name, judgement: judge(cliff, windows) } : { name: '', judgement: unknown }));
  },
};

function functionCliff({ name, duration, configuration }: FunctionFacts): Cliff | undefined {
  if (!configuration?.data || !duration.longest?.data) return undefined;
  return {
    name,
    limit: configuration.data.timeout * SECOND,
    isKnown: true,
    longest: duration.longest,
    p99: duration.p99,
    cites: idsOf(duration.longest, duration.p99.item, configuration),
  };
}

/** The integration's own time where it is measured: latency may pass the limit by what the gateway does. */
function apiCliff({ name, isHttp, integration, latency, configuration }: ApiFacts): Cliff | undefined {
  const { longest, p99 } = integration.longest?.data ? integration : latency;
  if (!longest?.data) return undefined;
  const known = configuration?.data?.integrationTimeout;
  return {
    name: `the integration of ${name}`,
    limit: known ?? (isHttp ? HTTP_LIMIT : REST_LIMIT),
    isKnown: known !== undefined,
    longest,
    p99,
    cites: idsOf(longest, p99.item, configuration),
  };
}

function judge({ name, limit, isKnown, longest, p99, cites }: Cliff, windows: Windows): Judgement {
  const isAt = (value: number | undefined) => value !== undefined && value >= AT_LIMIT * limit;
  const values = badPoints(longest.data!, windows);
  if (values.length === 0) return unknown;
  const most = values.reduce((greatest, value) => Math.max(greatest, value));
  if (!isKnown && most > PAST_LIMIT * limit) return unknown;
  const share = values.filter(isAt).length / values.length;
  if (share === 0) return ruledOut(`the longest call of ${name} took ${inTime(most)} of ${inTime(limit)}`);
  const wasThere = isAt(p99.now) ? isAt(p99.before) : isAt(longest.data!.before.maximum);
  if (wasThere || share < AT_LIMIT_PERIODS && !isAt(p99.now)) {
    return told(`Some calls of ${name} end at the limit of ${inTime(limit)}${wasThere ? ', as they did before' : ', too few to be the cause'}.`, cites);
  }
  return holds({
    confidence: isAt(p99.now) && isKnown ? 'HIGH' : 'MEDIUM',
    says: `Calls of ${name} run into the limit of ${inTime(limit)}${isAt(p99.now) ? ': p99 is at it' : ''}.`,
    cites,
    actions: [
      `Find what these calls wait for; give the calls that they make a time-out of their own, shorter than ${inTime(limit)}.`,
      'Raise the limit only if the work itself has grown, and answer long work asynchronously.',
    ],
  });
}
