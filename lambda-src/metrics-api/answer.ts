import type { APIGatewayProxyResult } from 'aws-lambda';

/** What the function answers to API Gateway. */
export type Answer = APIGatewayProxyResult;

/** An answer of any type. */
export function answer(statusCode: number, contentType: string, body: string, headers: Record<string, string> = {}): Answer {
  // Metrics arrive all the time: an answer kept by a cache on the way would be wrong without saying so.
  return { statusCode, headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers }, body };
}

/** A JSON answer. Numbers that JSON cannot carry (a sum that overflowed) become null by themselves. */
export function json(statusCode: number, body: unknown, headers?: Record<string, string>): Answer {
  return answer(statusCode, 'application/json', JSON.stringify(body), headers);
}
