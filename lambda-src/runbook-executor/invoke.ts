import { InvokeCommand, InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { Outcome, resultFor } from './outcomes';
import type { RunbookRequest, RunbookResult } from '../../src/private/shared/contract';
import { validateResult } from '../shared/contract-validation';

const MOST_REASON = 400;

/**
 * Calls a runbook's handler and always comes back with a result by the deadline: its own, or one that says what went wrong.
 * The client must not retry and must not time out earlier: a slow handler would run twice.
 */
export async function invokeHandler(client: LambdaClient, functionArn: string, request: RunbookRequest, now: () => Date): Promise<RunbookResult> {
  const started = now().getTime();
  const ends = (outcome: Outcome, reason: string, fix: string) =>
    resultFor(outcome, request.runId, { reason: reason.slice(0, MOST_REASON), fix, durationMs: now().getTime() - started });
  let answer: InvokeCommandOutput | undefined;
  try {
    answer = await beforeDeadline(Date.parse(request.deadline) - started, async (abortSignal) => client.send(new InvokeCommand({
      FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: Buffer.from(JSON.stringify(request)),
    }), { abortSignal }));
  } catch (error) {
    const { name, message } = error as Error;
    return ends('UNREACHABLE', `${name}: ${message}`, `check that ${functionArn} exists and that the executor's role may call lambda:InvokeFunction on it`);
  }
  if (!answer) {
    return ends('DEADLINE', `no answer by ${request.deadline}`, `raise the timeout of '${request.runbook.name}' or make its handler faster; the handler's log tells where it stood`);
  }
  const payload = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError) return ends('HANDLER_FAILED', thrown(payload), `look into the log of ${functionArn} at ${request.deadline}`);
  const validation = validateResult(payload, request.runId);
  return validation.valid ? validation.result
    : ends('INVALID_RESULT', validation.reason, `make ${functionArn} return a result as contract v1 describes it`);
}

/** The call's answer, or undefined at the deadline. A call that is given up is aborted, and its late failure is nobody's. */
async function beforeDeadline<T>(milliseconds: number, call: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const giveUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, milliseconds));
  });
  try {
    const running = call(giveUp.signal);
    running.catch(() => undefined);
    return await Promise.race([running, deadline]);
  } finally {
    clearTimeout(timer);
    giveUp.abort();
  }
}

/** What a function threw, as Lambda tells it. */
function thrown(payload: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload) as { errorType?: string; errorMessage?: string };
    if (errorMessage) return `${errorType ?? 'Error'}: ${errorMessage}`;
  } catch {
    // Not JSON: told as it is.
  }
  return payload || 'without a message';
}
