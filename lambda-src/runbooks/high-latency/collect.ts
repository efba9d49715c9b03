import { collectReports } from './reports';
import { apiSeries, latencySeries, queueSeries, versionDurations } from './series';
import { collectTraces } from './traces';
import type { FunctionTarget } from '../../../src/private/shared/contract';
import { collectApi } from '../framework/collect-api';
import { collectAllChanges } from '../framework/collect-changes';
import { collectConfiguration, collectVersions } from '../framework/collect-lambda';
import { collectMetrics } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import { apisOf, functionsOf, isHttpApi, logGroupOf } from '../framework/targets';

/** The percentiles of the API and of the functions against before, and what makes calls slow. */
export async function collect(context: Context): Promise<void> {
  const { request } = context;
  const functions = functionsOf(request);
  const apis = apisOf(request).slice(0, 1);
  const queues = request.targets.filter((target) => target.type === 'queue');
  await Promise.all([
    collectMetrics(context, [...apis.flatMap(apiSeries), ...functions.flatMap(latencySeries), ...queues.flatMap(queueSeries)]),
    // By its id only, and REST only: what HTTP APIs limit is fixed.
    ...apis.filter((api) => api.apiId !== undefined && !isHttpApi(api)).map((api) => collectApi(context, api)),
    ...functions.flatMap((target) => [collectCalls(context, target), collectVersionDurations(context, target), collectTraces(context, target)]),
    collectAllChanges(context),
  ]);
}

/** The function's configuration tells where it logs. */
async function collectCalls(context: Context, target: FunctionTarget) {
  const { data } = await collectConfiguration(context, target);
  await collectReports(context, target, target.logGroup ?? data?.logGroup ?? logGroupOf(target));
}

async function collectVersionDurations(context: Context, target: FunctionTarget) {
  const { data } = await collectVersions(context, target);
  if (data) await collectMetrics(context, versionDurations(target, data));
}
