import { table } from './markdown';
import { OPERATIONS } from '../../lambda-src/metrics-api/openapi/operations';
import { API_ROUTES, type RouteAccess, type RouteId } from '../../src/private/shared/api-routes';

/** Who may call a route, where callers sign. */
export const ALLOWED_BY: Record<RouteAccess, string> = {
  open: 'Open to everybody', read: 'Allowed by `grantRead`', write: 'Allowed by `grantWrite`', incidents: 'Allowed by `grantReadIncidents`',
};

/** Every route with a link to its section. */
export function listOfRoutes(): string {
  return table(['route', 'does', 'for whom'], API_ROUTES.map(({ method, path, access }) => {
    const id: RouteId = `${method} ${path}` as RouteId;
    return [`[\`${id}\`](#${anchorOf(id)})`, OPERATIONS[id].summary, ALLOWED_BY[access]];
  }));
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-');
}
