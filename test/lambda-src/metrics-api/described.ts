import { problemsOf } from './json-schema';
import { openApiDocument } from '../../../lambda-src/metrics-api/openapi/document';
import { PROMETHEUS_BASE } from '../../../lambda-src/metrics-api/prometheus/route-table';
import { PROMETHEUS_RESOURCE } from '../../../src/private/shared/api-routes';

export const description: any = openApiDocument('/v1');

/** Every operation, as the description lists it. */
export const OPERATIONS = Object.entries<object>(description.paths).flatMap(([path, methods]) => (
  Object.entries<any>(methods).map(([name, operation]) => ({ id: `${name.toUpperCase()} ${path}`, method: name.toUpperCase(), path, operation }))
));

export const PROMETHEUS = OPERATIONS.filter(({ path }) => path.startsWith(PROMETHEUS_BASE));

/** What API Gateway tells of the path of a Prometheus route. */
export const proxyOf = (path: string, label = 'service') => path.replace('/prometheus/', '').replace('{name}', label);

/** The path by which the description knows a request: API Gateway has one resource for all Prometheus routes. */
export function describedPath(resource: string, proxy: string | undefined): string {
  return resource === PROMETHEUS_RESOURCE ? `/prometheus/${proxy}`.replace(/\/label\/[^/]+\/values$/, '/label/{name}/values') : resource;
}

interface Answered { readonly status: number; readonly headers: Record<string, unknown>; readonly body: unknown }

/** What of an answer is not as the API's description says; nothing is said of methods and paths that are not in it. */
export function undescribed(method: string, path: string, { status, headers, body }: Answered): string[] {
  const operation = description.paths[path]?.[method.toLowerCase()];
  if (!operation || method !== method.toUpperCase()) return [];
  const answer = operation.responses[status];
  if (!answer) return [`${method} ${path} answers ${status}`];
  const type = String(headers['content-type']).split(';')[0];
  const content = answer.content[type];
  if (!content) return [`${method} ${path} answers ${status} as ${type}`];
  const own = Object.keys(headers).filter((name) => name.startsWith('metrics-')).filter((name) => !Object.keys(answer.headers ?? {}).some((each) => each.toLowerCase() === name));
  return [...own.map((name) => `the header ${name}`), ...problemsOf(content.schema, body, description)];
}
