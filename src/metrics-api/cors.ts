import { Duration, Token } from 'aws-cdk-lib';
import { IResource } from 'aws-cdk-lib/aws-apigateway';
import { ApiCorsOptions } from './metrics-api-options';

/** What a caller's page may send: what the API reads, and what signing a request or sending a key adds. */
const HEADERS = [
  'Authorization', 'Content-Type', 'Idempotency-Key', 'X-Api-Key', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256',
];

/** A browser compares origins letter by letter: with a path or a slash at its end, an origin allows nobody, without telling why. */
export function checkOrigins(path: string, cors: ApiCorsOptions | undefined): void {
  if (!cors) return;
  if (cors.allowOrigins.length === 0) throw new Error(`${path}: cors.allowOrigins is empty; name the origins, such as 'https://dashboards.example.com', or leave cors out.`);
  for (const origin of cors.allowOrigins) {
    if (origin === '*' || Token.isUnresolved(origin) || /^https?:\/\/[^/?#\s,*]+$/.test(origin)) continue;
    throw new Error(`${path}: cors.allowOrigins has '${origin}'; an origin is a scheme and a host, with a port where it is not the usual one, `
      + "such as 'https://dashboards.example.com', without a path or a slash at its end; or '*' for all.");
  }
}

/**
 * The headers that the gateway's own answers need, so that a page can read why it was refused. They cannot depend on the request,
 * so with several origins all may read: there is nothing in them but the refusal.
 */
export function corsHeaders(cors: ApiCorsOptions | undefined): Record<string, string> {
  if (!cors) return {};
  return { 'Access-Control-Allow-Origin': cors.allowOrigins.length === 1 ? cors.allowOrigins[0] : '*' };
}

/** Answers the request by which a browser asks whether a page may call; nobody can sign that one, so it is open, and the gateway's own. */
export function addPreflight(resource: IResource, { allowOrigins, maxAge }: ApiCorsOptions): void {
  resource.addCorsPreflight({ allowOrigins, allowMethods: ['GET', 'POST'], allowHeaders: HEADERS, maxAge: maxAge ?? Duration.hours(1) });
}
