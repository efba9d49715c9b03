import { table } from './markdown';
import { COMMON, PROBLEMS } from '../../lambda-src/metrics-api/openapi/problems';

export function commonProblems(): string {
  return table(['problem', 'when'], COMMON.map((status) => [`${status}`, PROBLEMS[status]]));
}
