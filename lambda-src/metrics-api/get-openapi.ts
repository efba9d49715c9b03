import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Answer, json } from './answer';
import { openApiDocument } from './openapi/document';

/** Describes the API. It is no secret (the source has it too); it asks for `grantRead` so that only `GET /health` is open. */
export function getOpenApi(event: APIGatewayProxyEvent): Answer {
  // The stage, or a custom domain's base path, comes before the route's own path here.
  const server = event.requestContext?.path?.replace(/\/openapi\.json\/*$/, '');
  return json(200, openApiDocument(server || '/'));
}
