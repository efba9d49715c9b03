import type { APIGatewayProxyEvent } from 'aws-lambda';
import { buildInfo, labelOfPath, labels, labelValues, metadata, series } from './catalogue-routes';
import { badData, Failure } from './failure';
import { failed } from './format';
import { Parameters } from './parameters';
import { query, queryRange } from './query';
import type { Answer } from '../answer';
import type { Backend } from '../backend';
import { quote } from '../problem';

type Route = (parameters: Parameters, backend: Backend) => Answer | Promise<Answer>;

interface Methods { readonly methods: readonly string[]; readonly route: Route }

const BOTH = ['GET', 'POST'];
const READ = ['GET'];

const ROUTES: ReadonlyMap<string, Methods> = new Map<string, Methods>([
  ['query', { methods: BOTH, route: query }],
  ['query_range', { methods: BOTH, route: queryRange }],
  ['labels', { methods: BOTH, route: labels }],
  ['series', { methods: BOTH, route: series }],
  ['metadata', { methods: READ, route: metadata }],
  ['status/buildinfo', { methods: READ, route: (_, backend) => buildInfo(backend) }],
]);

/**
 * A subset of the HTTP API of Prometheus over the stored metrics, so that what plots Prometheus's plots them too. API Gateway has one
 * resource for all of it; the path below tells the route.
 */
export async function answerPrometheus(event: APIGatewayProxyEvent, backend: Backend): Promise<Answer> {
  try {
    const { methods, route } = routeOf(event.pathParameters?.proxy ?? '');
    if (!methods.includes(event.httpMethod)) {
      const allow = methods.join(', ');
      throw new Failure(405, 'bad_data', `${quote(event.httpMethod)} is not answered here; expected ${methods.join(' or ')}`, { allow });
    }
    return await route(new Parameters(event), backend);
  } catch (error) {
    return failed(error instanceof Failure ? error : unexpected(error as Error, event, backend));
  }
}

function routeOf(proxy: string): Methods {
  const path = decoded(proxy).replace(/\/+$/, '');
  const below = /^api\/v1\/(.+)$/s.exec(path)?.[1] ?? '';
  const found = ROUTES.get(below);
  if (found) return found;
  const label = /^label\/([^/]+)\/values$/s.exec(below)?.[1];
  if (label === undefined) {
    throw new Failure(404, 'not_found', `There is nothing at ${quote(path)}; expected api/v1/ and one of ${[...ROUTES.keys()].join(', ')}, label/<name>/values`);
  }
  return { methods: READ, route: (parameters, backend) => labelValues(labelOfPath(label), parameters, backend) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw badData(`The path ${quote(path)} is not percent-encoded UTF-8`);
  }
}

function unexpected(error: Error, event: APIGatewayProxyEvent, { log }: Backend): Failure {
  const requestId = event.requestContext?.requestId;
  log.error('request failed', { requestId, error });
  return new Failure(500, 'internal', `The request failed for a reason of ours. It is in the function's log, under the request id ${requestId}.`);
}
