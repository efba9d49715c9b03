import type { EvidenceStatus, RunbookRequest, RunbookResult } from 'cdk-serverless-monitoring/contract/v1';

/** Kept back from the deadline for the way home. */
const RESERVE_MS = 2_000;
/** A page that has not answered by then says enough. */
const MOST_WAIT_MS = 10_000;

/** Asks a page for its HTTP status; rejects with a `TimeoutError` when the time is over. */
export type Ask = (url: string, milliseconds: number) => Promise<number>;

/** What became of the look at the status page. */
interface Look {
  readonly status: EvidenceStatus;
  readonly says: string;
  readonly httpStatus?: number;
  /** How a person gets what could not be seen. */
  readonly fix?: string;
  readonly calls: number;
}

/** The runbook `payment-provider-down`: is it us, or is it them? */
export async function investigate(request: RunbookRequest, ask: Ask, now: () => number): Promise<RunbookResult> {
  const started = now();
  const look = await lookAt(request.runbook.parameters.statusPage, Date.parse(request.deadline) - RESERVE_MS - started, ask);
  const [verdict, summary, actions] = conclude(look);
  return {
    schemaVersion: '1',
    runId: request.runId,
    status: look.status === 'OK' ? 'SUCCEEDED' : 'PARTIAL',
    summary,
    verdict,
    findings: [{ ruleId: verdict.ruleId, summary, evidence: ['status-page'] }],
    ruledOut: verdict.ruleId === 'PP-00' ? [{ ruleId: 'PP-01', why: `its status page answers ${look.httpStatus}` }] : [],
    notChecked: look.fix ? [{ what: 'the payment provider\'s status page', status: look.status, fix: look.fix }] : [],
    evidence: [{
      id: 'status-page',
      kind: 'CONFIG',
      status: look.status,
      summary: `Status page: ${look.says}`,
      ...look.httpStatus && { data: { httpStatus: look.httpStatus } },
    }],
    proposedActions: actions,
    metrics: { durationMs: now() - started, apiCalls: look.calls, logBytesScanned: 0 },
  };
}

/** Looks, and says what became of it: a page that was not seen is never a page without errors. */
async function lookAt(page: string | undefined, left: number, ask: Ask): Promise<Look> {
  if (!page) return { status: 'NOT_CONFIGURED', says: 'its address is not known', fix: 'set the runbook\'s parameter statusPage', calls: 0 };
  if (left <= 0) return { status: 'TIMED_OUT', says: 'not asked, since the deadline is too near', fix: 'raise the runbook\'s timeout', calls: 0 };
  const wait = Math.min(left, MOST_WAIT_MS);
  try {
    const httpStatus = await ask(page, wait);
    const says = String(httpStatus);
    // The page is there and says how it is, or it is not the page that was meant.
    if (httpStatus < 300 || httpStatus >= 500) return { status: 'OK', says, httpStatus, calls: 1 };
    return { status: 'ERROR', says, httpStatus, fix: 'correct the runbook\'s parameter statusPage', calls: 1 };
  } catch (error) {
    const { name, message, cause } = error as Error;
    const fix = `look at ${page} yourself`;
    if (name === 'TimeoutError') return { status: 'TIMED_OUT', says: `no answer within ${wait} ms`, fix, calls: 1 };
    // `fetch` has the reason in the cause.
    return { status: 'ERROR', says: (cause as Error | undefined)?.message || message, fix, calls: 1 };
  }
}

/** What the look means: verdict, summary and what to do. Pure, so that it can be tested without any page. */
function conclude({ status, httpStatus = 0 }: Look): [RunbookResult['verdict'], summary: string, actions: string[]] {
  if (status !== 'OK') {
    const verdict = { ruleId: 'PP-02', title: 'Payment provider could not be asked', confidence: 'LOW', category: 'INCONCLUSIVE' } as const;
    return [verdict, 'It is not known whether the payment provider is up.', []];
  }
  if (httpStatus >= 500) {
    const verdict = { ruleId: 'PP-01', title: 'Payment provider is down', confidence: 'HIGH', category: 'DEPENDENCY' } as const;
    return [verdict, `The payment provider answers ${httpStatus}.`, ['Switch to the other provider.']];
  }
  const verdict = { ruleId: 'PP-00', title: 'Payment provider is up', confidence: 'LOW', category: 'INCONCLUSIVE' } as const;
  return [verdict, 'The payment provider says that it is up.', []];
}

/** The real way to ask. */
export const askPage: Ask = async (url, milliseconds) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(milliseconds) });
  await response.body?.cancel();
  return response.status;
};

/** What Lambda calls. */
export const handler = async (request: RunbookRequest): Promise<RunbookResult> => investigate(request, askPage, Date.now);
