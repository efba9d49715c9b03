import { DAY, HOUR } from '../timeseries/time';

/** One document of the product's shape, checked: `{ service, timestamp, metrics: { cpu: 42 } }`. */
export interface MetricDocument {
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** The good values. Names are normalised. */
  readonly metrics: readonly (readonly [metric: string, value: number])[];
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

/** A document that cannot be stored at all has only problems; a good one with bad values has both. */
export interface CheckedDocument {
  readonly document?: MetricDocument;
  readonly problems: readonly Problem[];
}

const MAX_NAME_BYTES = 256;
const MAX_AHEAD = 2 * HOUR;

export function checkDocument(input: unknown, rules: DocumentRules): CheckedDocument {
  if (!isObject(input)) return refuse('not_an_object', `found ${kindOf(input)}, expected an object with service, timestamp and metrics`);
  if (typeof input.service !== 'string' || input.service === '') {
    return refuse('no_service', `service is ${kindOf(input.service)}, expected the service's name`, 'service');
  }
  const service = input.service.normalize('NFC');
  const badService = nameProblem(service);
  if (badService) return refuse('bad_name', `service ${badService}`, 'service');

  const timestamp = input.timestamp === undefined && rules.timestampOptional ? rules.eventTime : parseTime(input.timestamp);
  if (timestamp === undefined) {
    return refuse('bad_time', `timestamp is ${found(input.timestamp)}, expected RFC 3339 such as 2026-11-23T15:30:00Z`, 'timestamp');
  }
  const age = ageProblem(timestamp, rules);
  if (age) return { problems: [age] };

  if (!isObject(input.metrics) || Object.keys(input.metrics).length === 0) {
    return refuse('no_metrics', `metrics is ${kindOf(input.metrics)}, expected an object with at least one number`, 'metrics');
  }
  const metrics: [string, number][] = [];
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(input.metrics)) {
    const metric = name.normalize('NFC');
    const badName = nameProblem(metric) ?? (/[{}]/.test(metric) ? 'has { or }, which are reserved for labels' : undefined);
    const path = `metrics.${name.slice(0, MAX_NAME_BYTES)}`;
    if (badName) {
      problems.push({ code: 'bad_name', message: `the metric's name ${badName}`, path });
    } else if (typeof value !== 'number' || !Number.isFinite(value)) {
      problems.push({ code: 'not_a_number', message: `found ${found(value)}, expected a finite number`, path });
    } else {
      metrics.push([metric, value]);
    }
  }
  return { document: { service, timestamp, metrics }, problems };
}

function refuse(code: ProblemCode, message: string, path?: string): CheckedDocument {
  return { problems: [path === undefined ? { code, message } : { code, message, path }] };
}

function isObject(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function kindOf(input: unknown): string {
  if (input === undefined) return 'missing';
  if (input === null) return 'null';
  if (input === '') return 'empty';
  if (Array.isArray(input)) return 'an array';
  if (typeof input === 'object') return Object.keys(input).length === 0 ? 'an empty object' : 'an object';
  return `a ${typeof input}`;
}

function found(input: unknown): string {
  return typeof input === 'string' || typeof input === 'number' ? JSON.stringify(String(input).slice(0, 64)) : kindOf(input);
}

/** What is wrong with the name of a service or metric; undefined where it is good. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `has ${Buffer.byteLength(name)} bytes of UTF-8, more than ${MAX_NAME_BYTES}`;
  // Lone surrogates (Cs) have no UTF-8: they would come back as another name.
  if (/[\p{Cc}\p{Cs}]/u.test(name)) return 'has control characters or broken Unicode';
  return undefined;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Milliseconds of an RFC 3339 time, finer digits cut off; undefined where it is none. */
export function parseTime(input: unknown): number | undefined {
  const fields = typeof input === 'string' ? RFC_3339.exec(input) : null;
  if (!fields) return undefined;
  const [text, year, month, day] = fields;
  // Date.parse takes 30 February for 2 March.
  if (Number(day) > 28 && Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return undefined;
  const time = Date.parse(text.toUpperCase().replace(' ', 'T'));
  return Number.isNaN(time) ? undefined : time;
}

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
