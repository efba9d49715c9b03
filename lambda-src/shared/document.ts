import { isObject } from './is-object';
import { parseTime } from './rfc3339';
import { DAY, HOUR } from '../timeseries/time';

export { parseTime };

/** One document of the product's shape, `{ service, timestamp, metrics: { cpu: 42 } }`; its metrics are yet to be checked, one by one. */
export interface DocumentHead {
  /** Normalised. */
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly metrics: Readonly<Record<string, unknown>>;
}

/** Why something was not stored. The codes are stable: they stand in quarantine files and in answers of the API. */
export type ProblemCode =
  | 'not_json' | 'not_utf8' | 'not_an_object' | 'no_service' | 'no_metrics' | 'bad_name' | 'bad_time' | 'too_old' | 'future' | 'not_a_number'
  | 'too_many_series' | 'line_too_long' | 'object_too_large' | 'bad_gzip' | 'too_many_parts' | 'source_gone';

export interface Problem {
  readonly code: ProblemCode;
  /** For people: what was found and what is expected. */
  readonly message: string;
  /** Such as `metrics.cpu`, where the problem is with a part of the document. */
  readonly path?: string;
}

export interface DocumentRules {
  /** The time of the event that brought the document, in milliseconds: age is judged against it, never against a worker's clock. */
  readonly eventTime: number;
  readonly sampleRetentionDays: number;
  /** Whether a document without a timestamp takes the event's time. Only so for what is posted: a log line must say when. */
  readonly timestampOptional?: boolean;
}

const MAX_NAME_BYTES = 256;
const MAX_AHEAD = 2 * HOUR;

/** The document, or why it cannot be stored at all. */
export function checkDocument(input: unknown, rules: DocumentRules): DocumentHead | Problem {
  if (!isObject(input)) return refuse('not_an_object', `found ${kindOf(input)}, expected an object with service, timestamp and metrics`);
  if (typeof input.service !== 'string' || input.service === '') {
    return refuse('no_service', `service is ${kindOf(input.service)}, expected the service's name`, 'service');
  }
  const service = services.normal(input.service);
  if (service === undefined) return refuse('bad_name', `service ${nameProblem(input.service.normalize('NFC'))}`, 'service');

  const timestamp = input.timestamp === undefined && rules.timestampOptional ? rules.eventTime : parseTime(input.timestamp);
  if (timestamp === undefined) {
    return refuse('bad_time', `timestamp is ${found(input.timestamp)}, expected RFC 3339 such as 2026-11-23T15:30:00Z`, 'timestamp');
  }
  const age = ageProblem(timestamp, rules);
  if (age) return age;

  const { metrics } = input;
  return isObject(metrics) ? { service, timestamp, metrics } : noMetrics(metrics);
}

/** What is wrong with metrics that are no object, or an empty one. */
export function noMetrics(metrics: unknown): Problem {
  return refuse('no_metrics', `metrics is ${kindOf(metrics)}, expected an object with at least one number`, 'metrics');
}

/** The normal form of a metric's name; undefined where it is no good name. */
export function metricName(name: string): string | undefined {
  return metricNames.normal(name);
}

/** What is wrong with a metric that has no good name or no finite number. */
export function metricProblem(name: string, value: unknown): Problem {
  const path = `metrics.${name.slice(0, MAX_NAME_BYTES)}`;
  const badName = metricNameProblem(name.normalize('NFC'));
  if (badName) return refuse('bad_name', `the metric's name ${badName}`, path);
  return refuse('not_a_number', `found ${found(value)}, expected a finite number`, path);
}

function refuse(code: ProblemCode, message: string, path?: string): Problem {
  return path === undefined ? { code, message } : { code, message, path };
}

export function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

function kindOf(input: unknown): string {
  if (input === undefined) return 'missing';
  if (input === null) return 'null';
  if (input === '') return 'empty';
  if (Array.isArray(input)) return 'an array';
  if (typeof input === 'object') return isEmpty(input) ? 'an empty object' : 'an object';
  return `a ${typeof input}`;
}

function found(input: unknown): string {
  return typeof input === 'string' || typeof input === 'number' ? JSON.stringify(String(input).slice(0, 64)) : kindOf(input);
}

/** What is wrong with the name of a service or metric, in normal form; undefined where it is good. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `has ${Buffer.byteLength(name)} bytes of UTF-8, more than ${MAX_NAME_BYTES}`;
  // Lone surrogates (Cs) have no UTF-8: they would come back as another name.
  if (/[\p{Cc}\p{Cs}]/u.test(name)) return 'has control characters or broken Unicode';
  return undefined;
}

function metricNameProblem(name: string): string | undefined {
  return nameProblem(name) ?? (/[{}]/.test(name) ? 'has { or }, which are reserved for labels' : undefined);
}

/** More names than that are forgotten, so that memory is bounded. */
const MAX_REMEMBERED = 4_096;

/** Names that were found good, by the spelling they come in: there are few, which come again and again. */
class GoodNames {
  private readonly normalForms = new Map<string, string>();

  public constructor(private readonly problem: (name: string) => string | undefined) {}

  /** The normal form of a name; undefined where that is no good name. */
  public normal(name: string): string | undefined {
    const known = this.normalForms.get(name);
    if (known !== undefined) return known;
    const normal = name.normalize('NFC');
    if (this.problem(normal)) return undefined;
    if (this.normalForms.size === MAX_REMEMBERED) this.normalForms.clear();
    this.normalForms.set(name, normal);
    return normal;
  }
}

const services = new GoodNames(nameProblem);
const metricNames = new GoodNames(metricNameProblem);

function ageProblem(timestamp: number, { eventTime, sampleRetentionDays }: DocumentRules): Problem | undefined {
  // A day less than the retention: what is accepted is also readable for a while.
  const oldest = eventTime - (sampleRetentionDays - 1) * DAY;
  if (timestamp < oldest) {
    return { code: 'too_old', message: `${iso(timestamp)} is before ${iso(oldest)}, the oldest that is stored`, path: 'timestamp' };
  }
  if (timestamp > eventTime + MAX_AHEAD) {
    return { code: 'future', message: `${iso(timestamp)} is more than 2 h after its arrival at ${iso(eventTime)}`, path: 'timestamp' };
  }
  return undefined;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
