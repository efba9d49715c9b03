import type { QuarantineFacts, ServiceSeriesFacts } from './collect-service';
import { UP_FACTOR, UP_LEAST } from './thresholds';
import { changeSpan } from '../framework/changes';
import type { ChangeFacts } from '../framework/collect-changes';
import type { LogFacts } from '../framework/collect-logs';
import type { CaseFile } from '../framework/definition';
import type { ErrorKind } from '../framework/error-kinds';
import type { Item } from '../framework/evidence';
import type { Pattern, PatternDifference } from '../framework/patterns';
import type { ApiConfiguration } from '../framework/port-data';
import type { FunctionVersions } from '../framework/port-lambda';
import { addFigures, type Figures, type SeriesFacts } from '../framework/series';
import { functionsOf, servicesOf } from '../framework/targets';
import { contains } from '../framework/time';
import type { Windows } from '../framework/windows';

export interface FunctionFacts {
  readonly name: string;
  readonly invocations?: Item<SeriesFacts>;
  readonly errors?: Item<SeriesFacts>;
  readonly throttles?: Item<SeriesFacts>;
  readonly log?: Item<LogFacts>;
}

/** A change that may be a deployment, from CloudTrail or from the version that it published. */
export interface DeployFacts {
  readonly resource: string;
  readonly event: string;
  readonly at: number;
  readonly user?: string;
  readonly cites: string;
}

export interface VersionFacts {
  readonly version: string;
  readonly item: Item<SeriesFacts>;
}

/** What the rules of `high-error-rate` ask about. */
export interface HighErrorRateFacts {
  readonly windows: Windows;
  readonly api: Partial<Record<'5xx' | '4xx' | 'count' | 'latency', Item<SeriesFacts>>>;
  readonly apiConfiguration?: ApiConfiguration;
  readonly functions: FunctionFacts[];
  readonly logs: Item<LogFacts>[];
  readonly services: { readonly series?: Item<ServiceSeriesFacts>; readonly quarantine?: Item<QuarantineFacts> }[];
  readonly changeItems: Item<ChangeFacts>[];
  /** Newest first. */
  readonly deploys: DeployFacts[];
  /** Errors by executed version, oldest version first; empty without an alias. */
  readonly versionErrors: VersionFacts[];
}

export function factsOf({ request, windows, evidence }: CaseFile): HighErrorRateFacts {
  const functions = functionsOf(request);
  const changeItems = evidence.under<ChangeFacts>('changes.');
  const series = (id: string) => evidence.get<SeriesFacts>(id);
  return {
    windows,
    api: { '5xx': series('api.5xx'), '4xx': series('api.4xx'), 'count': series('api.count'), 'latency': series('api.latency') },
    apiConfiguration: evidence.data<ApiConfiguration>('api.config'),
    functions: functions.map(({ name }) => ({
      name,
      invocations: series(`fn.${name}.invocations`),
      errors: series(`fn.${name}.errors`),
      throttles: series(`fn.${name}.throttles`),
      log: evidence.get<LogFacts>(`logs.${name}`),
    })),
    logs: evidence.under<LogFacts>('logs.'),
    services: servicesOf(request).map(({ name, metric }) => ({
      series: evidence.get<ServiceSeriesFacts>(`service.${name}.${metric}`), quarantine: evidence.get<QuarantineFacts>(`quarantine.${name}`),
    })),
    changeItems,
    deploys: [
      ...changeItems.flatMap(({ id, data }) => data?.changes.map((change) => ({ ...change, cites: id })) ?? []),
      // A new version is a change too, also where CloudTrail could not be asked.
      ...functions.flatMap(({ name }) => published(name, evidence.get<FunctionVersions>(`versions.${name}`), windows)),
    ].sort((a, b) => b.at - a.at),
    versionErrors: evidence.under<SeriesFacts>('version.').filter(({ id }) => id.endsWith('.errors'))
      .map((item) => ({ version: item.data?.dimensions.ExecutedVersion ?? '', item })),
  };
}

function published(resource: string, item: Item<FunctionVersions> | undefined, windows: Windows): DeployFacts[] {
  return (item?.data?.versions ?? []).filter(({ at }) => contains(changeSpan(windows), at))
    .map(({ version, at }) => ({ resource, event: `version ${version} published`, at, cites: item!.id }));
}

/** What counts as the failures: the API's server errors, or the functions' errors, or the service's metric. */
export function failures({ api, functions, services }: HighErrorRateFacts): { incident: Figures; before: Figures; cites: string[] } | undefined {
  const items = api['5xx']?.data ? [api['5xx']] : functions.flatMap(({ errors }) => errors?.data ? [errors] : []);
  if (items.length > 0) {
    return {
      incident: addFigures(items.map(({ data }) => data!.incident)),
      before: addFigures(items.map(({ data }) => data!.before)),
      cites: items.map(({ id }) => id),
    };
  }
  const series = services.find((service) => service.series?.data)?.series;
  if (!series?.data) return undefined;
  const figures = ({ samples, sum, maximum }: { samples: number; sum: number; maximum: number }): Figures =>
    ({ points: samples, sum, average: samples === 0 ? 0 : sum / samples, minimum: 0, maximum });
  return { incident: figures(series.data.incident), before: figures(series.data.before), cites: [series.id] };
}

/** Twice as many as before, and not just one or two; undefined: no data. */
export function isUp(data: SeriesFacts | undefined): boolean | undefined {
  if (!data || data.incident.points === 0) return undefined;
  return data.incident.sum >= UP_LEAST && data.incident.sum >= UP_FACTOR * data.before.sum;
}

/** The pattern that rose most, over all logs. */
export function topDifference({ logs }: HighErrorRateFacts): { item: Item<LogFacts>; top: PatternDifference } | undefined {
  return logs.flatMap((item) => item.data?.differences[0] ? [{ item, top: item.data.differences[0] }] : [])
    .sort((a, b) => b.top.rise - a.top.rise)[0];
}

/** The lines of some kinds among all error lines that were read. */
export function linesOfKinds(
  { logs }: HighErrorRateFacts, kinds: readonly ErrorKind[],
): { lines: number; all: number; patterns: Pattern[]; cites: string[] } {
  const some = logs.flatMap(({ id, data }) => (data?.patterns ?? [])
    .filter(({ kind }) => kind && kinds.includes(kind)).map((pattern) => ({ id, pattern })));
  return {
    lines: some.reduce((total, { pattern }) => total + pattern.count, 0),
    all: logs.reduce((total, { data }) => total + (data?.lines ?? 0), 0),
    patterns: some.map(({ pattern }) => pattern).sort((a, b) => b.count - a.count),
    cites: [...new Set(some.map(({ id }) => id))],
  };
}

/** Failures against requests, now and before; undefined: one of them has no data. */
export function errorRate(facts: HighErrorRateFacts): { now: number; before?: number; requests: number } | undefined {
  const failed = failures(facts);
  const requests = requestsOf(facts);
  if (!failed || failed.incident.points === 0 || requests.incident.sum === 0) return undefined;
  return {
    now: failed.incident.sum / requests.incident.sum,
    requests: requests.incident.sum,
    ...(failed.before.points > 0 && requests.before.sum > 0 && { before: failed.before.sum / requests.before.sum }),
  };
}

/** The API's requests, or the functions' invocations. */
export function requestsOf({ api, functions }: HighErrorRateFacts): { incident: Figures; before: Figures; cites: string[] } {
  const counted = api.count?.data ? [api.count] : functions.flatMap(({ invocations }) => invocations?.data ? [invocations] : []);
  return {
    incident: addFigures(counted.map(({ data }) => data!.incident)),
    before: addFigures(counted.map(({ data }) => data!.before)),
    cites: counted.map(({ id }) => id),
  };
}
