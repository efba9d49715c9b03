import { ref } from './schemas';
import type { Schema } from '../parameters';

/** What each problem means; the statuses that the gateway answers by itself are in it too. */
export const PROBLEMS: Record<number, string> = {
  400: 'The request cannot be understood, or asks for too much: `detail` says what was found and what is expected.',
  401: 'The authorizer did not accept the credentials.',
  403: 'The request is not signed, the caller may not call this route, or there is no such path.',
  404: 'Nothing of this name is known.',
  413: 'The body is larger than API Gateway takes.',
  415: 'The body is not said to be JSON.',
  422: 'The idempotency key came with another body before.',
  429: 'More requests than the API lets through.',
  500: 'The request failed for a reason of ours; the function\'s log has it under the request id.',
  502: 'The function behind the API could not answer.',
  503: 'The metrics table cannot be read.',
  504: 'The answer took too long.',
};
/** Of the gateway, or of something gone wrong inside. */
export const OF_EVERY_ROUTE = [429, 500, 502, 504];
/** Where callers are asked who they are. */
export const OF_AUTHORIZED_ROUTES = [401, 403];
/** Those that stand with every route, or with every one that is not open. */
export const COMMON: readonly number[] = [...OF_AUTHORIZED_ROUTES, ...OF_EVERY_ROUTE];

export function problemAnswer(status: number, schema: Schema = ref('Problem')) {
  return { description: PROBLEMS[status], content: { 'application/problem+json': { schema } } };
}
