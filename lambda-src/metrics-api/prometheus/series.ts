import { compareLabels, type Labels, labelsOf } from './labels';
import { type Matcher, matchesAll } from './matcher';
import type { SeriesName } from './series-name';
import type { Work } from './work';
import { readMetrics, readServices } from '../../shared/catalogue';
import { nameProblem } from '../../shared/document';
import type { DaysSeen } from '../../shared/items';
import { forEachBounded } from '../../shared/store';
import { dayOf } from '../../timeseries/time';
import type { Backend } from '../backend';
import { SERVICES_AT_ONCE } from '../limits';

/** A stored series, with its labels. */
export interface KnownSeries extends SeriesName {
  readonly labels: Labels;
}

/** Times in milliseconds since the epoch, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The years that a day can be written of. */
export const EVER: Span = { from: Date.parse('0001-01-01T00:00:00Z'), to: Date.parse('9999-12-31T00:00:00Z') };

/** The series of the catalogue that match one of the lists of matchers and were seen within the days of a span, in the order of their labels. */
export async function findSeries(backend: Backend, lists: readonly (readonly Matcher[])[], { from, to }: Span, work: Work): Promise<KnownSeries[]> {
  const { store, now } = backend;
  const [first, last] = [dayOf(from), dayOf(to)];
  const wasSeen = (days: DaysSeen) => days.first <= last && days.last >= first;
  const ofService = lists.map((matchers) => matchers.filter(({ label }) => label === 'service'));
  const found: KnownSeries[] = [];
  await forEachBounded(await servicesOf(backend, ofService, wasSeen), SERVICES_AT_ONCE, async (service) => {
    const labels = new Map([['service', service]]);
    if (!ofService.some((matchers) => matchesAll(matchers, labels, work))) return;
    for (const { name: metric, ...days } of await readMetrics(store, service, now())) {
      if (!wasSeen(days)) continue;
      const series = { service, metric, labels: labelsOf({ service, metric }) };
      if (lists.some((matchers) => matchesAll(matchers, series.labels, work))) found.push(series);
    }
  });
  return found.sort((a, b) => compareLabels(a.labels, b.labels));
}

/**
 * The services to look into: those that are named, where every list names one; then the others need not even be listed. What cannot be a
 * service's name is not looked up, since its key may be longer than DynamoDB takes. Names are as they are stored, as Prometheus compares them:
 * normalised, one would be found that the matcher then refuses.
 */
async function servicesOf({ store, now }: Backend, lists: readonly (readonly Matcher[])[], wasSeen: (days: DaysSeen) => boolean): Promise<string[]> {
  const named = lists.map((matchers) => matchers.find(({ operator, value }) => operator === '=' && value !== '')?.value);
  if (named.every((service) => service !== undefined)) return [...new Set(named)].filter((service) => !nameProblem(service));
  return (await readServices(store, now())).filter(wasSeen).map(({ name }) => name);
}
