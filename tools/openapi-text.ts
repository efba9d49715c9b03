import { openApiDocument } from '../lambda-src/metrics-api/openapi/document';

/** The description as it stands in `docs/openapi.json`, for an API of the default stage. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument('/v1'), null, 2)}\n`;
}
