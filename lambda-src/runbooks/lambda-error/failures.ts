import type { FunctionTarget } from '../../../src/private/shared/contract';
import type { LogFacts } from '../framework/collect-logs';
import { round } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import type { ErrorKind } from '../framework/error-kinds';
import type { Item } from '../framework/evidence';
import type { Pattern } from '../framework/patterns';
import type { SeriesFacts } from '../framework/series';

/** How often a function failed, and by what type. A figure that is absent is unknown, not zero. */
export interface FailureFacts {
  readonly invocations?: number;
  readonly errors?: number;
  readonly throttles?: number;
  /** Error lines by type, most first. */
  readonly types?: { readonly type: string; readonly count: number }[];
  /** True if there are more error lines than were counted by type. */
  readonly sampled?: boolean;
}

/** What Lambda itself says about a call that it ended has no error type of its own. */
const ENDED: Partial<Record<ErrorKind, string>> = { TIMEOUT: 'time-out', OUT_OF_MEMORY: 'out of memory' };
/** So many types are told to people. */
const TOLD_TYPES = 5;

/** The failures by type, as evidence of its own: counted from what the metrics and the logs have shown. */
export function addFailures({ evidence, links }: Context, { name }: FunctionTarget, metrics: Item<SeriesFacts>[], logs: Item<LogFacts>): void {
  const sum = (id: string) => {
    const data = metrics.find((item) => item.id === `fn.${name}.${id}`)?.data;
    return data && data.incident.points > 0 ? data.incident.sum : undefined;
  };
  const types = logs.data ? typesOf(logs.data.patterns) : logs.status === 'NO_DATA' ? [] : undefined;
  const facts: FailureFacts = {
    invocations: sum('invocations'), errors: sum('errors'), throttles: sum('throttles'), types, ...(logs.data?.sampled && { sampled: true }),
  };
  const known = facts.errors !== undefined || facts.throttles !== undefined || types !== undefined;
  evidence.add({
    id: `failures.${name}`,
    kind: types?.length ? 'LOG' : 'METRIC',
    what: `failures of ${name} by type`,
    look: known ? { status: 'OK', data: facts } : { status: 'NO_DATA' },
    says: failuresInWords,
    link: logs.link ?? links.lambda(name),
  });
}

/** `120 errors, 3 throttles, 2400 invocations; error lines: TypeError 118, time-out 2`. */
export function failuresInWords({ invocations, errors, throttles, types, sampled }: FailureFacts): string {
  const figure = (value: number | undefined, word: string) => value === undefined ? `${word} unknown` : `${round(value)} ${word}`;
  const calls = `${figure(errors, 'errors')}, ${figure(throttles, 'throttles')}, ${figure(invocations, 'invocations')}`;
  if (!types) return `${calls}; error lines unknown`;
  const shown = types.slice(0, TOLD_TYPES).map(({ type, count }) => `${type} ${count}`);
  const more = types.length > TOLD_TYPES ? [`${types.length - TOLD_TYPES} more types`] : [];
  return `${calls}; error lines${sampled ? ' (of a sample)' : ''}: ${[...shown, ...more].join(', ') || 'none'}`;
}

function typesOf(patterns: Pattern[]): NonNullable<FailureFacts['types']> {
  const counts = new Map<string, number>();
  for (const pattern of patterns) counts.set(typeOf(pattern), (counts.get(typeOf(pattern)) ?? 0) + pattern.count);
  return [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count || a.type.localeCompare(b.type));
}

const typeOf = ({ kind, errorType }: Pattern) => (kind && ENDED[kind]) ?? errorType ?? kind?.toLowerCase().replace(/_/g, ' ') ?? 'without a type';
