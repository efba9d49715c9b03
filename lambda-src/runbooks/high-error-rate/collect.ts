import { collectService } from './collect-service';
import type { ApiTarget, FunctionTarget } from '../../../src/private/shared/contract';
import { collectAllChanges } from '../framework/collect-changes';
import { collectConfiguration, collectVersions, functionSeries, versionSeries } from '../framework/collect-lambda';
import { collectErrorLines } from '../framework/collect-logs';
import { collectMetrics, type SeriesSpec } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import { apisOf, functionsOf, logGroupOf, servicesOf } from '../framework/targets';

/** The current error rate against before, the recent error logs, and what changed. */
export async function collect(context: Context): Promise<void> {
  const { request } = context;
  const [apis, functions] = [apisOf(request), functionsOf(request)];
  await Promise.all([
    collectMetrics(context, [...apis.slice(0, 1).flatMap((api) => apiSeries(api)), ...functions.flatMap(functionSeries)]),
    ...functions.map((target) => collectFunctionLogs(context, target)),
    ...functions.map((target) => collectVersionSeries(context, target)),
    ...apis.filter(({ apiId }) => apiId !== undefined).slice(0, 1).map((api) => collectApi(context, api)),
    ...servicesOf(request).map((service) => collectService(context, service)),
    collectAllChanges(context),
  ]);
}

/** REST APIs are named by `ApiName` and count `5XXError`; HTTP APIs by `ApiId`, and count `5xx`. */
function apiSeries({ name, stage, apiId }: ApiTarget): SeriesSpec[] {
  const http = apiId !== undefined && name === apiId;
  const dimensions: Record<string, string> = { ...(http ? { ApiId: apiId } : { ApiName: name }), ...(stage && { Stage: stage }) };
  const spec = (id: string, metric: string, statistic: string, what: string): SeriesSpec =>
    ({ id: `api.${id}`, namespace: 'AWS/ApiGateway', name: metric, dimensions, statistic, what: `${what} of the API ${name}` });
  return [
    spec('5xx', http ? '5xx' : '5XXError', 'Sum', 'server errors'),
    spec('4xx', http ? '4xx' : '4XXError', 'Sum', 'client errors'),
    spec('count', 'Count', 'Sum', 'requests'),
    spec('latency', 'Latency', 'p99', 'p99 latency'),
  ];
}

/** The function's configuration tells where it logs. */
async function collectFunctionLogs(context: Context, target: FunctionTarget) {
  const configuration = await collectConfiguration(context, target);
  await collectErrorLines(context, `logs.${target.name}`, configuration.data?.logGroup ?? logGroupOf(target));
}

async function collectVersionSeries(context: Context, target: FunctionTarget) {
  const { data } = await collectVersions(context, target);
  if (data) await collectMetrics(context, versionSeries(target, data));
}

async function collectApi({ port, evidence }: Context, { name, stage, apiId }: ApiTarget) {
  evidence.add({
    id: 'api.config',
    kind: 'CONFIG',
    what: `configuration of the API ${name}`,
    look: await port.api({ name, stage, apiId }),
    says: ({ integrationTimeout, accessLogGroup }) =>
      `integrations may take ${integrationTimeout ?? 'an unknown number of'} ms, access log ${accessLogGroup ?? 'off'}`,
  });
}
