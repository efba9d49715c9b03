import type { Backend } from './backend';
import { daysIn, planOf } from './plan';
import { overLimit } from './problem';
import type { Range } from './range';
import { type DaysAsked, readDays, type StoredDay } from '../shared/day-reader';
import { foldParts } from '../shared/store-reader';
import type { LaidPart } from '../timeseries/part';
import { Evaluation, type Question, type Resolution, type SeriesPoints, tierOf, TooManySamples } from '../timeseries/query';
import { DAY, floorTo } from '../timeseries/time';

/** What is asked of one service. */
export interface ServiceQuestion {
  readonly question: Question;
  readonly service: string;
  /** The part of the question's range in which there can be anything. */
  readonly span: Range;
  /** The time by which it is judged what has expired, in milliseconds. */
  readonly now: number;
  /** All metrics where empty. */
  readonly metrics: readonly string[];
  /** Only metrics whose names come after this one. */
  readonly after?: string;
  /** How many samples may be held at once; only `raw` and percentiles hold any. */
  readonly maxSamples: number;
}

export interface ServiceSeries {
  readonly series: SeriesPoints[];
  readonly resolution: Resolution;
  /** False when a part could not be read. */
  readonly complete: boolean;
  /** Days whose parts were read: what the answer took. */
  readonly daysOfParts: number;
}

/** Reads the series of one service: of days that have ended from their items where these suffice, and all else from parts. */
export async function readServiceSeries(backend: Backend, asked: ServiceQuestion): Promise<ServiceSeries> {
  const { question, service, span, now } = asked;
  const { store, log } = backend;
  const evaluation = new Evaluation(question, asked.maxSamples);
  const tier = tierOf(question);
  const days = await readStoredDays(backend, asked, tier);
  let complete = true;
  let daysOfParts = 0;
  const holding = refusingTooMany(service);
  for (const { day, from, to } of planOf(span, tier, (start) => days.has(start))) {
    if (day !== undefined) {
      holding(() => addDay(evaluation, days.get(day)!, day, asked, tier));
      continue;
    }
    const { unreadable } = await foldParts(store, service, from, to, (part) => holding(() => addPart(evaluation, part, asked)), { now });
    daysOfParts += daysIn({ from, to });
    if (unreadable.length > 0) {
      log.warn('parts cannot be read: the answer is incomplete', { unreadable });
      complete = false;
    }
  }
  return { series: evaluation.results(), resolution: evaluation.resolution, complete, daysOfParts };
}

/** The days that have ended within the span, where their items are any use. */
async function readStoredDays({ store }: Backend, { service, span, now }: ServiceQuestion, tier: Resolution): Promise<Map<number, StoredDay>> {
  const asked: DaysAsked = {
    first: floorTo(span.from, DAY), last: Math.min(floorTo(span.to - 1, DAY), floorTo(now, DAY) - DAY), sketches: tier === 'day-sketch', now,
  };
  return tier === 'raw' || asked.first > asked.last ? new Map() : readDays(store, service, asked);
}

function addDay(evaluation: Evaluation, { hours, sketches }: StoredDay, day: number, asked: ServiceQuestion, tier: Resolution): void {
  for (const [metric, ofMetric] of hours) {
    if (!isWanted(metric, asked)) continue;
    if (tier === 'day-sketch') evaluation.addSketch(asked.service, metric, day, sketches!.get(metric)!, ofMetric);
    else evaluation.addHours(asked.service, metric, day, ofMetric);
  }
}

/** Parts hold whole hours: what lies beyond the question's ends is left out there, and within them every hour is read from one place. */
function addPart(evaluation: Evaluation, { numbers, columns }: LaidPart, asked: ServiceQuestion): void {
  for (const { metric, timestampsAt, valuesAt, length } of columns) {
    if (!isWanted(metric, asked)) continue;
    evaluation.add({ service: asked.service, metric, timestamps: numbers, values: numbers, timestampsAt, valuesAt, length });
  }
}

function isWanted(metric: string, { metrics, after }: ServiceQuestion): boolean {
  return (metrics.length === 0 || metrics.includes(metric)) && (after === undefined || metric > after);
}

function refusingTooMany(service: string): (work: () => void) => void {
  return (work) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof TooManySamples)) throw error;
      throw overLimit('metric', error.limit, `This needs ${error.message} of ${service} at once. Name a service and metrics, or take a shorter range.`);
    }
  };
}
