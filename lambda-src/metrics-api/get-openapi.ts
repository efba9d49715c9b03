import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Answer, json } from './answer';
import type { Backend } from './backend';
import { ANYBODY, callerOf } from './request';

/** Describes the API. It is no secret (the source has it too); it asks for `grantRead` so that only `GET /health` is open. */
export async function getOpenApi(event: APIGatewayProxyEvent, { incidents }: Backend): Promise<Answer> {
  // Hardly any request asks for it, and none of the others shall wait until it is loaded.
  const { openApiDocument } = await import('./openapi/document');
  // The stage, or a custom domain's base path, comes before the route's own path here.
  const server = event.requestContext?.path?.replace(/\/openapi\.json\/*$/, '');
  // This route asks who calls as all the others do: who got here without being anybody may call those too.
  return json(200, openApiDocument(server || '/', { open: callerOf(event) === ANYBODY, incidents: incidents !== undefined }));
}
