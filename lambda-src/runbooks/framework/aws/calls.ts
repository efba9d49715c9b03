import type { Look } from '../port';

/** What a call gets: a signal that ends it at the run's deadline. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError\w*|NotAuthorized\w*|Forbidden\w*)$/;
const NOT_FOUND = /^(ResourceNotFound\w*|NotFound\w*|NoSuchKey|NoSuchBucket|InvalidRuleName|\w+NotFoundException)$/;
/** A region, partition or local cloud that lacks the call. */
const UNSUPPORTED = /^(InvalidAction|UnknownOperation\w*|UnsupportedOperation\w*|NotImplemented\w*)$/;
const LATE = /^(TimeoutError|AbortError|RequestTimeout\w*)$/;

/** Makes calls to AWS, turns every failure into a status, and counts what they cost. */
export class Calls {
  readonly usage = { apiCalls: 0, logBytesScanned: 0 };

  constructor(private readonly deadline: number, private readonly clock: () => number = Date.now) {}

  /** What is left until the deadline, in milliseconds. */
  left(): number {
    return Math.max(0, this.deadline - this.clock());
  }

  /** Makes the calls of one look; `action` is the IAM action that the last of them needs, where the refusal does not say. */
  async look<T>(action: string, ask: (options: CallOptions) => Promise<Look<T>>): Promise<Look<T>> {
    if (this.left() === 0) return { status: 'TIMED_OUT', reason: 'the deadline had passed' };
    try {
      return await ask({ abortSignal: AbortSignal.timeout(this.left()) });
    } catch (error) {
      return failure(error, action);
    }
  }

  /** Counts one call. */
  async count<T>(call: Promise<T>): Promise<T> {
    this.usage.apiCalls += 1;
    return call;
  }
}

export const ok = <T>(data: T): Look<T> => ({ status: 'OK', data });

export function failure(error: unknown, action: string): Look<never> {
  const { name = 'Error', message = '', $metadata } = error as { name?: string; message?: string; $metadata?: { httpStatusCode?: number } };
  if (LATE.test(name)) return { status: 'TIMED_OUT', reason: message };
  if (NOT_FOUND.test(name)) return { status: 'NO_DATA', reason: message };
  if (UNSUPPORTED.test(name)) return { status: 'NOT_AVAILABLE', reason: `not offered here (${message})`.slice(0, 300) };
  if (DENIED.test(name) || $metadata?.httpStatusCode === 403) {
    return { status: 'ACCESS_DENIED', action: message.match(/not authorized to perform:? ([\w-]+:\w+)/)?.[1] ?? action, reason: message };
  }
  return { status: 'ERROR', reason: `${name}: ${message}`.slice(0, 300) };
}
