import * as v from 'valibot';
import {
  CONFIDENCES, CONTRACT_VERSION, EVIDENCE_KINDS, EVIDENCE_STATUSES, MAX_RESULT_BYTES, MAX_SUMMARY_LENGTH, RUN_STATUSES, RunbookResult,
  VERDICT_CATEGORIES,
} from '../../src/private/shared/contract';

/** As many reasons as a person reads; the first one usually explains the others. */
const MOST_REASONS = 5;

const text = v.string();
/** What every report carries, however much of the rest has to stay behind in the incident. */
const line = v.pipe(text, v.check((content) => [...content].length <= MAX_SUMMARY_LENGTH, `at most ${MAX_SUMMARY_LENGTH} characters`));
const count = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Result v1. Members that the contract does not know are dropped, so that a newer handler still works. */
const ResultSchema = v.object({
  schemaVersion: v.literal(CONTRACT_VERSION),
  runId: text,
  status: v.picklist(RUN_STATUSES),
  summary: line,
  verdict: v.object({
    ruleId: line,
    title: line,
    confidence: v.picklist(CONFIDENCES),
    category: v.picklist(VERDICT_CATEGORIES),
  }),
  findings: v.array(v.object({ ruleId: v.optional(text), summary: text, evidence: v.array(text) })),
  ruledOut: v.array(v.object({ ruleId: text, why: text })),
  notChecked: v.array(v.object({ what: text, status: v.picklist(EVIDENCE_STATUSES), fix: text })),
  evidence: v.array(v.object({
    id: text,
    kind: v.picklist(EVIDENCE_KINDS),
    status: v.picklist(EVIDENCE_STATUSES),
    summary: text,
    link: v.optional(text),
    data: v.optional(v.unknown()),
  })),
  proposedActions: v.array(text),
  metrics: v.object({ durationMs: count, apiCalls: count, logBytesScanned: count }),
});

/** A valid result, or why it is none, in words that a handler's author can act on. */
export type Validation =
  | { readonly valid: true; readonly result: RunbookResult }
  | { readonly valid: false; readonly reason: string };

/**
 * Checks what a handler answered against contract v1.
 *
 * @param payload the answer as it came: JSON text
 * @param runId that the answer must be for
 */
export function validateResult(payload: string, runId: string): Validation {
  const bytes = Buffer.byteLength(payload);
  if (bytes > MAX_RESULT_BYTES) return invalid(`the result is ${bytes} bytes; at most ${MAX_RESULT_BYTES} are taken. Keep data short`);
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return invalid(`the answer is not JSON: ${show(payload)}`);
  }
  const checked = v.safeParse(ResultSchema, answer);
  if (!checked.success) return invalid(reasons(checked.issues));
  if (checked.output.runId !== runId) return invalid(`runId: found ${show(checked.output.runId)}, expected ${show(runId)}, the request's own`);
  return { valid: true, result: checked.output };
}

function invalid(reason: string): Validation {
  return { valid: false, reason };
}

function reasons(issues: readonly v.BaseIssue<unknown>[]): string {
  const told = issues.slice(0, MOST_REASONS).map((issue) => {
    const path = v.getDotPath(issue) ?? 'result';
    return issue.type === 'check' ? `${path}: ${issue.message}` : `${path}: found ${show(issue.input)}, expected ${issue.expected ?? issue.message}`;
  });
  const more = issues.length - told.length;
  return told.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length <= 60 ? json : `${json.slice(0, 59)}…`;
}
