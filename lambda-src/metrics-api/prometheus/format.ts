import { badData, type Failure } from './failure';
import { plain } from './labels';
import type { Column, SeriesSamples, Steps } from './samples';
import { type Answer, bytesTooMany, json } from '../answer';
import { MAX_ANSWER_BYTES } from '../limits';

/** What one point takes in an answer at the least: its time, and a digit in escaped quotes. */
const MIN_POINT_BYTES = 12;

/** A time in seconds and a value, as Prometheus writes them. */
export type Point = readonly [seconds: number, value: string];

/** An answer that says yes. What is missing from it is said in `warnings`. */
export function success(data: unknown, warnings: readonly string[] = []): Answer {
  const answer = json(200, { status: 'success', data, ...(warnings.length > 0 && { warnings }) });
  const bytes = bytesTooMany(answer);
  if (bytes !== undefined) throw answerTooLarge(String(bytes));
  return answer;
}

export function failed({ status, errorType, message, headers }: Failure): Answer {
  return json(status, { status: 'error', errorType, error: message }, headers);
}

/** Counts before anything is written: a text that would be far too large must not even be made. */
export function refuseTooManyPoints(points: number): void {
  if (points * MIN_POINT_BYTES > MAX_ANSWER_BYTES) throw answerTooLarge(`more than ${points * MIN_POINT_BYTES}`);
}

function answerTooLarge(bytes: string): Failure {
  return badData(`The answer would have ${bytes} bytes; at most ${MAX_ANSWER_BYTES} are given. Take fewer series, a longer step or a shorter range.`);
}

/** A number as Go writes it: the shortest that reads back as the same. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

export function pointOf(time: number, value: number): Point {
  return [time / 1000, formatValue(value)];
}

/** One number at each time of evaluation. */
export function constantColumn(value: number, { start, step, count }: Steps) {
  return { metric: {}, values: Array.from({ length: count }, (_, i) => pointOf(start + i * step, value)) };
}

export function columnPoints({ labels, values, present }: Column, { start, step }: Steps) {
  const points: Point[] = [];
  for (let i = 0; i < values.length; i++) if (present[i]) points.push(pointOf(start + i * step, values[i]));
  return { metric: plain(labels), values: points };
}

export function samplePoints({ labels, timestamps, values }: SeriesSamples) {
  return { metric: plain(labels), values: Array.from(values, (value, i) => pointOf(timestamps[i], value)) };
}
