import { holds, type Judgement, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { figures, idsOf, ofSeveral } from '../../framework/judging';
import { figuresOf } from '../../framework/series';
import { throttling } from '../../framework/throttles';
import { compared, explains, inTime, isUp, partsOf, whenFast } from '../compare';
import type { FunctionFacts, LatencyFacts } from '../facts';
import { type Percentile } from '../series';
import { DOUBLED, FAR_ABOVE, WAITED } from '../thresholds';

/** Time that passes before the function begins. Three signs, each of them enough. */
export const queueing: Rule<LatencyFacts> = {
  id: 'HL-08',
  title: 'Queueing',
  category: 'CAPACITY',
  judge: (facts) => {
    const signs = [...waitingForFunction(facts), ...facts.functions.map(throttled), ...waitingWork(facts)];
    const held = signs.flatMap((judgement) => judgement.is === 'HOLDS' ? [judgement] : []);
    if (held.length < 2) return ofSeveral(signs.map((judgement) => ({ name: '', judgement })));
    return holds({
      // Signs from different sources that agree leave little doubt.
      confidence: held.some(({ confidence }) => confidence === 'LOW') ? 'MEDIUM' : 'HIGH',
      says: held.slice(0, 2).map(({ says }) => says).join(' '),
      cites: [...new Set(held.flatMap(({ cites }) => cites))],
      actions: [...new Set(held.flatMap(({ actions }) => actions ?? []))],
    });
  },
};

/** The integration takes far longer than the functions work, initialisation included: Duration leaves that out. */
function waitingForFunction(facts: LatencyFacts): Judgement[] {
  const { api, functions } = facts;
  if (!api || functions.length === 0) return [];
  const parts = partsOf(facts);
  if (!parts) return [whenFast(api.latency)];
  const { at, between } = parts;
  const integration = api.integration[at];
  const slowest = functions.reduce((most, fn) => (fn.duration[at].now ?? 0) > (most.duration[at].now ?? 0) ? fn : most);
  const duration = slowest.duration[at].now;
  if (between === undefined || integration.now === undefined || duration === undefined) return [unknown];
  const init = initOf(functions, at);
  const times = `integration ${compared(at, integration)}, ${slowest.name} ${inTime(duration)}${init ? ` and ${inTime(init)} to initialise` : ''}`;
  if (!explains(between, parts) || integration.now < FAR_ABOVE * (duration + (init ?? 0))) {
    return [ruledOut(`calls wait for nothing else before the function (${times})`)];
  }
  return [holds({
    // Cold starts that could not be seen may be what it waits for.
    confidence: init === undefined ? 'LOW' : 'MEDIUM',
    says: `Calls wait before ${slowest.name} begins: ${times}${init === undefined ? '; whether for cold starts could not be seen' : ''}.`,
    cites: idsOf(integration.item, slowest.duration[at].item, slowest.reports, slowest.series.concurrent),
    actions: [`Compare the concurrency of ${slowest.name} with its limits, and look for retries between the gateway and it.`],
  })];
}

/** What cold starts add at that percentile, in milliseconds; undefined: unknown. */
function initOf(functions: FunctionFacts[], at: Percentile): number | undefined {
  const reports = functions.map((fn) => fn.reports?.data?.incident);
  const reaches = (share: number) => share >= 1 - Number(at.slice(1)) / 100;
  if (reports.some((one) => !one)) return at === 'p50' ? 0 : undefined; // Hardly ever is half of all calls cold.
  return Math.max(...reports.map((one) => reaches(one!.cold / one!.calls) ? one!.init ?? 0 : 0));
}

function throttled({ name, series }: FunctionFacts): Judgement {
  const now = figures(series.throttles);
  const state = throttling(figures(series.errors) ?? figuresOf([]), now ?? figuresOf([]));
  if (!now || state === undefined) return unknown;
  if (state === 'NONE') return ruledOut(`no call of ${name} was throttled`);
  const { before } = series.throttles!.data!;
  const says = `${now.sum} calls of ${name} were throttled (before ${before.points > 0 ? before.sum : 'unknown'})`;
  if (state === 'TRACE' || now.sum < before.sum * DOUBLED) return told(`${says}: too few, or as many as before.`, idsOf(series.throttles));
  return holds({
    confidence: 'MEDIUM',
    says: `${says}.`,
    cites: idsOf(series.throttles, series.concurrent),
    actions: [`Find the limit that throttles ${name}: lambda-error, LE-01 to LE-04.`],
  });
}

/** Work that waits in a queue, or in Lambda's own for asynchronous calls. */
function waitingWork({ functions, queues }: LatencyFacts): Judgement[] {
  const isSlower = functions.some(({ duration }) => isUp(duration.p50));
  const ages = [
    // SQS tells seconds, Lambda milliseconds.
    ...queues.map((item) => ({ item, what: `messages in ${item.data?.dimensions.QueueName}`, unit: 1000 })),
    ...functions.flatMap(({ name, series: { asyncAge: item } }) => item ? [{ item, what: `asynchronous events of ${name}`, unit: 1 }] : []),
  ];
  return ages.flatMap(({ item, what, unit }) => {
    const now = figures(item);
    if (!now) return [];
    const [age, before] = [now.maximum * unit, item.data!.before.points > 0 ? item.data!.before.maximum * unit : undefined];
    if (age < WAITED || age < (before ?? 0) * DOUBLED) return [ruledOut(`${what} wait no longer than before (${inTime(age)})`)];
    const says = `${what} wait up to ${inTime(age)} (before ${inTime(before)})`;
    if (isSlower) return [told(`${says}: work piles up because each call takes longer.`, [item.id])];
    return [holds({ confidence: 'MEDIUM', says: `Work queues up: ${says}.`, cites: [item.id], actions: [`Find out why the ${what} are not worked off: more arrive, or fewer at once are let through.`] })];
  });
}
