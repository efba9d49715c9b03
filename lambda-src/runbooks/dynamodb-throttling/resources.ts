import type { Resource } from './series';
import type { TableTarget } from '../../../src/private/shared/contract';
import type { Capacity, ScalingTarget, TableDescription } from '../framework/port-table';
import type { Subject } from '../framework/targets';

/** The table and its indexes: those it has, those it was registered with, and the one that the alarm names. */
export function resourcesOf({ alarm }: Subject, { name, indexes = [] }: TableTarget, table: TableDescription | undefined): Resource[] {
  const named = alarm.metrics.flatMap(({ dimensions }) =>
    dimensions.TableName === name && dimensions.GlobalSecondaryIndexName ? [dimensions.GlobalSecondaryIndexName] : []);
  const all = new Set([...Object.keys(table?.indexes ?? {}), ...indexes, ...named]);
  return [{ table: name }, ...[...all].map((index) => ({ table: name, index }))];
}

/** `on-demand, at most 100 write units a second, 2 indexes`. */
export function descriptionInWords({ billing, provisioned, maximum, status, indexes }: TableDescription): string {
  const count = Object.keys(indexes).length;
  const built = Object.entries(indexes).filter(([, { status: state, backfilling }]) => backfilling || state === 'CREATING').map(([name]) => name);
  return [
    billing === 'PAY_PER_REQUEST' ? 'on-demand' : `provisioned${provisioned ? ` ${units(provisioned)} a second` : ''}`,
    ...maximum ? [`at most ${units(maximum)} a second`] : [],
    ...count > 0 ? [`${count} ${count === 1 ? 'index' : 'indexes'}`] : [],
    ...built.length > 0 ? [`${built.join(', ')} being built`] : [],
    ...status && status !== 'ACTIVE' ? [`status ${status}`] : [],
  ].join(', ');
}

export function scalingInWords(targets: ScalingTarget[]): string {
  return targets.map(({ dimension, index, min, max, activities }) =>
    `${dimension}s${index ? ` of ${index}` : ''} from ${min} to ${max} units, ${activities.length} recent activities`).join('; ') || 'none';
}

function units({ read, write }: Capacity): string {
  return [...read === undefined ? [] : [`${read} read`], ...write === undefined ? [] : [`${write} write`]].join(' and ') + ' units';
}
