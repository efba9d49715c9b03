import { INCIDENT_SCHEMAS } from './incident-schemas';
import { parametersIn } from './operation';
import { OPERATIONS } from './operations';
import { OF_AUTHORIZED_ROUTES, OF_EVERY_ROUTE, problemAnswer } from './problems';
import { prometheusPaths } from './prometheus-paths';
import { PROMETHEUS_SCHEMAS } from './prometheus-schemas';
import { SCHEMAS } from './schemas';
import { ApiRoute, RouteId, routesOf } from '../../../src/private/shared/api-routes';
import { QUERY_PARAMETERS } from '../parameters';

/** What of an API its description depends on. */
export interface Described {
  /** Everybody may call. Default: false. */
  readonly open?: boolean;
  /** Everybody may call the Prometheus routes. Default: as all others. */
  readonly prometheusOpen?: boolean;
  /** It has the routes of incidents. Default: true. */
  readonly incidents?: boolean;
}

/** Nobody is asked, or every caller. */
const securityOf = (open: boolean) => (open ? [] : [{ caller: [] }]);

const CALLER = {
  'type': 'apiKey',
  'in': 'header',
  'name': 'Authorization',
  'description': 'AWS Signature Version 4 for the service execute-api, unless the API was deployed with another `ApiAuthorization`.',
  // By this its own generators and importers know a signature from a key.
  'x-amazon-apigateway-authtype': 'awsSigv4',
};

/**
 * The API's description, in OpenAPI 3.1: made from the very tables by which the routes are matched and their parameters read.
 *
 * `server` is where the API is, as an address relative to that of the description. The version is the API's, not the library's,
 * so that a release without a change to the API leaves the description as it is.
 */
export function openApiDocument(server: string, { open = false, prometheusOpen = open, incidents = true }: Described = {}) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routesOf({ incidents })) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: { title: 'Metrics API', version: '1', description: 'Metrics of your services, read and written.', license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: server }],
    security: securityOf(open),
    paths: { ...paths, ...prometheusPaths(prometheusOpen === open ? {} : { security: securityOf(prometheusOpen) }) },
    components: {
      schemas: { ...SCHEMAS, ...(incidents && INCIDENT_SCHEMAS), ...PROMETHEUS_SCHEMAS },
      ...(!(open && prometheusOpen) && { securitySchemes: { caller: CALLER } }),
    },
  };
}

function operationOf({ method, path, access }: ApiRoute) {
  const id = `${method} ${path}` as RouteId;
  const { id: operationId, summary, pathParameters, headers, body, successes, problems, problem } = OPERATIONS[id];
  const statuses = [...problems, ...OF_EVERY_ROUTE, ...(access === 'open' ? [] : OF_AUTHORIZED_ROUTES)];
  return {
    operationId,
    summary,
    ...(access === 'open' && { security: [] }),
    parameters: [...parametersIn('path', pathParameters), ...parametersIn('query', QUERY_PARAMETERS[id]), ...parametersIn('header', headers)],
    ...(body && { requestBody: { required: true, content: { 'application/json': body } } }),
    responses: {
      ...successes,
      ...Object.fromEntries(statuses.map((status) => [status, problemAnswer(status, problem)])),
    },
  };
}
