/** The routes of the metrics API: the construct makes resources and methods of them, the handler answers them. */

/** `open` needs no credentials; `read` and `write` tell which grant allows the route. */
export type RouteAccess = 'open' | 'read' | 'write';

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
  { method: 'GET', path: '/health', access: 'open' },
  { method: 'GET', path: '/health/deep', access: 'read' },
  { method: 'GET', path: '/openapi.json', access: 'read' },
] as const satisfies readonly ApiRoute[];

type IdOf<Route> = Route extends ApiRoute ? `${Route['method']} ${Route['path']}` : never;

/** A route as a key: a table of answers keyed by it does not compile while a route is without its answer. */
export type RouteId = IdOf<typeof API_ROUTES[number]>;
