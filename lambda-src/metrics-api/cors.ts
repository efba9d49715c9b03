import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Answer } from './answer';
import { header } from './request';

/** The headers of ours that a page may read beside the customary ones. */
const EXPOSED = 'metrics-cursor, metrics-resolution, metrics-complete, allow';

/** Tells the browser that the page that asked may read the answer, where its origin is one of those allowed. */
export function readableFrom(origins: readonly string[], event: APIGatewayProxyEvent, answer: Answer): Answer {
  if (origins.length === 0) return answer;
  const all = origins.includes('*');
  const origin = header(event, 'origin');
  const allowed = all ? '*' : origins.find((each) => each === origin);
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ...(allowed && { 'access-control-allow-origin': allowed, 'access-control-expose-headers': EXPOSED }),
      // Without it a cache on the way would give one origin the answer that allows another.
      ...(!all && { vary: 'origin' }),
    },
  };
}
