import type { SeriesSpec } from './collect-metrics';
import type { Context } from './definition';
import type { Item } from './evidence';
import type { FunctionConfiguration, FunctionVersions } from './port-lambda';
import { clockTime } from './time';
import type { FunctionTarget } from '../../../src/private/shared/contract';

/** The series of a function that runbooks share. Ids: `fn.<name>.invocations` and so on. */
export function functionSeries({ name }: FunctionTarget): SeriesSpec[] {
  const spec = (id: string, metric: string, statistic: string, what: string): SeriesSpec =>
    ({ id: `fn.${name}.${id}`, namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName: name }, statistic, what: `${what} of ${name}` });
  return [
    spec('invocations', 'Invocations', 'Sum', 'invocations'),
    spec('errors', 'Errors', 'Sum', 'errors'),
    spec('throttles', 'Throttles', 'Sum', 'throttles'),
    spec('duration', 'Duration', 'Maximum', 'longest duration'),
  ];
}

/** Errors and invocations of the newest versions behind an alias: only invocations through an alias have them. */
export function versionSeries({ name, alias }: FunctionTarget, versions: FunctionVersions): SeriesSpec[] {
  const aliases = alias ? [alias] : Object.keys(versions.aliases).slice(0, 1);
  return aliases.flatMap((used) => versions.versions.slice(-2).flatMap(({ version }) => ['Errors', 'Invocations'].map((metric) => ({
    id: `version.${name}.${version}.${metric.toLowerCase()}`,
    namespace: 'AWS/Lambda',
    name: metric,
    dimensions: { FunctionName: name, Resource: `${name}:${used}`, ExecutedVersion: version },
    statistic: 'Sum',
    what: `${metric.toLowerCase()} of ${name} version ${version}`,
  }))));
}

export async function collectConfiguration({ port, evidence, links }: Context, { name }: FunctionTarget): Promise<Item<FunctionConfiguration>> {
  return evidence.add({
    id: `config.${name}`,
    kind: 'CONFIG',
    what: `configuration of ${name}`,
    look: await port.functionConfiguration(name),
    says: (seen) => `timeout ${seen.timeout} s, memory ${seen.memory} MB${seen.state && seen.state !== 'Active' ? `, state ${seen.state}` : ''}`,
    link: links.lambda(name),
  });
}

export async function collectVersions({ port, evidence, links }: Context, { name }: FunctionTarget): Promise<Item<FunctionVersions>> {
  return evidence.add({
    id: `versions.${name}`,
    kind: 'CONFIG',
    what: `versions of ${name}`,
    look: await port.functionVersions(name),
    says: ({ versions }) => {
      const newest = versions.at(-1);
      return newest ? `newest is ${newest.version}, from ${clockTime(newest.at)}` : 'none published';
    },
    link: links.lambda(name),
  });
}
