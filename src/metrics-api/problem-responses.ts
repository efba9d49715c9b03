import { ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';

/** An answer of API Gateway's own. */
interface GatewayAnswer {
  readonly type: ResponseType;
  readonly status: number;
  readonly title: string;
  /** Default: API Gateway's own sentence. */
  readonly detail?: string;
}

/** What API Gateway answers by itself, before the function is asked. */
const ANSWERS: readonly GatewayAnswer[] = [
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: 403,
    title: 'Forbidden',
    detail: 'The request is not signed, or there is no such path. Sign it with AWS Signature Version 4 (curl: --aws-sigv4), and check the path.',
  },
  { type: ResponseType.ACCESS_DENIED, status: 403, title: 'Forbidden', detail: 'The caller may not call this path. grantRead, grantWrite and grantReadIncidents of MetricsApi each allow some.' },
  { type: ResponseType.INVALID_API_KEY, status: 403, title: 'Forbidden', detail: 'The header x-api-key is missing, or its key is not one of this API.' },
  { type: ResponseType.INVALID_SIGNATURE, status: 403, title: 'Forbidden', detail: 'The signature does not fit the request.' },
  { type: ResponseType.EXPIRED_TOKEN, status: 403, title: 'Forbidden', detail: 'The credentials or the signature have expired.' },
  { type: ResponseType.UNAUTHORIZED, status: 401, title: 'Unauthorized', detail: 'The authorizer did not accept the credentials.' },
  { type: ResponseType.RESOURCE_NOT_FOUND, status: 404, title: 'Not Found', detail: 'There is nothing at this path.' },
  { type: ResponseType.REQUEST_TOO_LARGE, status: 413, title: 'Content Too Large', detail: 'The body is over the 10 MB that API Gateway takes.' },
  { type: ResponseType.THROTTLED, status: 429, title: 'Too Many Requests', detail: 'More requests than the API lets through. Try again later.' },
  { type: ResponseType.INTEGRATION_TIMEOUT, status: 504, title: 'Gateway Timeout', detail: 'The answer took too long. Ask for a shorter range or fewer series.' },
  { type: ResponseType.INTEGRATION_FAILURE, status: 502, title: 'Bad Gateway', detail: 'The function behind the API could not answer.' },
  { type: ResponseType.WAF_FILTERED, status: 403, title: 'Forbidden', detail: 'The firewall in front of the API (AWS WAF) did not let the request through.' },
  { type: ResponseType.QUOTA_EXCEEDED, status: 429, title: 'Too Many Requests', detail: 'The quota of the key is used up.' },
  // Whatever there is besides: a failing authorizer is a 500.
  { type: ResponseType.DEFAULT_4XX, status: 400, title: 'Bad Request' },
  { type: ResponseType.DEFAULT_5XX, status: 500, title: 'Internal Server Error' },
];

/**
 * Gives the gateway's own answers the same shape as the handler's: problem+json (RFC 9457).
 *
 * @param headers that every answer has besides, by name
 */
export function addProblemResponses(api: RestApi, headers: Record<string, string> = {}) {
  const quoted = Object.entries({ 'Content-Type': 'application/problem+json', ...headers }).map(([name, value]) => [name, `'${value}'`]);
  for (const answer of ANSWERS) {
    api.addGatewayResponse(`Response-${answer.type.responseType}`, {
      type: answer.type,
      statusCode: answer.status.toString(),
      responseHeaders: Object.fromEntries(quoted),
      templates: { 'application/json': bodyOf(answer) },
    });
  }
}

function bodyOf({ status, title, detail }: GatewayAnswer): string {
  // `messageString` is a JSON text already, with its quotes.
  const told = detail === undefined ? '$context.error.messageString' : JSON.stringify(detail);
  return `{"type":"about:blank","title":${JSON.stringify(title)},"status":${status},"detail":${told}}`;
}
