import { problemsOf } from './json-schema';
import { openApiDocument } from '../../../lambda-src/metrics-api/openapi/document';

export const description: any = openApiDocument('/v1');

interface Answered { readonly status: number; readonly headers: Record<string, unknown>; readonly body: unknown }

/** What of an answer is not as the API's description says; nothing is said of methods and paths that are not in it. */
export function undescribed(method: string, path: string, { status, headers, body }: Answered): string[] {
  const operation = description.paths[path]?.[method.toLowerCase()];
  if (!operation || method !== method.toUpperCase()) return [];
  const answer = operation.responses[status];
  if (!answer) return [`${method} ${path} answers ${status}`];
  const type = String(headers['content-type']).split(';')[0];
  const content = answer.content[type];
  if (!content) return [`${method} ${path} answers ${status} as ${type}`];
  const own = Object.keys(headers).filter((name) => name.startsWith('metrics-')).filter((name) => !Object.keys(answer.headers ?? {}).some((each) => each.toLowerCase() === name));
  return [...own.map((name) => `the header ${name}`), ...problemsOf(content.schema, body, description)];
}
