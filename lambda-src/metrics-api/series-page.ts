import type { Backend } from './backend';
import type { SeriesPosition } from './cursor';
import { overLimit } from './problem';
import type { Range } from './range';
import { readServices } from '../shared/catalogue';
import { readParts } from '../shared/store-reader';
import type { PartData } from '../timeseries/part';
import { Evaluation, Question, SeriesPoints, TooManySamples } from '../timeseries/query';
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
}

export interface Page {
  readonly series: SeriesPoints[];
  /** False when a part could not be read. */
  readonly complete: boolean;
  /** Where the page ended, null where everything was given. */
  readonly end: Pick<SeriesPosition, 'service' | 'metric'> | null;
}

/** Services read at once. */
const FAN_OUT = 8;
/** Days of services that one page reads at the most: a page must be there before API Gateway gives up after 29 s. */
const MAX_DAYS_READ = 1_000;
/** Samples held at once, over all services being read; only `raw` and percentiles hold any. */
const MAX_SAMPLES_HELD = 1_000_000;

/** Reads series by service and metric, in the order of their names, until the page is full or nothing is left. */
export async function readPage(backend: Backend, request: PageRequest): Promise<Page> {
  const span = storedSpan(request.question, backend);
  const services = await servicesOf(backend, request, span);
  const daysOfEach = Math.max(Math.ceil((span.to - span.from) / DAY), 1);
  const readable = services.slice(0, Math.max(Math.floor(MAX_DAYS_READ / daysOfEach), FAN_OUT));
  const series: SeriesPoints[] = [];
  let complete = true;
  for (let i = 0; i < readable.length; i += FAN_OUT) {
    const batch = readable.slice(i, i + FAN_OUT);
    const results = await Promise.all(batch.map((service) => readService(backend, request, service, span, MAX_SAMPLES_HELD / batch.length)));
    complete &&= results.every((result) => result.complete);
    for (const one of results.flatMap((result) => result.series)) {
      const last = series.at(-1);
      if (last && series.length === request.limit) return { series, complete, end: { service: last.service, metric: last.metric } };
      series.push(one);
    }
  }
  return { series, complete, end: readable.length < services.length ? { service: readable.at(-1)! } : null };
}

/** The part of the range in which there can be samples: a question about ten years must not read 3,650 days. */
function storedSpan({ from, to }: Question, { store, now }: Backend): Range {
  return { from: Math.max(from, now() - store.sampleRetentionDays * DAY - HOUR), to: Math.min(to, now() + DAY) };
}

/** The services to read, by name, from the page's position on. */
async function servicesOf({ store, now }: Backend, { service, after }: PageRequest, span: Range): Promise<string[]> {
  if (span.from >= span.to) return [];
  const all = service === undefined
    ? (await readServices(store, now())).filter(({ last }) => last >= dayOf(span.from)).map(({ name }) => name).sort()
    : [service];
  if (!after) return all;
  return all.filter((name) => (after.metric === undefined ? name > after.service : name >= after.service));
}

async function readService(
  { store, now, logger }: Backend, request: PageRequest, service: string, span: Range, maxSamples: number,
): Promise<{ series: SeriesPoints[]; complete: boolean }> {
  const evaluation = new Evaluation(request.question, maxSamples);
  let complete = true;
  for (const { from, to } of pieces(span)) {
    const { parts, unreadable } = await readParts(store, service, from, to, { now: now() });
    parts.forEach((part) => addPart(evaluation, part, service, request));
    if (unreadable.length > 0) {
      logger.warn('parts cannot be read: the answer is incomplete', { unreadable });
      complete = false;
    }
  }
  return { series: evaluation.results(), complete };
}

/** Days of a service that are held at once: what is folded already need not stay in memory. */
const DAYS_AT_ONCE = 8;

function* pieces({ from, to }: Range): Generator<Range> {
  for (let start = from; start < to;) {
    const end = Math.min(floorTo(start, DAY) + DAYS_AT_ONCE * DAY, to);
    yield { from: start, to: end };
    start = end;
  }
}

function addPart(evaluation: Evaluation, part: PartData, service: string, { metrics, after }: PageRequest): void {
  const given = after?.service === service ? after.metric : undefined;
  try {
    for (const [metric, samples] of part) {
      if (metrics.length > 0 && !metrics.includes(metric)) continue;
      if (given !== undefined && metric <= given) continue;
      evaluation.add({ service, metric, ...samples });
    }
  } catch (error) {
    if (!(error instanceof TooManySamples)) throw error;
    throw overLimit('metric', error.limit, `This needs ${error.message} of ${service} at once. Name a service and metrics, or take a shorter range.`);
  }
}
