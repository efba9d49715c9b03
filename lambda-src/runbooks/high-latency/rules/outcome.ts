import { ALARM_METRIC } from '../../framework/collect-alarm';
import { round } from '../../framework/collect-metrics';
import { holds, type Rule } from '../../framework/decide';
import type { Item } from '../../framework/evidence';
import { figures, idsOf } from '../../framework/judging';
import { recovery } from '../../framework/recovery';
import { isAsUsual, shapeOf, subjectOf } from '../compare';
import type { LatencyFacts } from '../facts';
import { PERCENTILES } from '../series';

export const recovered: Rule<LatencyFacts> = {
  id: 'HL-11',
  title: 'Recovered',
  category: 'RECOVERED',
  judge: ({ windows }) => recovery(windows, { says: 'It is as fast as the alarm wants again.' }),
};

export const inconclusive: Rule<LatencyFacts> = {
  id: 'HL-00',
  title: 'Inconclusive',
  category: 'INCONCLUSIVE',
  judge: (facts) => {
    if (!facts.api && facts.functions.length === 0) {
      return holds({
        confidence: 'LOW',
        says: 'The alarm names no API and no function, and none is registered for it, so no percentile could be read.',
        cites: [ALARM_METRIC],
        actions: ['Register the API or the function with the monitoring construct (monitorApi, monitorFunction).'],
      });
    }
    const subject = subjectOf(facts);
    return holds({
      confidence: 'LOW',
      says: `${whatIsKnown(facts)} Checked: ${checked(facts).join(', ') || 'nothing could be'}.`,
      cites: [ALARM_METRIC, ...subject ? idsOf(subject.times.p50.item, subject.times.p99.item) : []],
      actions: ['Look at "not checked" first, then at the log lines of the slowest calls from the onset on.'],
    });
  },
};

function whatIsKnown(facts: LatencyFacts): string {
  const subject = subjectOf(facts);
  if (!subject) return 'No percentiles could be read, so what is slow is not known.';
  if (isAsUsual(subject.times)) return `${subject.name} is as slow as at the same time last week (or yesterday).`;
  return shapeOf(subject.times) === 'NONE' ? `${subject.name} takes as long as before: is the threshold too low?` : `Nothing tells why ${subject.name} is slow.`;
}

/** The percentiles against before, and the count they rest on, belong into every summary. */
export function percentilesInWords(facts: LatencyFacts): string | undefined {
  const subject = subjectOf(facts);
  if (!subject) return undefined;
  const { api, functions } = facts;
  const count = api?.latency === subject.times ? api.count : functions.find(({ name }) => name === subject.name)?.series.invocations;
  const [now, before] = [figures(count), count?.data?.before];
  const calls = now ? `; ${round(now.average)} calls a minute (${before?.points ? round(before.average) : '?'})` : '';
  const ms = (value: number | undefined) => value === undefined ? '?' : round(value);
  const times = PERCENTILES.map((at) => `${at} ${ms(subject.times[at].now)} (${ms(subject.times[at].before)})`);
  return `${api?.latency === subject.times ? 'Latency' : 'Duration'} in ms (before): ${times.join(', ')}${calls}.`;
}

/** Looks that were answered, also those whose answer was that there is nothing. */
function checked({ api, functions, changeItems, queues }: LatencyFacts): string[] {
  const looks: Record<string, (Item<unknown> | undefined)[]> = {
    'latency': api ? [api.latency.p99.item] : [],
    'integration': api ? [api.integration.p99.item] : [],
    'durations': functions.map(({ duration }) => duration.p99.item),
    'cold starts': functions.map(({ reports }) => reports),
    'throttles': functions.map(({ series }) => series.throttles),
    'limits': functions.map(({ configuration }) => configuration),
    'load': api ? [api.count] : functions.map(({ series }) => series.invocations),
    'changes': changeItems,
    queues,
  };
  return Object.entries(looks)
    .filter(([, items]) => items.length > 0 && items.every((item) => item?.status === 'OK' || item?.status === 'NO_DATA'))
    .map(([name]) => name);
}
