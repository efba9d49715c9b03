import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Answer, answer, bytesTooMany, json } from './answer';
import type { Backend } from './backend';
import { csvOf, leastCsvBytes } from './csv';
import { decodeCursor, encodeCursor, isSeriesPosition, SeriesPosition } from './cursor';
import { MAX_ANSWER_BYTES, MAX_POINTS, MAX_SERIES } from './limits';
import { ceilTo } from './plan';
import { badParameter, overLimit, Problem } from './problem';
import { iso, isoOfMany, Range, rangeOf, stepOf, wholeNumber } from './range';
import { nameParameter, preferredType, QueryParameters } from './request';
import { Page, readPage } from './series-page';
import { isPercentile, PLAIN_STATISTICS, Statistic } from '../timeseries/aggregate';
import { Question, SeriesPoints, tierOf } from '../timeseries/query';
import { DAY, floorTo, HOUR } from '../timeseries/time';

/** What one point takes in an answer at the least: its time in escaped quotes, and a digit. */
const MIN_POINT_BYTES = 29;
/** How long a cursor's plan holds where samples expire: those that have since are left in the table for a while, but not for any time. */
const CURSOR_LIFE = HOUR;

/** The series of one service, or of all, over a range. */
export async function getMetrics(event: APIGatewayProxyEvent, backend: Backend): Promise<Answer> {
  const parameters = new QueryParameters(event);
  const service = parameters.one('service');
  const after = decodeCursor(isSeriesPosition, parameters.one('cursor'));
  const retention = backend.store.sampleRetentionDays * DAY;
  const now = planningTime(after, backend.now(), retention);
  const oldestSample = now - retention;
  // A cursor's range counts, but what stands beside it has to be right all the same.
  const given = rangeOf(parameters, now);
  const asked = after ?? given;
  const stat = statOf(parameters);
  const step = stepOf(parameters, asked, asked.from >= oldestSample ? 0 : isPercentile(stat) ? DAY : HOUR);
  const range = answerable({ ...asked, step, stat }, oldestSample);
  const question: Question = { ...range, step, stat };

  const page = await readPage(backend, {
    question,
    service: service === undefined ? undefined : nameParameter('service', service),
    metrics: parameters.all('metric').map((metric) => nameParameter('metric', metric)),
    limit: wholeNumber(parameters, 'limit', { atLeast: 1, atMost: MAX_SERIES }) ?? MAX_SERIES,
    after,
    now,
  });
  refuseTooManyPoints(page.series);
  const cursor = page.end && encodeCursor({ ...page.end, ...range, asOf: now });
  const asCsv = preferredType(event, ['application/json', 'text/csv']) === 'text/csv';
  return checkedSize(asCsv ? csvAnswer(page, cursor) : jsonAnswer(page, cursor, range, question));
}

/**
 * The time that a page is planned by: the first one's, for by a later one fewer samples are kept, and the question could get another step and
 * range, or none. It matters only where not all of the range's samples are kept still.
 */
function planningTime(after: SeriesPosition | undefined, now: number, retention: number): number {
  if (!after) return now;
  if (Math.abs(now - after.asOf) <= CURSOR_LIFE) return after.asOf;
  if (after.from >= now - retention) return now;
  throw new Problem(400, `The cursor is too old: where the range reaches back beyond the samples that are kept, here since ${iso(now - retention)}, `
    + 'it is good for an hour. Begin again without it.', { parameter: 'cursor' });
}

function jsonAnswer(page: Page, cursor: string | null, range: Range, { step, stat }: Question): Answer {
  const isoOf = isoOfMany();
  return json(200, {
    from: iso(range.from),
    to: iso(range.to),
    step: step === 'raw' ? step : step / 1000,
    stat: step === 'raw' ? null : stat,
    resolution: page.resolution,
    complete: page.complete,
    series: page.series.map((series) => ({ ...series, timestamps: series.timestamps.map(isoOf) })),
    cursor,
  });
}

/** CSV has no place beside its rows: what else must be known of the page stands in headers. */
function csvAnswer({ series, resolution, complete }: Page, cursor: string | null): Answer {
  const least = leastCsvBytes(series);
  if (least > MAX_ANSWER_BYTES) throw answerTooLarge(`more than ${least}`);
  return answer(200, 'text/csv; charset=utf-8; header=present', csvOf(series, isoOfMany()), {
    'metrics-complete': String(complete),
    'metrics-resolution': resolution,
    ...(cursor !== null && { 'metrics-cursor': cursor }),
  });
}

function statOf(parameters: QueryParameters): Statistic {
  const stat = parameters.one('stat');
  if (stat === undefined) return 'avg';
  if (parameters.one('step') === 'raw') throw badParameter('stat', stat, 'no stat with step=raw, which gives every sample as it is');
  const percentile = /^p(\d{1,2}(\.\d)?)$/.exec(stat);
  if (!(PLAIN_STATISTICS as readonly string[]).includes(stat) && !(Number(percentile?.[1]) > 0)) {
    throw badParameter('stat', stat, `${PLAIN_STATISTICS.join(', ')} or a percentile from p0.1 to p99.9`);
  }
  return stat as Statistic;
}

/**
 * The range that can be answered. Where samples have expired there are only the figures of whole hours, and the sketches of whole days: an
 * end that cuts one is moved out to its end, which the answer tells, and finer steps are refused, for no other figure may take their place.
 */
function answerable(question: Question, oldest: number): Range {
  const { from, to, stat } = question;
  if (from >= oldest) return { from, to };
  const tier = tierOf(question);
  if (tier === 'raw') {
    const [parameter, what, step] = isPercentile(stat)
      ? ['stat', 'Percentiles over less than a day', 'days'] : ['step', 'Steps of less than an hour', 'hours'];
    throw new Problem(400, `${what} come from samples, which are kept since ${iso(oldest)}; from is ${iso(from)}. `
      + `Take a later from, or a step of whole ${step}.`, { parameter });
  }
  const unit = tier === 'day-sketch' ? DAY : HOUR;
  // What is cut there is read from samples. Those of an hour expire together, so the oldest hour is whole still; of its day it need not be.
  const cutsExpired = floorTo(to, unit) < floorTo(oldest, HOUR);
  return { from: floorTo(from, unit), to: cutsExpired ? ceilTo(to, unit) : to };
}

/** Buckets were counted before reading; samples can only be counted now. */
function refuseTooManyPoints(series: readonly SeriesPoints[]): void {
  const most = series.reduce((count, { values }) => Math.max(count, values.length), 0);
  if (most > MAX_POINTS) {
    throw overLimit('step', MAX_POINTS, `A series has ${most} samples in this range; at most ${MAX_POINTS} are given. Take a step or a shorter range.`);
  }
  const points = series.reduce((count, { values }) => count + values.length, 0);
  if (points * MIN_POINT_BYTES > MAX_ANSWER_BYTES) throw answerTooLarge(`more than ${points * MIN_POINT_BYTES}`);
}

function checkedSize(whole: Answer): Answer {
  const bytes = bytesTooMany(whole);
  if (bytes !== undefined) throw answerTooLarge(String(bytes));
  return whole;
}

function answerTooLarge(bytes: string): Problem {
  return overLimit('limit', MAX_ANSWER_BYTES, `The answer would have ${bytes} bytes; at most ${MAX_ANSWER_BYTES} are given. `
    + 'Take a lower limit, a longer step or a shorter range.');
}
