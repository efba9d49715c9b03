/** Prometheus's names for kinds of failures. */
export type ErrorType = 'bad_data' | 'execution' | 'not_found' | 'internal';

/** An answer that says no, in Prometheus's envelope; thrown from wherever the reason is found. */
export class Failure extends Error {
  public constructor(
    public readonly status: number, public readonly errorType: ErrorType, message: string, public readonly headers?: Record<string, string>,
  ) {
    super(message);
  }
}

/** The request is wrong: a parameter, or what a query says. */
export function badData(message: string): Failure {
  return new Failure(400, 'bad_data', message);
}

/** The request is right, and cannot be carried out. */
export function cannotExecute(message: string): Failure {
  return new Failure(422, 'execution', message);
}

/** Where a query is wrong, as `line:column`, both from 1, in the way that Prometheus tells it. */
export function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}
