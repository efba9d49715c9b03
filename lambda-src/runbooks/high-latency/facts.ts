import type { ReportFacts } from './reports';
import { type Percentile, PERCENTILES } from './series';
import type { TraceFacts } from './traces';
import { changeSpan } from '../framework/changes';
import type { ChangeFacts } from '../framework/collect-changes';
import type { CaseFile } from '../framework/definition';
import type { Item } from '../framework/evidence';
import type { ApiConfiguration } from '../framework/port-data';
import type { FunctionConfiguration, FunctionVersions } from '../framework/port-lambda';
import { loadBaseline, medianOf, type SeriesFacts } from '../framework/series';
import { apisOf, functionsOf, isHttpApi } from '../framework/targets';
import { contains } from '../framework/time';
import type { Windows } from '../framework/windows';

/** A series of times: the middle of its periods, which one odd minute does not move. Undefined is unknown. */
export interface Reading {
  readonly item?: Item<SeriesFacts>;
  /** While it was bad. */
  readonly now?: number;
  readonly before?: number;
  /** The same time last week, else yesterday, else just before. */
  readonly usual?: number;
}

export type Times = Readonly<Record<Percentile, Reading>> & { readonly longest?: Item<SeriesFacts> };

export interface FunctionFacts {
  readonly name: string;
  readonly duration: Times;
  readonly series: Readonly<Partial<Record<'invocations' | 'errors' | 'throttles' | 'concurrent' | 'asyncAge', Item<SeriesFacts>>>>;
  readonly configuration?: Item<FunctionConfiguration>;
  readonly reports?: Item<ReportFacts>;
  readonly traces?: Item<TraceFacts>;
  /** p50 by executed version, the older first; empty without an alias. */
  readonly byVersion: Reading[];
}

export interface ApiFacts {
  readonly name: string;
  readonly isHttp: boolean;
  readonly latency: Times;
  readonly integration: Times;
  readonly count?: Item<SeriesFacts>;
  readonly configuration?: Item<ApiConfiguration>;
}

/** A change that may have made it slow. */
export interface ChangedFacts {
  readonly resource: string;
  readonly what: string;
  readonly at: number;
  readonly user?: string;
  readonly type: 'function' | 'api' | 'other';
  readonly cites: string;
}

export interface LatencyFacts {
  readonly windows: Windows;
  readonly api?: ApiFacts;
  readonly functions: FunctionFacts[];
  readonly queues: Item<SeriesFacts>[];
  readonly changeItems: Item<ChangeFacts>[];
  /** Newest first. */
  readonly changes: ChangedFacts[];
}

export function factsOf(file: CaseFile): LatencyFacts {
  const { request, windows, evidence } = file;
  const [api] = apisOf(request);
  const functions = functionsOf(request).map(({ name }) => functionFacts(file, name));
  return {
    windows,
    ...(api && {
      api: {
        name: api.name,
        isHttp: isHttpApi(api),
        latency: timesOf(file, 'api.latency.', 'api.latency.maximum'),
        integration: timesOf(file, 'api.integration.', 'api.integration.maximum'),
        count: evidence.get('api.count'),
        configuration: evidence.get('api.config'),
      },
    }),
    functions,
    queues: evidence.under<SeriesFacts>('queue.'),
    changeItems: evidence.under('changes.'),
    changes: changesOf(file, functions.map(({ name }) => name)).sort((a, b) => b.at - a.at),
  };
}

function functionFacts(file: CaseFile, name: string): FunctionFacts {
  const { evidence } = file;
  const series = (id: string) => evidence.get<SeriesFacts>(`fn.${name}.${id}`);
  const versions = evidence.data<FunctionVersions>(`versions.${name}`)?.versions ?? [];
  return {
    name,
    duration: timesOf(file, `fn.${name}.`, `fn.${name}.duration`),
    series: {
      invocations: series('invocations'), errors: series('errors'), throttles: series('throttles'), concurrent: series('concurrent'), asyncAge: series('asyncAge'),
    },
    configuration: evidence.get(`config.${name}`),
    reports: evidence.get(`reports.${name}`),
    traces: evidence.get(`traces.${name}`),
    byVersion: versions.slice(-2).flatMap(({ version }) => {
      const item = evidence.get<SeriesFacts>(`version.${name}.${version}`);
      return item ? [readingOf(item, file.windows)] : [];
    }),
  };
}

function timesOf({ evidence, windows }: CaseFile, prefix: string, longest: string): Times {
  const [p50, p90, p99] = PERCENTILES.map((percentile) => readingOf(evidence.get<SeriesFacts>(`${prefix}${percentile}`), windows));
  return { p50, p90, p99, longest: evidence.get(longest) };
}

function readingOf(item: Item<SeriesFacts> | undefined, windows: Windows): Reading {
  if (!item?.data) return { item };
  const { before } = item.data;
  return { item, now: medianOf(badPoints(item.data, windows)), before: before.median, usual: loadBaseline(item.data).median ?? before.median };
}

/** The values while it was bad: what came after would dilute what is already over. */
export function badPoints({ points }: SeriesFacts, { onset, lastBad = Infinity }: Windows): number[] {
  const bad = points.filter(([time]) => time >= onset && time < lastBad);
  return (bad.length > 0 ? bad : points).map(([, value]) => value);
}

function changesOf({ evidence, windows }: CaseFile, functions: string[]): ChangedFacts[] {
  const span = changeSpan(windows);
  const api = evidence.get<ApiConfiguration>('api.config');
  const recorded = evidence.under<ChangeFacts>('changes.').flatMap(({ id, data }) => (data?.changes ?? []).map(({ at, event, user, resource }): ChangedFacts =>
    ({ resource, what: event, at, ...(user && { user }), type: data!.type === 'function' || data!.type === 'api' ? data!.type : 'other', cites: id })));
  // What was deployed is a change also where CloudTrail could not be asked.
  const published = functions.flatMap((name) => (evidence.data<FunctionVersions>(`versions.${name}`)?.versions ?? [])
    .filter(({ at }) => contains(span, at))
    .map(({ version, at }): ChangedFacts => ({ resource: name, what: `version ${version} published`, at, type: 'function', cites: `versions.${name}` })));
  const deployed = api?.data?.deployedAt !== undefined && contains(span, api.data.deployedAt)
    ? [{ resource: api.data.apiId, what: 'stage deployed', at: api.data.deployedAt, type: 'api' as const, cites: api.id }] : [];
  return [...recorded, ...published, ...deployed];
}
