/** Below it are the routes of Prometheus' HTTP API. */
export const PROMETHEUS_BASE = '/prometheus/api/v1/';

const BOTH = ['GET', 'POST'] as const;
const READ = ['GET'] as const;

/** The routes of Prometheus' HTTP API that are answered, with the methods of each: for the handler and for the description. */
export const PROMETHEUS_ROUTES = {
  'query': BOTH,
  'query_range': BOTH,
  'labels': BOTH,
  'label/{name}/values': READ,
  'series': BOTH,
  'metadata': READ,
  'status/buildinfo': READ,
} as const satisfies Record<string, readonly ('GET' | 'POST')[]>;

/** A route as a key: a table keyed by it does not compile while a route is without its entry. */
export type PrometheusRoute = keyof typeof PROMETHEUS_ROUTES;
