import type { StoredRun } from './stored-runs';
import { DEFINITIONS } from '../../lambda-src/runbooks';
import { ALARM_METRIC, type CaseFacts } from '../../lambda-src/runbooks/framework/collect-alarm';
import { EvidenceSet } from '../../lambda-src/runbooks/framework/evidence';
import { judge } from '../../lambda-src/runbooks/framework/run';
import type { RunbookResult } from '../../src/private/shared/contract';

/** A stored run, judged again. */
export type Replayed = StoredRun & (
  | {
    /** What today's rules say of the same evidence. */
    readonly today: RunbookResult;
    readonly changed: boolean;
    /** Evidence whose data was too large to be stored: the rules did see it, and do not now. */
    readonly withoutData: readonly string[];
  }
  /** Why it cannot be judged. */
  | { readonly notReplayed: string });

export function replayRun(run: StoredRun): Replayed {
  const { result, runbook } = run;
  if (!result) return { ...run, notReplayed: 'its result is not here' };
  const definition = DEFINITIONS[runbook];
  if (!definition) return { ...run, notReplayed: 'its own handler decides; only the built-in runbooks have rules that can be replayed' };
  const facts = new EvidenceSet(result.evidence).data<Partial<CaseFacts>>(ALARM_METRIC);
  if (!facts?.windows || !facts.alarm || !facts.targets) {
    return { ...run, notReplayed: `its evidence does not tell windows, alarm and targets (${ALARM_METRIC}): it ended too early, or is of another handler or an older version` };
  }
  const { windows, alarm, targets } = facts;
  const today = judge(definition, { runId: run.runId, alarm, targets }, windows, result.evidence, result.notChecked, result.metrics);
  const withoutData = result.evidence.filter(({ status, data }) => status === 'OK' && data === undefined).map(({ id }) => id);
  return { ...run, today, changed: differs(result, today), withoutData };
}

function differs({ verdict: stored }: RunbookResult, { verdict: today }: RunbookResult): boolean {
  return (['ruleId', 'confidence', 'category'] as const).some((member) => stored[member] !== today[member]);
}
