import type { APIGatewayProxyEvent } from 'aws-lambda';
import { badData } from './failure';
import { parseDuration } from './literals';
import { parseTime } from '../../shared/document';
import { quote } from '../problem';
import { header, queryOf, rawBody } from '../request';

const FORM = 'application/x-www-form-urlencoded';
/** The years that RFC 3339 can write, in milliseconds. */
const [FIRST_TIME, LAST_TIME] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/**
 * The parameters of a request: those of a form in its body, and after them those of its query.
 *
 * What is unknown is ignored, unlike in our own routes: clients of Prometheus send more than this subset knows.
 */
export class Parameters {
  private readonly values = new Map<string, string[]>();

  public constructor(event: APIGatewayProxyEvent) {
    if (event.httpMethod === 'POST') for (const [name, value] of formOf(event)) this.add(name, value);
    for (const [name, values] of queryOf(event)) for (const value of values) this.add(name, value);
  }

  private add(name: string, value: string): void {
    const known = this.values.get(name);
    if (known) known.push(value);
    else this.values.set(name, [value]);
  }

  public all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  /** The first value; an empty one counts as none. */
  public one(name: string): string | undefined {
    return this.all(name)[0] || undefined;
  }

  public required(name: string, expected: string): string {
    const value = this.one(name);
    if (value === undefined) throw badData(`invalid parameter "${name}": it is missing; expected ${expected}`);
    return value;
  }

  /** In milliseconds since the epoch. */
  public time(name: string): number | undefined {
    const text = this.one(name);
    if (text === undefined) return undefined;
    const time = isNumber(text) ? milliseconds(Number(text)) : parseTime(text);
    if (time === undefined) throw invalid(name, text, 'RFC 3339 such as 2026-11-23T15:30:00Z, or seconds since the epoch (in a URL, "+" is written %2B)');
    if (!(time >= FIRST_TIME && time <= LAST_TIME)) throw invalid(name, text, 'a time from the year 1 to the year 9999');
    return time;
  }

  public requiredTime(name: string): number {
    this.required(name, 'RFC 3339, or seconds since the epoch');
    return this.time(name)!;
  }

  /** In milliseconds. */
  public duration(name: string): number {
    const expected = 'seconds, or a duration such as 15s or 1m30s, of at least a millisecond';
    const text = this.required(name, expected);
    const duration = isNumber(text) ? Math.trunc(Number(text) * 1000) : parseDuration(text);
    if (duration === undefined || !(duration >= 1 && Number.isSafeInteger(duration))) throw invalid(name, text, expected);
    return duration;
  }

  /** How many results are wanted at the most; undefined where all are. */
  public limit(): number | undefined {
    const text = this.one('limit');
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text)) throw invalid('limit', text, 'a whole number; 0 stands for no limit');
    return Number(text) || undefined;
  }
}

function formOf(event: APIGatewayProxyEvent): URLSearchParams {
  const body = rawBody(event).toString();
  const type = header(event, 'content-type') ?? '';
  if (body !== '' && type.split(';')[0].trim().toLowerCase() !== FORM) throw badData(`Content-Type is ${quote(type)}; expected ${FORM}`);
  return new URLSearchParams(body);
}

function isNumber(text: string): boolean {
  // Not `\d+\.?\d*`, which tries every place for the point: of many digits that takes minutes.
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

/** Whole seconds and the rest by themselves: a product of seconds with a fraction would be off by one now and then. */
function milliseconds(seconds: number): number {
  const whole = Math.trunc(seconds);
  return whole * 1000 + Math.round((seconds - whole) * 1000);
}

function invalid(name: string, found: string, expected: string) {
  return badData(`invalid parameter "${name}": ${quote(found)}; expected ${expected}`);
}
