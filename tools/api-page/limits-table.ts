import { number, table } from './markdown';
import * as limits from '../../lambda-src/metrics-api/limits';

/** The limits, by the numbers that the routes work with. */
export function limitsTable(): string {
  return table(['of', 'at most', 'more is answered with'], [
    ['points of one series', number(limits.MAX_POINTS), '400: take a longer step or a shorter range'],
    ['series of one answer', number(limits.MAX_SERIES), 'a cursor'],
    ['names of one answer', number(limits.MAX_NAMES), 'a cursor'],
    ['incidents of one answer', number(limits.MAX_INCIDENTS), 'a cursor'],
    ['days, and incidents, that are looked through for one answer', `${limits.MAX_DAYS_LISTED}, and ${number(limits.MAX_INCIDENTS_READ)}`, 'a cursor'],
    ['entries of a timeline in one answer', number(limits.MAX_TIMELINE_ENTRIES), 'a cursor'],
    ['runs of an incident', `${limits.MAX_RUNS}, the newest`, 'the timeline, which has them all'],
    ['an answer', `${limits.MAX_ANSWER_BYTES / 1e6} MB`, '400: take a lower `limit`, a longer step or a shorter range'],
    ['documents of one POST', number(limits.MAX_DOCUMENTS), '400'],
    ['a body', '6 MB, as Lambda takes it', '413 beyond the 10 MB that API Gateway takes'],
    ['an `Idempotency-Key`', `${limits.MAX_KEY_LENGTH} characters`, '400'],
    ['rejections that are listed', number(limits.MAX_REJECTIONS), 'their number, `rejectedNotListed`'],
    ['requests, for all callers together', '50 a second, 100 at once; `throttle` of the construct changes it', '429'],
  ]);
}
