import { ref } from './schemas';
import type { Parameter, Schema } from '../parameters';

/** What one media type of a body is. */
export interface Content { readonly schema: Schema; readonly example: unknown }

/** An answer that is no problem. */
export interface Success {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { description: string; schema: Schema }>>;
  /** By media type. */
  readonly content: Readonly<Record<string, Content>>;
}

/** What the description says of a route beside its path, its method and its query parameters. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly pathParameters?: Readonly<Record<string, Parameter>>;
  readonly headers?: Readonly<Record<string, Parameter>>;
  readonly body?: Content;
  readonly successes: Readonly<Record<number, Success>>;
  /** The statuses of the function's own problems, beside 500; the gateway's stand with every route. */
  readonly problems: readonly number[];
  /** The problems' body where it has members of its own. */
  readonly problem?: Schema;
}

/** A body of one of the schemas. */
export const jsonOf = (schema: string, example: unknown): Success['content'] => ({ 'application/json': { schema: ref(schema), example } });

/** Parameters as an operation lists them. */
export function parametersIn(place: 'path' | 'query' | 'header', parameters: Readonly<Record<string, Parameter>> = {}) {
  return Object.entries(parameters).map(([name, parameter]) => ({ name, in: place, required: place === 'path', ...parameter }));
}
