import type { AlarmFacts, AlarmMetric, Target } from '../../src/private/shared/contract';
import type { AlarmEntry } from '../../src/private/shared/runbook-table';

/**
 * What an alarm is about: the targets that its entry tells, or else the registered resources that the dimensions of its
 * metrics name. A resource that is not registered is none: the runbooks have no permission to look at it.
 */
export function resolveTargets(alarm: AlarmFacts, entry: AlarmEntry | undefined, registered: readonly Target[]): Target[] {
  if (entry?.targets?.length) return [...entry.targets];
  const found = new Map<string, Target>();
  for (const target of alarm.metrics.flatMap((metric) => ofMetric(metric, registered))) {
    const name = targetName(target);
    found.set(name, together(found.get(name), target));
  }
  return [...found.values()];
}

/** An API of many functions has several entries: what does not fit one SSM parameter is in the next. */
function together(one: Target | undefined, other: Target): Target {
  return one?.type === 'api' && other.type === 'api' ? { ...other, functions: [...new Set([...one.functions, ...other.functions])] } : other;
}

/** A target's name in keys and texts, such as `function:checkout`. */
export function targetName(target: Target): string {
  switch (target.type) {
    case 'api': return `api:${target.name}/${target.stage}`;
    case 'function': return `function:${target.name}${target.alias ? `:${target.alias}` : ''}`;
    case 'service': return `service:${target.name}/${target.metric}`;
    default: return `${target.type}:${target.name}`;
  }
}

function ofMetric({ dimensions }: AlarmMetric, registered: readonly Target[]): Target[] {
  const { ApiName, Stage, FunctionName, Resource, TableName, GlobalSecondaryIndexName: index, QueueName } = dimensions;
  return registered.flatMap((target): Target[] => {
    switch (target.type) {
      case 'api':
        return target.name === ApiName && (Stage === undefined || Stage === target.stage) ? [target] : [];
      case 'function': {
        // `Resource` is `name:alias` where the metric is one alias's.
        const alias = Resource?.split(':')[1];
        if (target.name !== FunctionName || (alias && target.alias && alias !== target.alias)) return [];
        return [alias && !target.alias ? { ...target, alias } : target];
      }
      case 'table': {
        if (target.name !== TableName) return [];
        return [index && !target.indexes?.includes(index) ? { ...target, indexes: [...target.indexes ?? [], index] } : target];
      }
      case 'queue':
        return target.name === QueueName ? [target] : [];
      case 'service':
        return [];
    }
  });
}
