import type { APIGatewayProxyEvent } from 'aws-lambda';
import { createApi } from '../lambda-src/metrics-api/app';
import type { Store } from '../lambda-src/shared/store';

/** Asks the API's handler for metrics, as API Gateway would; gives the answer's body. */
export async function ask(store: Store, now: number, question: Readonly<Record<string, string>>): Promise<string> {
  const log = () => undefined;
  const api = createApi({
    store, log: { info: log, warn: log, error: log }, version: '0.0.0', now: () => now, publish: async () => undefined,
  });
  const { statusCode, body } = await api({
    httpMethod: 'GET', resource: '/metrics', headers: {}, queryStringParameters: question,
  } as unknown as APIGatewayProxyEvent);
  if (statusCode !== 200 || body.includes('"series":[]')) throw new Error(`${JSON.stringify(question)}: ${statusCode} ${body.slice(0, 300)}`);
  return body;
}
