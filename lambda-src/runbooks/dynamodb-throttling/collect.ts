import { collectKeys } from './keys';
import { addReasons } from './reasons';
import { collectRecovery } from './recovery';
import { descriptionInWords, resourcesOf, scalingInWords } from './resources';
import { nameOf, resourceSeries } from './series';
import type { TableTarget } from '../../../src/private/shared/contract';
import { redact } from '../../shared/redaction';
import { collectChanges } from '../framework/collect-changes';
import { collectMetrics } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import type { Item } from '../framework/evidence';
import type { TableDescription } from '../framework/port-table';
import { tablesOf } from '../framework/targets';

/** What the tables are, first: it tells which indexes there are. Then everything else at once, and the keys of what is throttled. */
export async function collect(context: Context): Promise<void> {
  const described = await Promise.all(tablesOf(context.request).map(async (target) => ({ target, table: await collectTable(context, target) })));
  const resources = described.flatMap(({ target, table }) => resourcesOf(context.request, target, table.data));

  const [metrics] = await Promise.all([
    collectMetrics(context, described.flatMap(({ target, table }) =>
      resourcesOf(context.request, target, table.data).flatMap((resource) => resourceSeries(resource, table.data)))),
    collectRecovery(context, resources),
    collectLimits(context, described.length),
    ...described.flatMap(({ target: { name }, table }) => [
      collectChanges(context, 'table', name),
      ...table.data?.billing === 'PROVISIONED' ? [collectScaling(context, name)] : [],
    ]),
  ]);

  const reasons = addReasons(context, resources, metrics);
  const throttled = (name: string) => reasons.some(({ id, data }) => id.endsWith(`.reasons.${name}`) && (data?.events ?? 0) > 0);
  await Promise.all(resources
    .filter((resource) => resource.index === undefined || throttled(nameOf(resource)))
    .map((resource) => collectKeys(context, resource)));
}

async function collectTable({ port, evidence, links }: Context, { name }: TableTarget): Promise<Item<TableDescription>> {
  return evidence.add({
    id: `table.${name}`,
    kind: 'CONFIG',
    what: `capacity of ${name}`,
    look: await port.table(name),
    says: descriptionInWords,
    link: links.table(name),
  });
}

/** The account's limits are asked for once, however many tables there are. */
async function collectLimits({ port, evidence }: Context, tables: number) {
  if (tables === 0) return;
  evidence.add({
    id: 'limits',
    kind: 'CONFIG',
    what: "the account's limits for a table",
    look: await port.tableLimits(),
    says: ({ tableMaxRead, tableMaxWrite }) => `${tableMaxRead} read and ${tableMaxWrite} write units a second`,
  });
}

async function collectScaling({ port, evidence, links }: Context, name: string) {
  evidence.add({
    id: `scaling.${name}`,
    kind: 'CONFIG',
    what: `autoscaling of ${name}`,
    look: await port.tableScaling(name),
    data: (targets) => targets.map((target) => ({
      ...target,
      activities: target.activities.map((activity) => ({ ...activity, ...(activity.description && { description: redact(activity.description) }) })),
    })),
    says: scalingInWords,
    link: links.table(name),
  });
}
