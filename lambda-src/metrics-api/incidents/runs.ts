import type { RunbookResult } from '../../../src/private/shared/contract';
import { fromAttributes } from '../../shared/attributes';
import { batchGet } from '../../shared/batch-get';
import { type RunItem, resultOf, runKey, type TimelineItem } from '../../shared/incident-items';
import type { StoreTable } from '../../shared/store';
import { MAX_RUNS } from '../limits';

/** What is told of every run. */
export interface Run {
  readonly runId: string;
  readonly runbook: string;
  readonly started: string;
  /** Null while it goes on. */
  readonly finished: string | null;
  /** How it ended. */
  readonly status: RunbookResult['status'] | null;
  readonly verdict: RunbookResult['verdict'] | null;
}

export interface Runs {
  /** The newest first. */
  readonly runs: Run[];
  /** Of the run that ended last; one that was skipped counts only where all were. */
  readonly result: RunbookResult | null;
}

/**
 * The newest runs that a timeline tells of. A run's own key has no time in it; and of a run no more is read than is told, but for
 * the one whose result is.
 *
 * @param entries of the timeline, the newest first
 */
export async function readRuns(table: StoreTable, id: string, entries: readonly TimelineItem[]): Promise<Runs> {
  // A run that was refused has never begun.
  const ids = [...new Set(entries.flatMap(({ type, runId }) => (type === 'REFUSED' ? [] : runId ?? [])))].slice(0, MAX_RUNS);
  const keys = ids.map((runId) => runKey(id, runId));
  const members = ['runId', 'runbook', 'started', 'finished', 'result'];
  const items = (await batchGet(table, keys, { members, consistent: true })).map((item) => fromAttributes<RunItem>(item));
  const ended = items.map((item) => ({ item, result: resultOf(item) }));
  const [last] = ended.filter(({ result }) => result)
    .sort((a, b) => Number(a.result!.status === 'SKIPPED') - Number(b.result!.status === 'SKIPPED') || descending(a.item.finished!, b.item.finished!));
  const [whole] = last ? await batchGet(table, [runKey(id, last.item.runId)], { members: ['result', 'evidence'], consistent: true }) : [];
  return {
    runs: ended.map(({ item, result }) => runOf(item, result)).sort((a, b) => descending(a.started, b.started)),
    result: whole ? resultOf(fromAttributes<RunItem>(whole)) ?? null : null,
  };
}

function runOf({ runId, runbook, started, finished }: RunItem, result: RunbookResult | undefined): Run {
  return { runId, runbook, started, finished: finished ?? null, status: result?.status ?? null, verdict: result?.verdict ?? null };
}

function descending(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}
