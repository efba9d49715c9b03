/** The routes of the metrics API: the construct makes resources and methods of them, the handler answers them. */

/** `open` needs no credentials; the others tell which grant allows the route. Those of `incidents` are there only where the API has an incident table. */
export type RouteAccess = 'open' | 'read' | 'write' | 'incidents';

export interface ApiRoute {
  readonly method: 'GET' | 'POST';
  /** As API Gateway spells it, with its parameters in braces. */
  readonly path: string;
  readonly access: RouteAccess;
}

export const API_ROUTES = [
  { method: 'GET', path: '/metrics', access: 'read' },
  { method: 'POST', path: '/metrics', access: 'write' },
  { method: 'GET', path: '/services', access: 'read' },
  { method: 'GET', path: '/services/{service}/metrics', access: 'read' },
  { method: 'GET', path: '/incidents', access: 'incidents' },
  { method: 'GET', path: '/incidents/{id}', access: 'incidents' },
  { method: 'GET', path: '/health', access: 'open' },
  { method: 'GET', path: '/health/deep', access: 'read' },
  { method: 'GET', path: '/openapi.json', access: 'read' },
] as const satisfies readonly ApiRoute[];

type IdOf<Route> = Route extends ApiRoute ? `${Route['method']} ${Route['path']}` : never;

/** A route as a key: a table of answers keyed by it does not compile while a route is without its answer. */
export type RouteId = IdOf<typeof API_ROUTES[number]>;

/** The routes of one API. */
export function routesOf({ incidents }: { readonly incidents: boolean }): readonly ApiRoute[] {
  return API_ROUTES.filter(({ access }) => incidents || access !== 'incidents');
}

/** Below it are the routes of the Prometheus HTTP API: one resource for all of them, which the handler tells apart by the rest of their path. */
export const PROMETHEUS_RESOURCE = '/prometheus/{proxy+}';
