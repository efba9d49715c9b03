import type { FunctionFacts, LambdaFacts } from '../facts';
import { figures, idsOf, inWords, ofEach, throttlesOf } from './judging';
import { round } from '../../framework/collect-metrics';
import { holds, type Judgement, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { AT_LIMIT, WELL_BELOW_LIMIT } from '../thresholds';

/** Refused calls: which limit refused them. */

export const reservedLimit: Rule<LambdaFacts> = {
  id: 'LE-01',
  title: 'Reserved concurrency used up',
  category: 'CAPACITY',
  judge: ofEach((fn) => {
    const { name, series } = fn;
    if (throttlesOf(fn) === 'TRACE') {
      return told(`${throttledCalls(fn)}, too few to explain its failures.`, [series.throttles!.id]);
    }
    return whenThrottled(fn, (reserved) => {
      if (reserved === undefined) return ruledOut(`${name} has no reserved concurrency`);
      const used = figures(series.concurrent);
      if (!used) return unknown;
      if (used.maximum < reserved * AT_LIMIT) return ruledOut(`${name} used ${round(used.maximum)} of its ${reserved} reserved executions`);
      const change = concurrencyChange(fn);
      return holds({
        confidence: 'HIGH',
        says: `${throttledCalls(fn)}: it used ${round(used.maximum)} of its ${reserved} reserved executions${change ? `, set by ${inWords(change)}` : ''}.`,
        cites: idsOf(series.throttles, series.concurrent, fn.concurrency, change && fn.changes),
        actions: [
          `Find out why ${name} needs more at once: more calls, or slower ones (compare its duration with before).`,
          `Raise the reserved concurrency of ${name} only after asking who set it: it may protect a database behind it.`,
        ],
      });
    });
  }),
};

export const accountLimit: Rule<LambdaFacts> = {
  id: 'LE-02',
  title: 'Account concurrency used up',
  category: 'CAPACITY',
  judge: ofEach((fn) => whenThrottled(fn, (reserved) => {
    const { name, series, account } = fn;
    if (reserved !== undefined) return ruledOut(`the concurrency of ${name} is reserved, so other functions cannot take it`);
    const claimed = figures(series.claimed);
    const limit = account?.data?.limit;
    if (!claimed || limit === undefined) return unknown;
    if (claimed.maximum < limit * AT_LIMIT) return ruledOut(`${round(claimed.maximum)} of the account's ${limit} executions were claimed`);
    const own = figures(series.concurrent);
    return holds({
      confidence: 'HIGH',
      says: `${throttledCalls(fn)}: ${round(claimed.maximum)} of the account's ${limit} executions were claimed${own ? `, ${round(own.maximum)} by ${name} itself` : ''}.`,
      cites: idsOf(series.throttles, series.claimed, account, own && series.concurrent),
      actions: [
        own && own.maximum >= limit / 2
          ? `Look at what calls ${name} so often, and slow it down.`
          : 'Find the function that takes the concurrency (ConcurrentExecutions by function), and limit it with reserved concurrency.',
        'Ask for a higher quota of concurrent executions (Service Quotas, Lambda).',
      ],
    });
  })),
};

export const scaleRate: Rule<LambdaFacts> = {
  id: 'LE-03',
  title: 'Scaled too fast',
  category: 'CAPACITY',
  judge: ofEach((fn) => whenThrottled(fn, (reserved) => {
    const { name, series, account } = fn;
    const [item, limit, whose] = reserved === undefined
      ? [series.claimed, account?.data?.limit, "the account's"] as const
      : [series.concurrent, reserved, 'its reserved'] as const;
    const used = figures(item);
    if (!used || limit === undefined) return unknown;
    if (used.maximum >= limit * AT_LIMIT) return ruledOut(`${whose} limit of ${limit} was reached`);
    if (used.maximum > limit * WELL_BELOW_LIMIT) return unknown;
    return holds({
      confidence: 'MEDIUM',
      says: `${throttledCalls(fn)} with only ${round(used.maximum)} of ${whose} ${limit} executions in use: the calls came faster than a function may scale.`,
      cites: idsOf(series.throttles, item, series.invocations),
      actions: [`Spread the calls of ${name} (a queue before it, backoff in its callers), or give it provisioned concurrency for the peak.`],
    });
  })),
};

export const switchedOff: Rule<LambdaFacts> = {
  id: 'LE-04',
  title: 'Switched off',
  category: 'CONFIGURATION',
  judge: ofEach((fn) => {
    const { name, series } = fn;
    const concurrency = fn.concurrency?.data;
    if (!concurrency) return unknown;
    if (concurrency.reserved !== 0) return ruledOut(`${name} is not switched off`);
    const change = concurrencyChange(fn);
    const who = change ? ` (${inWords(change)})` : '';
    if (errorsCameFirst(fn)) {
      return told(`${name} is switched off now: its reserved concurrency is 0${who}; its errors began before that.`, idsOf(fn.concurrency, series.errors));
    }
    return holds({
      confidence: throttlesOf(fn) === 'THROTTLED' ? 'HIGH' : 'MEDIUM',
      says: `${name} is switched off: its reserved concurrency is 0${who}, so every call is refused.`,
      cites: idsOf(fn.concurrency, series.throttles, change && fn.changes),
      actions: [`Ask ${change?.user ?? 'whoever set it'} why ${name} was switched off, before anybody switches it on again.`],
    });
  }),
};

/** The limits matter only to a function that is throttled, and that is not switched off. */
function whenThrottled(fn: FunctionFacts, judge: (reserved: number | undefined) => Judgement): Judgement {
  const state = throttlesOf(fn);
  if (state === 'NONE') return ruledOut(`no call of ${fn.name} was throttled`);
  if (state === 'TRACE') return ruledOut(`${throttledCalls(fn)}, too few to explain its failures`);
  const concurrency = fn.concurrency?.data;
  if (state === undefined || !concurrency) return unknown;
  return concurrency.reserved === 0 ? ruledOut(`${fn.name} is switched off`) : judge(concurrency.reserved);
}

/** `900 calls of orders-fn were throttled`. */
function throttledCalls({ name, series }: FunctionFacts): string {
  const count = figures(series.throttles)?.sum ?? 0;
  return count === 1 ? `1 call of ${name} was throttled` : `${round(count)} calls of ${name} were throttled`;
}

/** Somebody may have switched it off because it failed: then that is not why it fails. */
function errorsCameFirst({ series }: FunctionFacts): boolean {
  const first = (points: [number, number][] = []) => points.find(([, value]) => value > 0)?.[0] ?? Infinity;
  return first(series.errors?.data?.points) < first(series.throttles?.data?.points);
}

const concurrencyChange = ({ changes }: FunctionFacts) => changes?.data?.changes.find(({ event }) => /FunctionConcurrency/.test(event));
