import type { APIGatewayProxyResult } from 'aws-lambda';

/** What the function answers to API Gateway. */
export type Answer = APIGatewayProxyResult;

/** A JSON answer. Numbers that JSON cannot carry (a sum that overflowed) become null by themselves. */
export function json(statusCode: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    statusCode,
    // Metrics arrive all the time: an answer kept by a cache on the way would be wrong without saying so.
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
