import type { APIGatewayProxyEvent } from 'aws-lambda';
import { buildInfoOf } from './build-info';
import { labelOfPath, labels, labelValues, metadata, series } from './catalogue-routes';
import { badData, Failure } from './failure';
import { failed, success } from './format';
import { Parameters } from './parameters';
import { query, queryRange } from './query';
import { PROMETHEUS_ROUTES, type PrometheusRoute } from './route-table';
import type { Answer } from '../answer';
import type { Backend } from '../backend';
import { quote } from '../problem';

type Route = (parameters: Parameters, backend: Backend, label: string) => Answer | Promise<Answer>;

const ROUTES: Record<PrometheusRoute, Route> = {
  'query': query,
  'query_range': queryRange,
  'labels': labels,
  'label/{name}/values': (parameters, backend, label) => labelValues(labelOfPath(label), parameters, backend),
  'series': series,
  'metadata': metadata,
  'status/buildinfo': (_, { version }) => success(buildInfoOf(version)),
};

/**
 * A subset of the HTTP API of Prometheus over the stored metrics, so that what plots Prometheus's plots them too. API Gateway has one
 * resource for all of it; the path below tells the route.
 */
export async function answerPrometheus(event: APIGatewayProxyEvent, backend: Backend): Promise<Answer> {
  try {
    const { path, label } = routeOf(event.pathParameters?.proxy ?? '');
    const methods: readonly string[] = PROMETHEUS_ROUTES[path];
    if (!methods.includes(event.httpMethod)) {
      const allow = methods.join(', ');
      throw new Failure(405, 'bad_data', `${quote(event.httpMethod)} is not answered here; expected ${methods.join(' or ')}`, { allow });
    }
    return await ROUTES[path](new Parameters(event), backend, label);
  } catch (error) {
    return failed(error instanceof Failure ? error : unexpected(error as Error, event, backend));
  }
}

/** The route of a path below `/prometheus`, and the label that the path names, if any. */
function routeOf(proxy: string): { path: PrometheusRoute; label: string } {
  const path = decoded(proxy).replace(/\/+$/, '');
  const below = /^api\/v1\/(.+)$/s.exec(path)?.[1] ?? '';
  const label = /^label\/([^/]+)\/values$/s.exec(below)?.[1];
  if (label !== undefined) return { path: 'label/{name}/values', label };
  if (!Object.hasOwn(ROUTES, below)) {
    throw new Failure(404, 'not_found', `There is nothing at ${quote(path)}; expected api/v1/ and one of ${Object.keys(ROUTES).join(', ')}`);
  }
  return { path: below as PrometheusRoute, label: '' };
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
