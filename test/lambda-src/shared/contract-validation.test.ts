import { validateResult } from '../../../lambda-src/shared/contract-validation';
import { MAX_RESULT_BYTES } from '../../../src/private/shared/contract';
import { result } from '../runbook-executor/world';

const good = result({ runId: 'run-1' });
const reasonOf = (members: object) => {
  const validation = validateResult(JSON.stringify({ ...good, ...members }), 'run-1');
  return validation.valid ? undefined : validation.reason;
};

test('a valid result comes back as it is, without members that the contract does not know', () => {
  expect(validateResult(JSON.stringify({ ...good, extra: 1 }), 'run-1')).toEqual({ valid: true, result: good });
});

test.each([
  [{ schemaVersion: '2' }, 'schemaVersion: found "2", expected "1"'],
  [{ status: 'GREAT' }, 'status: found "GREAT", expected ("SUCCEEDED" | "PARTIAL" | "FAILED" | "SKIPPED")'],
  [{ summary: 'x'.repeat(281) }, 'summary: at most 280 characters'],
  [{ verdict: { ...good.verdict, confidence: 0.9 } }, 'verdict.confidence: found 0.9, expected ("HIGH" | "MEDIUM" | "LOW")'],
  [{ findings: undefined }, 'findings: found nothing, expected "findings"'],
  [{ evidence: [{ ...good.evidence[0], kind: 'GUESS' }] }, 'evidence.0.kind: found "GUESS", expected ("METRIC" | "LOG" | "CHANGE" | "CONFIG" | "TRACE" | "KEY")'],
  [{ metrics: { ...good.metrics, apiCalls: -1 } }, 'metrics.apiCalls: found -1, expected >=0'],
  [{ runId: 'run-2' }, 'runId: found "run-2", expected "run-1", the request\'s own'],
])('%j: %s', (members, reason) => {
  expect(reasonOf(members)).toBe(reason);
});

test('a summary is counted in characters, not in code units', () => {
  expect(reasonOf({ summary: '😀'.repeat(280) })).toBeUndefined();
});

test('several reasons at once, the first five', () => {
  expect(reasonOf({ findings: 1, ruledOut: 1, notChecked: 1, evidence: 1, proposedActions: 1, metrics: 1 })).toMatch(/^findings: .*; ruledOut: .*; and 1 more$/);
});

test('what is no result at all', () => {
  expect(validateResult('oops', 'run-1')).toEqual({ valid: false, reason: 'the answer is not JSON: "oops"' });
  expect(validateResult('null', 'run-1')).toEqual({ valid: false, reason: 'result: found null, expected Object' });
  expect(validateResult(JSON.stringify({ ...good, proposedActions: ['x'.repeat(MAX_RESULT_BYTES)] }), 'run-1')).toMatchObject({ valid: false, reason: expect.stringMatching(/^the result is \d+ bytes; at most 204800/) });
});
