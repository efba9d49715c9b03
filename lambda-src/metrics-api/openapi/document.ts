import { OPERATIONS } from './operations';
import { ref, SCHEMAS } from './schemas';
import { API_ROUTES, ApiRoute, RouteId } from '../../../src/private/shared/api-routes';
import { Parameter, QUERY_PARAMETERS, Schema } from '../parameters';

/** What each problem means; the statuses that the gateway answers by itself are in it too. */
const PROBLEMS: Record<number, string> = {
  400: 'The request cannot be understood, or asks for too much: `detail` says what was found and what is expected.',
  401: 'The authorizer did not accept the credentials.',
  403: 'The request is not signed, the caller may not call this route, or there is no such path.',
  404: 'Nothing of this name is known.',
  413: 'The body is larger than API Gateway takes.',
  415: 'The body is not said to be JSON.',
  422: 'The idempotency key came with another body before.',
  429: 'More requests than the API lets through.',
  500: 'The request failed for a reason of ours; the function\'s log has it under the request id.',
  502: 'The function behind the API could not answer.',
  503: 'The metrics table cannot be read.',
  504: 'The answer took too long.',
};
const OF_EVERY_ROUTE = [429, 500, 502, 504];
const OF_AUTHORIZED_ROUTES = [401, 403];

/**
 * The API's description, in OpenAPI 3.1: made from the very tables by which the routes are matched and their parameters read.
 *
 * `server` is where the API is, as an address relative to that of the description. The version is the API's, not the library's,
 * so that a release without a change to the API leaves the description as it is.
 */
export function openApiDocument(server: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of API_ROUTES) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: { title: 'Metrics API', version: '1', description: 'Metrics of your services, read and written.', license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: server }],
    security: [{ caller: [] }],
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        caller: {
          'type': 'apiKey',
          'in': 'header',
          'name': 'Authorization',
          'description': 'AWS Signature Version 4 for the service execute-api, unless the API was deployed with another `ApiAuthorization`.',
          // By this its own generators and importers know a signature from a key.
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
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

function parametersIn(place: 'path' | 'query' | 'header', parameters: Readonly<Record<string, Parameter>> = {}) {
  return Object.entries(parameters).map(([name, parameter]) => ({ name, in: place, required: place === 'path', ...parameter }));
}

function problemAnswer(status: number, schema: Schema = ref('Problem')) {
  return { description: PROBLEMS[status], content: { 'application/problem+json': { schema } } };
}
