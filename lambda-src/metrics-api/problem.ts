import type { Answer } from './answer';
import { json } from './answer';

/** The phrases of the statuses that are answered here. (`node:http` knows them all, and takes longer to load than this handler.) */
const TITLES: Record<number, string> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** What a problem tells beside its status and its sentence. */
export interface ProblemFacts {
  /** The query parameter, header or path of the body that is wrong. */
  readonly parameter?: string;
  /** The number that was exceeded. */
  readonly limit?: number;
  readonly headers?: Record<string, string>;
  /** Further members of the answer. */
  readonly members?: Record<string, unknown>;
  /** What went wrong inside, for the log only. */
  readonly cause?: unknown;
}

/** An answer that says no, thrown from wherever the reason is found; RFC 9457. */
export class Problem extends Error {
  public constructor(public readonly status: number, detail: string, public readonly facts: ProblemFacts = {}) {
    super(detail, { cause: facts.cause });
  }

  public answer(): Answer {
    const { parameter, limit, headers, members } = this.facts;
    // `about:blank` says that the status is the whole type; the title is then the status's own phrase.
    const body = { type: 'about:blank', title: TITLES[this.status], status: this.status, detail: this.message, parameter, limit, ...members };
    return json(this.status, body, { ...headers, 'content-type': 'application/problem+json' });
  }
}

/** A parameter that cannot be understood: what was found, and what would be right. */
export function badParameter(parameter: string, found: string, expected: string): Problem {
  return new Problem(400, `${parameter} is ${quote(found)}; expected ${expected}.`, { parameter });
}

/** More was asked than one answer gives. */
export function overLimit(parameter: string, limit: number, detail: string): Problem {
  return new Problem(400, detail, { parameter, limit });
}

/** What the caller sent, short enough to be told back. */
export function quote(found: string): string {
  return JSON.stringify(found.length > 80 ? `${found.slice(0, 80)}...` : found);
}
