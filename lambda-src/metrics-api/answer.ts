import type { APIGatewayProxyResult } from 'aws-lambda';
import { MAX_ANSWER_BYTES } from './limits';

/** What the function answers to API Gateway. */
export type Answer = APIGatewayProxyResult;

/** An answer of any type. */
export function answer(statusCode: number, contentType: string, body: string, headers: Record<string, string> = {}): Answer {
  // Metrics arrive all the time: an answer kept by a cache on the way would be wrong without saying so.
  return { statusCode, headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers }, body };
}

/** The body's bytes as Lambda counts them, where they are more than may be given; undefined where they are not. */
export function bytesTooMany({ body }: Answer): number | undefined {
  // The escaping at most doubles a body, and every UTF-16 unit takes at most three bytes: small ones need not be escaped to be counted.
  if (body.length * 6 <= MAX_ANSWER_BYTES) return undefined;
  const bytes = Buffer.byteLength(JSON.stringify(body));
  return bytes > MAX_ANSWER_BYTES ? bytes : undefined;
}

/** A JSON answer. Numbers that JSON cannot carry (a sum that overflowed) become null by themselves. */
export function json(statusCode: number, body: unknown, headers?: Record<string, string>): Answer {
  return answer(statusCode, 'application/json', JSON.stringify(body), headers);
}
