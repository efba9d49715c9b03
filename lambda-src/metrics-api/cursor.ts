import { badParameter } from './problem';
import { END_OF_TIME } from './range';

/**
 * Tells whether a cursor's content is where a page ended. A cursor is opaque to callers, but no secret: it comes back as a parameter and is
 * believed no more than any other.
 */
export type Position<T> = (value: unknown) => value is T;
type Check = (value: unknown) => boolean;

export const isTime: Check = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= END_OF_TIME;
export const isName: Check = (value) => typeof value === 'string' && Buffer.byteLength(value) <= 256;
export const maybe = (check: Check): Check => (value) => value === undefined || check(value);

/** A position with just these members. (A library for schemas would do the same, in 5 KB of this handler's 80.) */
export function position<T>(checks: { readonly [Member in keyof T]-?: Check }): Position<T> {
  return (value): value is T => typeof value === 'object' && value !== null
    && Object.keys(value).every((member) => Object.hasOwn(checks, member))
    && Object.entries<Check>(checks).every(([member, check]) => check((value as Record<string, unknown>)[member]));
}

/**
 * The last series of a page, or the last service where all of its series were given; and the range: "the last hour" stays the
 * same hour on every page. `asOf` is the time that the answer was planned by, for the border of the kept samples moves with it.
 */
export interface SeriesPosition {
  readonly service: string;
  readonly metric?: string;
  readonly from: number;
  readonly to: number;
  readonly asOf: number;
}

const hasItsMembers = position<SeriesPosition>({ service: isName, metric: maybe(isName), from: isTime, to: isTime, asOf: isTime });

export const isSeriesPosition: Position<SeriesPosition> = (value): value is SeriesPosition => hasItsMembers(value) && value.from < value.to;

/** The last name of a page of the catalogue. */
export interface NamePosition { readonly name: string }
export const isNamePosition = position<NamePosition>({ name: isName });

export function encodeCursor(end: object): string {
  return Buffer.from(JSON.stringify(end)).toString('base64url');
}

export function decodeCursor<T>(isPosition: Position<T>, cursor: string | undefined): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    const found: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isPosition(found)) return found;
  } catch {
    // No JSON: refused like any that is no position.
  }
  throw badParameter('cursor', cursor, 'the cursor of an earlier answer to the same question, unchanged');
}
