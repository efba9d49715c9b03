import type { ChangeQuery } from './port';
import type { ApiTarget, FunctionTarget, RunbookRequest, ServiceTarget, TableTarget } from '../../../src/private/shared/contract';

/** What an investigation is about: all of the request that collectors and rules read. */
export type Subject = Pick<RunbookRequest, 'alarm' | 'targets'>;

/** What the request is about, also where nothing was registered: then the alarm's own dimensions say it. */

export function apisOf({ targets, alarm }: Subject): ApiTarget[] {
  const registered = targets.filter((target) => target.type === 'api');
  if (registered.length > 0) return registered;
  return alarm.metrics.filter((metric) => metric.namespace === 'AWS/ApiGateway').slice(0, 1).map(({ dimensions }) => ({
    type: 'api',
    name: dimensions.ApiName ?? dimensions.ApiId ?? 'unknown',
    stage: dimensions.Stage ?? '',
    ...(dimensions.ApiId && { apiId: dimensions.ApiId }),
    functions: [],
  }));
}

/** REST APIs are measured by `ApiName`, HTTP APIs by `ApiId`, which is then the only name they have here. */
export const isHttpApi = ({ name, apiId }: ApiTarget) => apiId !== undefined && name === apiId;

export function apiDimensions(api: ApiTarget): Record<string, string> {
  return { ...(isHttpApi(api) ? { ApiId: api.name } : { ApiName: api.name }), ...(api.stage && { Stage: api.stage }) };
}

/** The functions themselves, and those behind the APIs. */
export function functionsOf(request: Subject): FunctionTarget[] {
  const { targets, alarm } = request;
  const named = targets.filter((target) => target.type === 'function');
  const behind = targets.filter((target) => target.type === 'api').flatMap((api) => api.functions.map((name): FunctionTarget => ({ type: 'function', name })));
  const watched = alarm.metrics.flatMap(({ namespace, dimensions }): FunctionTarget[] =>
    namespace === 'AWS/Lambda' && dimensions.FunctionName ? [{ type: 'function', name: dimensions.FunctionName }] : []);
  return [...new Map([...watched, ...behind, ...named].map((target) => [target.name, target])).values()];
}

export function tablesOf({ targets, alarm }: Subject): TableTarget[] {
  const registered = targets.filter((target) => target.type === 'table');
  if (registered.length > 0) return registered;
  const names = alarm.metrics.flatMap(({ namespace, dimensions }) => namespace === 'AWS/DynamoDB' && dimensions.TableName ? [dimensions.TableName] : []);
  return [...new Set(names)].map((name) => ({ type: 'table', name }));
}

export const servicesOf = ({ targets }: Subject): ServiceTarget[] => targets.filter((target) => target.type === 'service');

/** Where Lambda writes unless it was told otherwise. */
export const logGroupOf = (target: FunctionTarget) => target.logGroup ?? `/aws/lambda/${target.name}`;

/** Everything the request is about on which somebody may have changed something. */
export function changeableOf(request: Subject): { type: ChangeQuery['type']; resource: string }[] {
  return [
    ...functionsOf(request).map(({ name }) => ({ type: 'function' as const, resource: name })),
    // CloudTrail files an API's changes by its id; a name alone finds nothing.
    ...apisOf(request).flatMap(({ apiId }) => apiId ? [{ type: 'api' as const, resource: apiId }] : []),
    ...tablesOf(request).map(({ name }) => ({ type: 'table' as const, resource: name })),
    ...request.targets.filter((target) => target.type === 'queue').map(({ name }) => ({ type: 'queue' as const, resource: name })),
  ];
}
