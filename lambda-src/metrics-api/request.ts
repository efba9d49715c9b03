import type { APIGatewayProxyEvent } from 'aws-lambda';
import { PARAMETER_NAMES } from './parameter-names';
import { badParameter, Problem, quote } from './problem';
import type { RouteId } from '../../src/private/shared/api-routes';
import { nameProblem } from '../shared/document';

/** What stands in the query, by name: API Gateway tells it twice, and the second time without repetitions. */
export function queryOf(event: APIGatewayProxyEvent): Map<string, string[]> {
  const query = new Map(Object.entries(event.multiValueQueryStringParameters ?? {}).map(([name, values]) => [name, values ?? []]));
  for (const [name, value] of Object.entries(event.queryStringParameters ?? {})) if (!query.has(name)) query.set(name, [value ?? '']);
  return query;
}

/** A misspelt `service` that is ignored would answer for all services and look right. */
export function refuseUnknownParameters(event: APIGatewayProxyEvent, route: RouteId): void {
  const known: readonly string[] = PARAMETER_NAMES[route];
  for (const name of queryOf(event).keys()) {
    if (known.includes(name)) continue;
    const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'none here';
    throw new Problem(400, `The query parameter ${quote(name)} is unknown; expected ${expected}.`, { parameter: name.slice(0, 80) });
  }
}

/** The query parameters of a request, each read by name. */
export class QueryParameters {
  private readonly values: ReadonlyMap<string, string[]>;

  public constructor(event: APIGatewayProxyEvent) {
    this.values = queryOf(event);
  }

  public all(name: string): string[] {
    return this.values.get(name) ?? [];
  }

  public one(name: string): string | undefined {
    const values = this.all(name);
    if (values.length > 1) throw badParameter(name, values.join(', '), `one value, found ${values.length}`);
    return values[0];
  }
}

/** The name of a service or metric, normalised as it was when it was stored. */
export function nameParameter(parameter: string, found: string): string {
  const name = found.normalize('NFC');
  const problem = nameProblem(name);
  if (problem) throw new Problem(400, `${parameter} ${problem}.`, { parameter });
  return name;
}

/** REST APIs hand path parameters on as they were sent, percent-encoded. */
export function pathParameter(event: APIGatewayProxyEvent, name: string): string {
  const value = event.pathParameters?.[name] ?? '';
  try {
    return decodeURIComponent(value);
  } catch {
    throw badParameter(name, value, 'percent-encoded UTF-8');
  }
}

export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const entry = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return entry?.[1];
}

/**
 * Which of the types that a route can answer the caller likes best, and the first of them where the caller likes none: an answer
 * of another type helps more than none (RFC 9110, 12.5.1, leaves the choice).
 */
export function preferredType<T extends string>(event: APIGatewayProxyEvent, types: readonly [T, ...T[]]): T {
  const ranges = (header(event, 'accept') ?? '').split(',')
    .map((entry) => {
      const [range, ...parameters] = entry.toLowerCase().split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { range, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
    })
    // Of those that are liked the same the caller's order decides, and then that of the types.
    .sort((a, b) => b.quality - a.quality);
  // Of the ranges that a type lies in the most specific one speaks for it, whatever the others say.
  const placeOf = (type: T) => [type, `${type.split('/')[0]}/*`, '*/*']
    .map((wanted) => ranges.findIndex(({ range }) => range === wanted)).find((place) => place >= 0) ?? -1;
  const [liked] = types.map((type) => ({ type, place: placeOf(type) }))
    .filter(({ place }) => ranges[place]?.quality > 0)
    .sort((a, b) => a.place - b.place);
  return liked?.type ?? types[0];
}

/** The body's bytes, as they were sent. */
export function rawBody(event: APIGatewayProxyEvent): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

/** The body as JSON. */
export function jsonBody(event: APIGatewayProxyEvent): unknown {
  const type = header(event, 'content-type');
  if (type !== undefined && !/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type.trim())) {
    throw new Problem(415, `Content-Type is ${quote(type)}; expected application/json.`, { parameter: 'Content-Type' });
  }
  const bytes = rawBody(event);
  if (bytes.length === 0) throw new Problem(400, 'The body is empty; expected a JSON document, or an array of them.');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Problem(400, `The body is not JSON in UTF-8: ${(error as Error).message}`);
  }
}

/** The caller where the API asks nobody who they are. */
export const ANYBODY = '-';

/**
 * Who is calling, as far as the API's authorisation tells: whose idempotency keys these are.
 *
 * Every key belongs to one caller, so that nobody can block or read another's answer by guessing a key.
 */
export function callerOf(event: APIGatewayProxyEvent): string {
  const { identity, authorizer } = event.requestContext;
  // The role itself, not one of its sessions: a retry may come from another task of the same service.
  const principal = identity?.userArn?.replace(/(:assumed-role\/[^/]+)\/.*/, '$1');
  return principal ?? authorizer?.claims?.sub ?? authorizer?.principalId ?? identity?.apiKeyId ?? ANYBODY;
}
