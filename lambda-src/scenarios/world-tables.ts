import { timeOf } from './relative-time';
import type { TableSpec } from './schema';
import { hashKey } from '../runbooks/framework/hash-key';
import type { Look } from '../runbooks/framework/port';
import type { CapacityKeys, ScalingTarget, TableDescription } from '../runbooks/framework/port-table';

export function tableOf({ autoscaling, contributorInsights, ...table }: TableSpec): TableDescription {
  const indexes = Object.entries(table.indexes).map(([name, { contributorInsights: _, ...index }]) => [name, index]);
  return { ...table, indexes: Object.fromEntries(indexes) };
}

export function scalingOf({ autoscaling }: TableSpec, alarmAt: number): ScalingTarget[] {
  return (['read', 'write'] as const).flatMap((dimension) => {
    const scaling = autoscaling?.[dimension];
    if (!scaling) return [];
    return [{ dimension, ...scaling, activities: scaling.activities.map(({ at, ...rest }) => ({ ...rest, at: timeOf(at, alarmAt) })) }];
  });
}

export function keysOf(table: Pick<TableSpec, 'contributorInsights'> | undefined, which: 'THROTTLED' | 'ACCESSED'): Look<CapacityKeys> {
  const insights = table?.contributorInsights;
  if (!insights) return { status: 'NOT_CONFIGURED', reason: 'Contributor Insights is off; throttledKeyInsights on monitorTable turns it on' };
  if (which === 'ACCESSED' && insights.mode === 'THROTTLED_KEYS') return { status: 'NOT_CONFIGURED', reason: 'Contributor Insights counts throttled keys only' };
  const [keys, total] = which === 'THROTTLED'
    ? [insights.throttledKeys, insights.throttledTotal] : [insights.accessedKeys, insights.accessedTotal];
  const listed = keys.reduce((sum, { count }) => sum + count, 0);
  if (keys.length === 0) return { status: 'NO_DATA' };
  const hashed = keys.map(({ key, count }) => ({ key: hashKey(key), count })).sort((a, b) => b.count - a.count);
  return { status: 'OK', data: { total: total ?? listed, keys: hashed } };
}
