import type { RouteId } from '../../src/private/shared/api-routes';

const RANGE = ['timeRange', 'from', 'to'] as const;
const PAGE = ['limit', 'cursor'] as const;

/**
 * The names of the query parameters of each route. Every route refuses all others than these. What each of them is, stands in
 * parameters.ts, which does not compile with other names: the description needs that, a request does not wait for it.
 */
export const PARAMETER_NAMES = {
  'GET /metrics': ['service', 'metric', ...RANGE, 'step', 'maxPoints', 'stat', ...PAGE],
  'POST /metrics': [],
  'GET /services': PAGE,
  'GET /services/{service}/metrics': PAGE,
  'GET /incidents': ['state', 'severity', 'service', ...RANGE, ...PAGE],
  'GET /incidents/{id}': PAGE,
  'GET /health': [],
  'GET /health/deep': [],
  'GET /openapi.json': [],
} as const satisfies Record<RouteId, readonly string[]>;
