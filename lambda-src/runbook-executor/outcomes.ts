import { CONTRACT_VERSION, MAX_SUMMARY_LENGTH, RunbookResult, RunStatus } from '../../src/private/shared/contract';

/**
 * Results that the executor writes itself, where there is no handler's answer. Their rule ids begin with `EX`, so that no
 * report links a section of a written runbook for them.
 */
const OUTCOMES = {
  HANDLER_FAILED: { ruleId: 'EX-01', status: 'FAILED', title: 'The runbook\'s handler failed' },
  INVALID_RESULT: { ruleId: 'EX-02', status: 'FAILED', title: 'The runbook\'s handler answered an invalid result' },
  DEADLINE: { ruleId: 'EX-03', status: 'PARTIAL', title: 'The runbook was not done by its deadline' },
  UNREACHABLE: { ruleId: 'EX-04', status: 'FAILED', title: 'The runbook\'s handler could not be called' },
  EXECUTOR_DIED: { ruleId: 'EX-05', status: 'FAILED', title: 'The executor died while the runbook ran' },
  MANUAL: { ruleId: 'EX-06', status: 'SKIPPED', title: 'This runbook is for people: follow the link' },
  NO_RUNBOOK: { ruleId: 'EX-07', status: 'SKIPPED', title: 'No runbook takes this alarm' },
  OWN_ALARM: { ruleId: 'EX-08', status: 'SKIPPED', title: 'The alert path itself is in trouble' },
} as const satisfies Record<string, { ruleId: string; status: RunStatus; title: string }>;

export type Outcome = keyof typeof OUTCOMES;

/** A verdict of the executor itself says nothing about the alarm's cause. */
export function isExecutorRule(ruleId: string): boolean {
  return ruleId.startsWith('EX-');
}

/** What a result of the executor's own adds to the outcome. */
export interface OutcomeDetails {
  /** What happened, in one sentence. */
  readonly reason: string;
  /** What a person can do about it. */
  readonly fix: string;
  readonly durationMs?: number;
}

export function resultFor(outcome: Outcome, runId: string, { reason, fix, durationMs = 0 }: OutcomeDetails): RunbookResult {
  const { ruleId, status, title } = OUTCOMES[outcome];
  const missed = status === 'SKIPPED' ? [] : [
    { what: 'what the runbook looks at', status: outcome === 'DEADLINE' ? 'TIMED_OUT' as const : 'ERROR' as const, fix },
  ];
  return {
    schemaVersion: CONTRACT_VERSION,
    runId,
    status,
    summary: cut(`${title}: ${reason}`),
    verdict: { ruleId, title, confidence: 'LOW', category: 'INCONCLUSIVE' },
    findings: [],
    ruledOut: [],
    notChecked: missed,
    evidence: [],
    proposedActions: [fix],
    metrics: { durationMs, apiCalls: 0, logBytesScanned: 0 },
  };
}

function cut(summary: string): string {
  const characters = [...summary];
  return characters.length <= MAX_SUMMARY_LENGTH ? summary : `${characters.slice(0, MAX_SUMMARY_LENGTH - 1).join('')}…`;
}
