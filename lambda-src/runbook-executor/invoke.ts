import { InvokeCommand } from '@aws-sdk/client-lambda';
import { Outcome, resultFor } from './outcomes';
import { Services } from './services';
import type { RunbookRequest, RunbookResult } from '../../src/private/shared/contract';
import { validateResult } from '../shared/contract-validation';

const MOST_REASON = 400;

/** What a handler came back with: the text of its answer, or why there is none. */
type Reply = { readonly answer: string } | { readonly failed: string };

/**
 * Calls a runbook's handler and always comes back with a result by the deadline: its own, or one that says what went wrong.
 * The clients must not retry and must not time out earlier: a slow handler would run twice.
 */
export async function invokeHandler(services: Services, handlerArn: string, request: RunbookRequest): Promise<RunbookResult> {
  const { now } = services;
  const started = now().getTime();
  const ends = (outcome: Outcome, reason: string, fix: string) =>
    resultFor(outcome, request.runId, { reason: reason.slice(0, MOST_REASON), fix, durationMs: now().getTime() - started });
  const [call, permission] = isStateMachine(handlerArn) ? [startStateMachine, 'states:StartSyncExecution'] : [invokeFunction, 'lambda:InvokeFunction'];
  let reply: Reply | undefined;
  try {
    reply = await beforeDeadline(Date.parse(request.deadline) - started, (signal) => call(services, handlerArn, JSON.stringify(request), signal));
  } catch (error) {
    const { name, message } = error as Error;
    return ends('UNREACHABLE', `${name}: ${message}`, `check that ${handlerArn} exists and that the executor's role may call ${permission} on it`);
  }
  if (!reply) {
    return ends('DEADLINE', `no answer by ${request.deadline}`, `raise the timeout of '${request.runbook.name}' or make its handler faster; the handler's log tells where it stood`);
  }
  if ('failed' in reply) return ends('HANDLER_FAILED', reply.failed, `look into the log of ${handlerArn} at ${request.deadline}`);
  const validation = validateResult(reply.answer, request.runId);
  return validation.valid ? validation.result
    : ends('INVALID_RESULT', validation.reason, `make ${handlerArn} return a result as contract v1 describes it`);
}

function isStateMachine(handlerArn: string): boolean {
  return handlerArn.split(':')[2] === 'states';
}

async function invokeFunction({ lambda }: Services, functionArn: string, request: string, abortSignal: AbortSignal): Promise<Reply> {
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand({
    FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: Buffer.from(request),
  }), { abortSignal });
  const payload = Buffer.from(Payload ?? []).toString('utf8');
  return FunctionError ? { failed: thrown(payload) } : { answer: payload };
}

/** Its SDK is loaded with the first state machine: most deployments have none. */
async function startStateMachine({ stateMachines }: Services, stateMachineArn: string, input: string, abortSignal: AbortSignal): Promise<Reply> {
  const { StartSyncExecutionCommand } = await import('@aws-sdk/client-sfn');
  const client = await stateMachines();
  const { status, output, error, cause } = await client.send(new StartSyncExecutionCommand({ stateMachineArn, input }), { abortSignal });
  return status === 'SUCCEEDED' ? { answer: output ?? '' } : { failed: `${status}${error ? ` ${error}` : ''}${cause ? `: ${cause}` : ''}` };
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
