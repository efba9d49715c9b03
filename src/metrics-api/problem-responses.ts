import { ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';

/** What API Gateway answers by itself, before the function is asked. */
const RESPONSES: { type: ResponseType; status: string; title: string; detail: string }[] = [
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '403',
    title: 'Forbidden',
    detail: 'The request is not signed, or there is no such path. Sign it with AWS Signature Version 4 (curl: --aws-sigv4), and check the path.',
  },
  { type: ResponseType.ACCESS_DENIED, status: '403', title: 'Forbidden', detail: 'The caller may not call this path. grantRead and grantWrite of MetricsApi allow it.' },
  { type: ResponseType.INVALID_SIGNATURE, status: '403', title: 'Forbidden', detail: 'The signature does not fit the request.' },
  { type: ResponseType.EXPIRED_TOKEN, status: '403', title: 'Forbidden', detail: 'The credentials or the signature have expired.' },
  { type: ResponseType.UNAUTHORIZED, status: '401', title: 'Unauthorized', detail: 'The authorizer did not accept the credentials.' },
  { type: ResponseType.REQUEST_TOO_LARGE, status: '413', title: 'Content Too Large', detail: 'The body is over the 10 MB that API Gateway takes.' },
  { type: ResponseType.THROTTLED, status: '429', title: 'Too Many Requests', detail: 'More requests than the API lets through. Try again later.' },
  { type: ResponseType.INTEGRATION_TIMEOUT, status: '504', title: 'Gateway Timeout', detail: 'The answer took too long. Ask for a shorter range or fewer series.' },
  { type: ResponseType.INTEGRATION_FAILURE, status: '502', title: 'Bad Gateway', detail: 'The function behind the API could not answer.' },
];

/** Gives the gateway's own answers the same shape as the handler's: problem+json (RFC 9457). */
export function addProblemResponses(api: RestApi) {
  for (const { type, status, title, detail } of RESPONSES) {
    api.addGatewayResponse(`Response-${type.responseType}`, {
      type,
      statusCode: status,
      responseHeaders: { 'Content-Type': "'application/problem+json'" },
      templates: { 'application/json': JSON.stringify({ type: 'about:blank', title, status: Number(status), detail }) },
    });
  }
}
