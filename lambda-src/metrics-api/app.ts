import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Answer } from './answer';
import type { Backend } from './backend';
import { getMetricNames, getServices } from './catalogue';
import { readableFrom } from './cors';
import { getMetrics } from './get-metrics';
import { getDeepHealth, getHealth } from './health';
import { postMetrics } from './post-metrics';
import { Problem, quote } from './problem';
import { refuseUnknownParameters } from './request';
import { PROMETHEUS_RESOURCE, RouteId, routesOf } from '../../src/private/shared/api-routes';

type Route = (event: APIGatewayProxyEvent, backend: Backend) => Answer | Promise<Answer>;

/** Every route and what answers it. What few APIs are asked for is loaded with the first such request: PromQL alone is larger than all the rest. */
const ROUTES: Record<RouteId, Route> = {
  'GET /metrics': getMetrics,
  'POST /metrics': postMetrics,
  'GET /services': getServices,
  'GET /services/{service}/metrics': getMetricNames,
  'GET /incidents': async (event, backend) => (await import('./incidents/get-incidents')).getIncidents(event, backend),
  'GET /incidents/{id}': async (event, backend) => (await import('./incidents/get-incident')).getIncident(event, backend),
  'GET /health': getHealth,
  'GET /health/deep': getDeepHealth,
  'GET /openapi.json': async (event, backend) => (await import('./get-openapi')).getOpenApi(event, backend),
};

/**
 * The API as a function of its request.
 *
 * The routes are matched by API Gateway, which has a resource for each of them, and `event.resource` names the match. That
 * leaves a table look-up here. (Powertools' router would take the place of this one function: for 25 KB it answers an
 * unsupported method with 404, and it throws, before any of its error handlers, on a GET with a body, on a header that is not Latin-1
 * and on an odd `Host`: each a 502 that anyone can cause.)
 */
export function createApi(backend: Backend) {
  return async (event: APIGatewayProxyEvent): Promise<Answer> => {
    const started = backend.now();
    const answer = readableFrom(backend.corsOrigins ?? [], event, await answerOf(event, backend));
    backend.log.info('request', {
      method: event.httpMethod,
      resource: event.resource,
      status: answer.statusCode,
      durationMs: backend.now() - started,
      answerBytes: Buffer.byteLength(answer.body),
      requestId: event.requestContext?.requestId,
    });
    return answer;
  };
}

async function answerOf(event: APIGatewayProxyEvent, backend: Backend): Promise<Answer> {
  try {
    return await routeOf(event, backend)(event, backend);
  } catch (error) {
    const problem = error instanceof Problem ? error : unexpected(error, event);
    if (problem.status >= 500) backend.log.error('request failed', { requestId: event.requestContext?.requestId, error: problem.cause });
    return problem.answer();
  }
}

function unexpected(cause: unknown, event: APIGatewayProxyEvent): Problem {
  return new Problem(500, 'The request failed for a reason of ours. It is in the function\'s log, under the request id.', {
    cause, members: { requestId: event.requestContext?.requestId },
  });
}

/** What answers the request, provided that it asks for nothing that the route does not know. Clients of Prometheus send more than we know. */
function routeOf(event: APIGatewayProxyEvent, { incidents }: Backend): Route {
  const { httpMethod, resource } = event;
  if (resource === PROMETHEUS_RESOURCE) return async (request, backend) => (await import('./prometheus/routes')).answerPrometheus(request, backend);
  const methods = routesOf({ incidents: incidents !== undefined }).filter(({ path }) => path === resource).map(({ method }): string => method);
  if (methods.length === 0) throw new Problem(404, 'There is nothing at this path.');
  if (!methods.includes(httpMethod)) {
    throw new Problem(405, `${quote(httpMethod)} is not answered here; expected ${methods.join(' or ')}.`, { headers: { allow: methods.join(', ') } });
  }
  const id = `${httpMethod} ${resource}` as RouteId;
  refuseUnknownParameters(event, id);
  return ROUTES[id];
}
