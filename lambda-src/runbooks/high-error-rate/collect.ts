import { collectService } from './collect-service';
import type { ApiTarget, FunctionTarget } from '../../../src/private/shared/contract';
import { collectApi } from '../framework/collect-api';
import { collectAllChanges } from '../framework/collect-changes';
import { collectConfiguration, collectVersions, functionSeries, versionSeries } from '../framework/collect-lambda';
import { collectErrorLines } from '../framework/collect-logs';
import { collectMetrics, type SeriesSpec } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import { apiDimensions, apisOf, functionsOf, isHttpApi, logGroupOf, servicesOf } from '../framework/targets';

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

/** REST APIs count `5XXError`, HTTP APIs `5xx`. */
function apiSeries(api: ApiTarget): SeriesSpec[] {
  const { name } = api;
  const http = isHttpApi(api);
  const dimensions = apiDimensions(api);
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
