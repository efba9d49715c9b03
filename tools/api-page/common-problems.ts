import { table } from './markdown';
import { OF_AUTHORIZED_ROUTES, OF_EVERY_ROUTE, PROBLEMS } from '../../lambda-src/metrics-api/openapi/problems';

/** The statuses of problems that stand with every route, or with every one that is not open. */
export const COMMON: readonly number[] = [...OF_AUTHORIZED_ROUTES, ...OF_EVERY_ROUTE];

export function commonProblems(): string {
  return table(['problem', 'when'], COMMON.map((status) => [`${status}`, PROBLEMS[status]]));
}
