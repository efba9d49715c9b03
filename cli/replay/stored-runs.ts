import type { Attributes } from '../../lambda-src/shared/attributes';
import { fromAttributes } from '../../lambda-src/shared/attributes';
import { incidentPk, type Key, resultOf, RUN_PREFIX, type RunItem } from '../../lambda-src/shared/incident-items';
import { isObject } from '../../lambda-src/shared/is-object';
import type { RunbookResult } from '../../src/private/shared/contract';
import { UsageError } from '../command';

/** A run as it was stored; without a result it has not ended, or nobody told this file how. */
export interface StoredRun {
  readonly runId: string;
  readonly runbook: string;
  readonly result?: RunbookResult;
}

/** The runs of an incident from a file: the answer of `GET /incidents/{id}`, or items of the incident table. */
export function runsOfFile(json: unknown, path: string, incident: string): StoredRun[] {
  if (isObject(json) && Array.isArray(json.runs)) return runsOfAnswer(json as unknown as ApiAnswer, path, incident);
  const items = isObject(json) ? json.Items : json;
  if (!Array.isArray(items)) {
    throw new UsageError(`${path} is no stored incident: expected the answer of GET /incidents/{id}, or the incident's items as aws dynamodb query prints them`);
  }
  return runsOfItems(items.filter(isObject).map(plain), path, incident);
}

/** The same from the items of the incident's partition. */
export function runsOfItems(items: readonly object[], source: string, incident: string): StoredRun[] {
  const own = (items as (Partial<Key> & RunItem)[]).filter(({ pk }) => pk === incidentPk(incident));
  if (own.length === 0) throw new UsageError(`${source} holds nothing of the incident ${incident}`);
  return own.filter(({ sk }) => sk?.startsWith(RUN_PREFIX)).sort((a, b) => a.started < b.started ? -1 : 1)
    .map((run) => ({ runId: run.runId, runbook: run.runbook, result: resultOf(run) }));
}

interface ApiAnswer {
  readonly id: string;
  readonly runs: readonly { readonly runId: string; readonly runbook: string }[];
  readonly result: RunbookResult | null;
}

/** The API gives the whole result of one run only: the others are not there to be judged. */
function runsOfAnswer({ id, runs, result }: ApiAnswer, path: string, incident: string): StoredRun[] {
  if (id !== incident) throw new UsageError(`${path} is about the incident ${id}, not ${incident}`);
  return [...runs].reverse().map(({ runId, runbook }) => ({ runId, runbook, ...(result?.runId === runId && { result }) }));
}

/** `aws dynamodb` prints attributes with their types. */
function plain(item: Record<string, unknown>): object {
  return isObject(item.pk) ? fromAttributes<object>(item as Attributes) : item;
}
