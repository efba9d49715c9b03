import { roleName } from './facts';
import { addFailures } from './failures';
import { collectMemory } from './memory';
import { lambdaSeries } from './series';
import type { FunctionTarget } from '../../../src/private/shared/contract';
import { collectChanges } from '../framework/collect-changes';
import { collectConfiguration, collectVersions, versionSeries } from '../framework/collect-lambda';
import { collectErrorLines } from '../framework/collect-logs';
import { collectMetrics } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import type { Item } from '../framework/evidence';
import type { AsyncConfiguration, FunctionConfiguration } from '../framework/port-lambda';
import { functionsOf, logGroupOf } from '../framework/targets';

/** What the function is, first: it tells which log group, role, key and versions to look at. Then everything else at once. */
export async function collect(context: Context): Promise<void> {
  const described = await Promise.all(functionsOf(context.request).map(async (target) => {
    const [configuration, versions, delivery] = await Promise.all([
      collectConfiguration(context, target), collectVersions(context, target), collectAsync(context, target),
    ]);
    return { target, configuration, versions, delivery };
  }));
  const series = described.flatMap(({ target, versions, delivery }) =>
    [...lambdaSeries(target, delivery.data), ...versions.data ? versionSeries(target, versions.data) : []]);

  const [metrics, logs] = await Promise.all([
    collectMetrics(context, series),
    Promise.all(described.map(({ target, configuration }) =>
      collectErrorLines(context, `logs.${target.name}`, groupOf(target, configuration)))),
    collectAccount(context, described.length),
    ...described.flatMap(({ target, configuration }) => [
      collectMemory(context, target, groupOf(target, configuration)),
      collectConcurrency(context, target),
      collectSources(context, target),
      ...changesOf(context, target, configuration),
    ]),
  ]);
  described.forEach(({ target }, index) => addFailures(context, target, metrics, logs[index]));
}

const groupOf = (target: FunctionTarget, { data }: Item<FunctionConfiguration>) => target.logGroup ?? data?.logGroup ?? logGroupOf(target);

function changesOf(context: Context, target: FunctionTarget, { data }: Item<FunctionConfiguration>) {
  return [
    collectChanges(context, 'function', target.name),
    ...data?.role ? [collectChanges(context, 'role', roleName(data.role))] : [],
    ...data?.kmsKey ? [collectChanges(context, 'key', data.kmsKey)] : [],
  ];
}

/** The account's limit is asked for once, however many functions there are. */
async function collectAccount({ port, evidence }: Context, functions: number) {
  if (functions === 0) return;
  evidence.add({
    id: 'account.concurrency',
    kind: 'CONFIG',
    what: "the account's concurrency limit",
    look: await port.accountConcurrency(),
    says: ({ limit, unreserved }) => `${limit}${unreserved === undefined ? '' : `, of which ${unreserved} are not reserved`}`,
  });
}

async function collectConcurrency({ port, evidence, links }: Context, { name }: FunctionTarget) {
  evidence.add({
    id: `concurrency.${name}`,
    kind: 'CONFIG',
    what: `reserved concurrency of ${name}`,
    look: await port.functionConcurrency(name),
    says: ({ reserved }) => reserved === undefined ? 'none' : reserved === 0 ? '0, which switches it off' : String(reserved),
    link: links.lambda(name),
  });
}

async function collectSources({ port, evidence, links }: Context, { name }: FunctionTarget) {
  evidence.add({
    id: `sources.${name}`,
    kind: 'CONFIG',
    what: `event sources of ${name}`,
    look: await port.functionEventSources(name),
    says: (sources) => sources.map(({ arn, state }) => `${arn}${state ? ` (${state})` : ''}`).join(', ') || 'none',
    link: links.lambda(name),
  });
}

async function collectAsync({ port, evidence, links }: Context, { name }: FunctionTarget): Promise<Item<AsyncConfiguration>> {
  return evidence.add({
    id: `async.${name}`,
    kind: 'CONFIG',
    what: `asynchronous configuration of ${name}`,
    look: await port.functionAsync(name),
    says: ({ onFailure, deadLetterTarget }) => `failed events go to ${onFailure ?? deadLetterTarget ?? 'nowhere'}`,
    link: links.lambda(name),
  });
}
