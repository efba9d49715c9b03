import { introduction } from './api-page/introduction';
import { PROMETHEUS_NAMES } from './api-page/list-of-routes';
import { prometheusSection, routeSection } from './api-page/route-section';
import { API_ROUTES } from '../src/private/shared/api-routes';

/** The API for people, as it stands in `docs/api.md`: made of the very tables that the OpenAPI document is made of. */
export function apiPage(): string {
  return `${[introduction(), ...API_ROUTES.map(routeSection), ...PROMETHEUS_NAMES.map(prometheusSection)].join('\n\n')}\n`;
}
