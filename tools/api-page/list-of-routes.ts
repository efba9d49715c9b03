import { table } from './markdown';
import { OPERATIONS } from '../../lambda-src/metrics-api/openapi/operations';
import { PROMETHEUS_OPERATIONS } from '../../lambda-src/metrics-api/openapi/prometheus-operations';
import { PROMETHEUS_BASE, PROMETHEUS_ROUTES, type PrometheusRoute } from '../../lambda-src/metrics-api/prometheus/route-table';
import { API_ROUTES, type RouteAccess, type RouteId } from '../../src/private/shared/api-routes';

/** The Prometheus routes, in the order of the page. */
export const PROMETHEUS_NAMES = Object.keys(PROMETHEUS_ROUTES) as PrometheusRoute[];

/** Who may call a route, where callers sign. */
export const ALLOWED_BY: Record<RouteAccess, string> = {
  open: 'Open to everybody', read: 'Allowed by `grantRead`', write: 'Allowed by `grantWrite`', incidents: 'Allowed by `grantReadIncidents`',
};

/** Who may call a Prometheus route. */
export const PROMETHEUS_ALLOWED_BY = `${ALLOWED_BY.read}, or as \`prometheus.authorization\` says`;

/** A Prometheus route, with its methods, as a heading. */
export const prometheusHeading = (route: PrometheusRoute) => `${PROMETHEUS_ROUTES[route].join(' and ')} ${PROMETHEUS_BASE}${route}`;

/** Every route with a link to its section. */
export function listOfRoutes(): string {
  return table(['route', 'does', 'for whom'], [
    ...API_ROUTES.map(({ method, path, access }) => rowOf(`${method} ${path}`, OPERATIONS[`${method} ${path}` as RouteId].summary, ALLOWED_BY[access])),
    ...PROMETHEUS_NAMES.map((route) => rowOf(prometheusHeading(route), PROMETHEUS_OPERATIONS[route].summary, PROMETHEUS_ALLOWED_BY)),
  ]);
}

const rowOf = (heading: string, summary: string, allowed: string) => [`[\`${heading}\`](#${anchorOf(heading)})`, summary, allowed];

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-');
}
