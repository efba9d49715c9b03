import type { FunctionTarget } from '../../../src/private/shared/contract';
import type { Context } from '../framework/definition';
import { percent } from '../framework/judging';
import type { TraceSample } from '../framework/port-data';
import { medianOf } from '../framework/series';

export interface TraceFacts {
  readonly traces: number;
  /** The part of a call that the function itself takes, without what it calls; the middle one of the traces. */
  readonly ownShare: number;
}

/** Traces tell whether a slow function works or waits. */
export async function collectTraces({ port, windows, evidence }: Context, { name }: FunctionTarget): Promise<void> {
  const look = await port.traces({ resource: name, span: windows.incident });
  evidence.add({
    id: `traces.${name}`,
    kind: 'TRACE',
    what: `traces of ${name}`,
    look,
    data: (traces): TraceFacts => ({ traces: traces.length, ownShare: ownShare(traces, name) }),
    says: (traces) => `${percent(ownShare(traces, name))} of the time is its own, in most of ${traces.length} traces`,
  });
}

function ownShare(traces: TraceSample[], name: string): number {
  return medianOf(traces.map(({ segments, duration }) => duration > 0 ? (segments[name] ?? 0) / duration : 0)) ?? 0;
}
