import type { Backend } from './backend';
import type { SeriesPosition } from './cursor';
import { MAX_DAYS_READ, MAX_SAMPLES_HELD, SERVICES_AT_ONCE } from './limits';
import type { Range } from './range';
import { readServiceSeries } from './service-series';
import { readServices } from '../shared/catalogue';
import { coarser, Question, type Resolution, SeriesPoints, tierOf } from '../timeseries/query';
import { DAY, dayOf, floorTo, HOUR } from '../timeseries/time';

/** What is read for one page of series. */
export interface PageRequest {
  readonly question: Question;
  /** All services where absent. */
  readonly service?: string;
  /** All metrics where empty. */
  readonly metrics: readonly string[];
  /** The most series of the page. */
  readonly limit: number;
  /** The position after which the page begins. */
  readonly after?: Pick<SeriesPosition, 'service' | 'metric'>;
  /** The time by which it is judged what has expired, in milliseconds: the same for all pages of an answer. */
  readonly now: number;
}

export interface Page {
  readonly series: SeriesPoints[];
  /** The coarsest data behind the series. */
  readonly resolution: Resolution;
  /** False when a part could not be read. */
  readonly complete: boolean;
  /** Where the page ended, null where everything was given. */
  readonly end: Pick<SeriesPosition, 'service' | 'metric'> | null;
}

/** Reads series by service and metric, in the order of their names, until the page is full or nothing is left. */
export async function readPage(backend: Backend, request: PageRequest): Promise<Page> {
  const span = storedSpan(request, backend);
  const services = await servicesOf(backend, request, span);
  const series: SeriesPoints[] = [];
  let resolution: Resolution = 'raw';
  let complete = true;
  let daysRead = 0;
  for (let i = 0; i < services.length; i += SERVICES_AT_ONCE) {
    if (daysRead >= MAX_DAYS_READ) return { series, resolution, complete, end: { service: services[i - 1] } };
    const batch = services.slice(i, i + SERVICES_AT_ONCE);
    const { question, metrics, after, now } = request;
    const maxSamples = MAX_SAMPLES_HELD / batch.length;
    const results = await Promise.all(batch.map((service) => readServiceSeries(backend, {
      question, service, span, now, metrics, after: after?.service === service ? after.metric : undefined, maxSamples,
    })));
    for (const result of results) {
      complete &&= result.complete;
      resolution = coarser(resolution, result.resolution);
      daysRead += result.daysOfParts;
    }
    for (const one of results.flatMap((result) => result.series)) {
      const last = series.at(-1);
      if (last && series.length === request.limit) return { series, resolution, complete, end: { service: last.service, metric: last.metric } };
      series.push(one);
    }
  }
  return { series, resolution, complete, end: null };
}

/** The part of the range in which there can be anything: a question about ten years must not read 3,650 days. */
function storedSpan({ question, now }: PageRequest, { store }: Backend): Range {
  const kept = tierOf(question) === 'raw' ? store.sampleRetentionDays * DAY + HOUR : (store.rollupRetentionDays + 1) * DAY;
  return { from: Math.max(question.from, floorTo(now - kept, DAY)), to: Math.min(question.to, now + DAY) };
}

/** The services to read, by name, from the page's position on. */
async function servicesOf({ store }: Backend, { service, after, now }: PageRequest, span: Range): Promise<string[]> {
  if (span.from >= span.to) return [];
  const all = service === undefined
    ? (await readServices(store, now)).filter(({ last }) => last >= dayOf(span.from)).map(({ name }) => name).sort()
    : [service];
  if (!after) return all;
  return all.filter((name) => (after.metric === undefined ? name > after.service : name >= after.service));
}
