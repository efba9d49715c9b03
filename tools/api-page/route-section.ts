import { BY_HAND, type ByHand } from './by-hand';
import { ALLOWED_BY, PROMETHEUS_ALLOWED_BY, prometheusHeading } from './list-of-routes';
import { code, json, number, table } from './markdown';
import { PROMETHEUS_BY_HAND } from './prometheus-by-hand';
import { openApiDocument } from '../../lambda-src/metrics-api/openapi/document';
import type { Content } from '../../lambda-src/metrics-api/openapi/operation';
import { COMMON } from '../../lambda-src/metrics-api/openapi/problems';
import type { Schema } from '../../lambda-src/metrics-api/parameters';
import { PROMETHEUS_BASE, type PrometheusRoute } from '../../lambda-src/metrics-api/prometheus/route-table';
import type { ApiRoute, RouteId } from '../../src/private/shared/api-routes';

/** An operation as the OpenAPI document has it. */
interface Described {
  readonly summary: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; description: string; schema: Schema }[];
  readonly requestBody?: { content: Record<string, Content> };
  readonly responses: Record<string, { description: string; headers?: Record<string, { description: string }>; content: Record<string, Content> }>;
}

const { paths } = openApiDocument('/v1');

/** All about one route, from what `openapi.json` says of it. */
export function routeSection({ method, path, access }: ApiRoute): string {
  const id = `${method} ${path}` as RouteId;
  const operation = paths[path][method.toLowerCase()] as Described;
  const { requestBody, responses } = operation;
  return [
    ...beginning(id, operation, ALLOWED_BY[access], BY_HAND[id]),
    ...(requestBody ? ['A document, with a time of its own:', json(requestBody.content['application/json'].example)] : []),
    ...answersOf(responses, access === 'open' ? 'open route' : 'route'),
  ].join('\n\n');
}

/** All about one Prometheus route. */
export function prometheusSection(route: PrometheusRoute): string {
  const operation = paths[PROMETHEUS_BASE + route].get as Described;
  return [...beginning(prometheusHeading(route), operation, PROMETHEUS_ALLOWED_BY, PROMETHEUS_BY_HAND[route]), ...answersOf(operation.responses, 'route')].join('\n\n');
}

function beginning(heading: string, { summary, parameters }: Described, allowed: string, { calls, notes }: ByHand): string[] {
  return [
    `## ${heading}`,
    `${summary} ${allowed}.`,
    ...calls.flatMap(({ asks, line }) => [...(asks ? [asks] : []), code('sh', line)]),
    ...(notes ? [notes] : []),
    ...(parameters.length > 0 ? [parameterTable(parameters)] : []),
  ];
}

function answersOf(responses: Described['responses'], every: string): string[] {
  const answers = Object.entries(responses);
  return [
    ...answers.filter(([status]) => status < '400').flatMap(([status, answer]) => successOf(status, answer)),
    ...problemsOf(answers.filter(([status]) => status >= '400'), every),
  ];
}

function parameterTable(parameters: Described['parameters']): string {
  return table(['parameter', 'in', 'is', 'default'], parameters.map(({ name, in: place, required, description, schema }) => [
    `\`${name}\``,
    place,
    [description, wordsOf(schema)].filter(Boolean).join(' '),
    required ? 'must be there' : schema.default === undefined ? '' : `\`${schema.default}\``,
  ]));
}

/** What the description leaves to the schema. */
function wordsOf(schema: Schema): string {
  if (schema.type === 'integer') return `A whole number, ${number(schema.minimum as number)} to ${number(schema.maximum as number)}.`;
  return schema.type === 'array' ? 'May be repeated.' : '';
}

function successOf(status: string, { description, headers, content }: Described['responses'][string]): string[] {
  const { 'application/json': { example: first }, ...others } = content;
  return [
    `**${status}**: ${description}`,
    json(first),
    ...Object.entries(others).flatMap(([type, { example }]) => [`As \`${type}\`:`, code(type.split('/')[1], String(example).replace(/\r/g, '').trimEnd())]),
    ...(headers ? [table(['header', 'is'], Object.entries(headers).map(([name, header]) => [`\`${name}\``, header.description]))] : []),
  ];
}

/** Those that every route has are told once, before the routes. */
function problemsOf(answers: [string, Described['responses'][string]][], every: string): string[] {
  const own = answers.filter(([status]) => !COMMON.includes(Number(status)));
  const common = `[those of every ${every}](#problems)`;
  if (own.length === 0) return [`Problems: ${common}.`];
  return [table(['problem', 'when'], own.map(([status, { description }]) => [status, description])), `And ${common}.`];
}
