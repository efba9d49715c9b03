import { collectAlarm } from './collect-alarm';
import { decide } from './decide';
import type { RunbookDefinition } from './definition';
import { EvidenceBuilder, EvidenceSet } from './evidence';
import { Links } from './links';
import type { Port } from './port';
import type { Subject } from './targets';
import { SECOND } from './time';
import type { Windows } from './windows';
import {
  CONTRACT_VERSION, MAX_RESULT_BYTES, MAX_SUMMARY_LENGTH, type Evidence, type NotChecked, type RunbookRequest, type RunbookResult,
} from '../../../src/private/shared/contract';

/** Kept back from the deadline for judging and for the way home. */
const RESERVE = 1 * SECOND;

/** Collects and decides. Never throws and never outlasts the deadline: what was seen by then is judged. */
export async function runRunbook<F>(
  definition: RunbookDefinition<F>, request: RunbookRequest, port: Port, clock: () => number = Date.now,
): Promise<RunbookResult> {
  const started = clock();
  const evidence = new EvidenceBuilder();
  const links = new Links(request.alarm.region);
  let windows: Windows | undefined;
  const work = async () => {
    windows = await collectAlarm(request, port, evidence, links, started);
    await definition.collect({ request, port, windows, evidence, links });
  };
  const left = Date.parse(request.deadline) - RESERVE - started;
  const cut = await unlessLate(work(), left).catch((error: unknown) => {
    addFailure(evidence, `the collector failed (${(error as Error).message})`);
    return false;
  });
  if (cut) addLate(evidence);
  const metrics = { durationMs: clock() - started, ...port.usage };
  if (!windows) return noWindows(definition, request, evidence, metrics);
  // Copies: a look that comes after the deadline must not change what was judged.
  return judge(definition, request, windows, [...evidence.items], [...evidence.notChecked], metrics);
}

/** The second half alone: today's rules over evidence of now or of a stored incident. */
export function judge<F>(
  definition: RunbookDefinition<F>, request: Subject & Pick<RunbookRequest, 'runId'>, windows: Windows,
  items: Evidence[], notChecked: NotChecked[], metrics: RunbookResult['metrics'],
): RunbookResult {
  const evidence = new EvidenceSet(items);
  const decision = decide(definition.book, definition.facts({ request, windows, evidence }), evidence, windows);
  const partial = items.some((item) => ['ACCESS_DENIED', 'TIMED_OUT', 'ERROR'].includes(item.status));
  return shrink({
    schemaVersion: CONTRACT_VERSION,
    runId: request.runId,
    status: partial ? 'PARTIAL' : 'SUCCEEDED',
    ...decision,
    summary: cutTo(decision.summary, MAX_SUMMARY_LENGTH),
    notChecked: merged(notChecked),
    evidence: items,
    metrics,
  });
}

/** Resolves to true if the time is over first. */
async function unlessLate(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => { timer = setTimeout(() => resolve(true), Math.max(ms, 0)); });
  try {
    return await Promise.race([work.then(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}

function addLate(evidence: EvidenceBuilder) {
  evidence.add({ id: 'run', kind: 'CONFIG', what: 'what was still being asked at the deadline', look: { status: 'TIMED_OUT' }, says: () => '' });
}

function addFailure(evidence: EvidenceBuilder, reason: string) {
  evidence.add({ id: 'run', kind: 'CONFIG', what: 'the rest of the investigation', look: { status: 'ERROR', reason }, says: () => '' });
}

/** Not even the alarm's own metric could be asked in time: there is nothing to judge. */
function noWindows<F>(
  definition: RunbookDefinition<F>, request: RunbookRequest, evidence: EvidenceBuilder, metrics: RunbookResult['metrics'],
): RunbookResult {
  const rule = definition.book.rules.find(({ id }) => id === definition.book.inconclusive)!;
  return {
    schemaVersion: CONTRACT_VERSION,
    runId: request.runId,
    status: 'PARTIAL',
    summary: 'The investigation ended before it had seen anything.',
    verdict: { ruleId: rule.id, title: rule.title, confidence: 'LOW', category: rule.category },
    findings: [],
    ruledOut: [],
    notChecked: evidence.notChecked,
    evidence: evidence.items,
    proposedActions: [],
    metrics,
  };
}

/** Twenty series inside their lag are one thing that is not there yet. */
function merged(notChecked: NotChecked[]): NotChecked[] {
  const groups = new Map<string, NotChecked[]>();
  for (const one of notChecked) {
    const key = `${one.status} ${one.fix}`;
    groups.set(key, [...groups.get(key) ?? [], one]);
  }
  return [...groups.values()].map((group) => ({ ...group[0], what: group.map(({ what }) => what).join(', ') }));
}

/** A result over the limit gives up its data, the largest first: what it says to people stays. */
function shrink(result: RunbookResult): RunbookResult {
  let evidence = result.evidence;
  while (Buffer.byteLength(JSON.stringify({ ...result, evidence })) > MAX_RESULT_BYTES) {
    const size = (item: Evidence) => JSON.stringify(item.data ?? null).length;
    const largest = evidence.reduce((most, item) => size(item) > size(most) ? item : most);
    if (largest.data === undefined) break;
    evidence = evidence.map((item) => item === largest ? { ...item, data: undefined } : item);
  }
  return { ...result, evidence };
}

const cutTo = (text: string, length: number) => text.length <= length ? text : `${text.slice(0, length - 1)}…`;
