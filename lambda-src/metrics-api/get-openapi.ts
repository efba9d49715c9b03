import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Answer, json } from './answer';
import type { Backend } from './backend';
import { openApiDocument } from './openapi/document';
import { ANYBODY, callerOf } from './request';

/** Describes the API. It is no secret (the source has it too); it asks for `grantRead` so that only `GET /health` is open. */
export function getOpenApi(event: APIGatewayProxyEvent, { incidents, prometheusOpen }: Backend): Answer {
  // The stage, or a custom domain's base path, comes before the route's own path here.
  const server = event.requestContext?.path?.replace(/\/openapi\.json\/*$/, '');
  // This route asks who calls as all the others do: who got here without being anybody may call those too.
  return json(200, openApiDocument(server || '/', { open: callerOf(event) === ANYBODY, prometheusOpen, incidents: incidents !== undefined }));
}
