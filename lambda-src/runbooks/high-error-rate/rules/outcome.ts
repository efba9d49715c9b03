import { ALARM_METRIC } from '../../framework/collect-alarm';
import { round } from '../../framework/collect-metrics';
import { holds, type Rule, unknown } from '../../framework/decide';
import { recovery } from '../../framework/recovery';
import { clockTime } from '../../framework/time';
import { errorRate, failures, type HighErrorRateFacts, topDifference } from '../facts';

/** A frame: a metric that came from logs went up, and nothing else that was seen says why. */
export const serviceMetric: Rule<HighErrorRateFacts> = {
  id: 'HE-11',
  title: 'A service reports trouble',
  category: 'INCONCLUSIVE',
  judge: (facts) => {
    const { services } = facts;
    const seen = services.find(({ series }) => series?.data && series.data.incident.samples > 0);
    if (!seen) return unknown;
    const { service, metric, incident, before } = seen.series!.data!;
    const difference = topDifference(facts);
    const sample = difference ? ` Its errors say most of all "${difference.top.pattern.sample.slice(0, 90)}"${difference.top.isNew ? ' (new)' : ''}.` : '';
    const lost = seen.quarantine?.data?.lines ? ` ${seen.quarantine.data.lines} lines were quarantined and are not counted.` : '';
    const earlier = before.samples === 0 ? 'no samples before' : `${round(before.maximum)} at most before`;
    return holds({
      confidence: before.samples > 0 ? 'MEDIUM' : 'LOW',
      says: `${metric} of ${service} is up to ${round(incident.maximum)} (${earlier}).${sample}${lost}`,
      cites: [seen.series!.id, ...difference ? [difference.item.id] : [], ...seen.quarantine?.data?.lines ? [seen.quarantine.id] : []],
      // An error of a new kind in the service's own lines is its code's matter; without one nothing is known.
      ...(difference?.top.isNew && { category: 'CODE' as const }),
      actions: [`Open the log objects of ${service} from ${clockTime(facts.windows.onset)} on.`, ...lost ? ['Look into the quarantine: the reason stands beside each line.'] : []],
    });
  },
};

export const recovered: Rule<HighErrorRateFacts> = {
  id: 'HE-10',
  title: 'Recovered',
  category: 'RECOVERED',
  judge: ({ windows }) => recovery(windows, {
    says: 'The error rate is healthy again.', notYet: 'it still fails, or has not been healthy for three periods yet',
  }),
};

export const inconclusive: Rule<HighErrorRateFacts> = {
  id: 'HE-00',
  title: 'Inconclusive',
  category: 'INCONCLUSIVE',
  judge: (facts) => {
    const failed = failures(facts);
    const difference = topDifference(facts);
    const figures = failed ? `${round(failed.incident.sum)} failures, ${failed.before.points === 0 ? 'no data' : round(failed.before.sum)} in the same time before` : 'No data about failures';
    const sample = difference
      ? `; most of all "${difference.top.pattern.sample.slice(0, 90)}"${difference.top.isNew && difference.item.data?.beforeKnown ? ' (new)' : ''}` : '';
    return holds({
      confidence: 'LOW',
      says: `${figures}${sample}. None of the known causes fits what could be seen.`,
      cites: [ALARM_METRIC, ...failed?.cites ?? [], ...difference ? [difference.item.id] : []],
      actions: ['Look at "not checked" first, then at the error lines from the onset on.'],
    });
  },
};

/** The present error rate against before. */
export function rateInWords(facts: HighErrorRateFacts): string | undefined {
  const rate = errorRate(facts);
  if (!rate) return undefined;
  const percent = (share: number) => `${Number((share * 100).toPrecision(2))} %`;
  return `Error rate ${percent(rate.now)} of ${round(rate.requests)} requests, before ${rate.before === undefined ? 'unknown' : percent(rate.before)}.`;
}
