import * as v from 'valibot';
import { badParameter } from './problem';

/**
 * Where a page ended. Opaque to callers, but no secret: it comes back as a parameter and is believed no more than any other.
 */
const Time = v.pipe(v.number(), v.safeInteger());
const Name = v.pipe(v.string(), v.maxBytes(256));

/**
 * The last series of a page, or the last service where all of its series were given; and the range: "the last hour" stays the
 * same hour on every page.
 */
export const SeriesPosition = v.strictObject({ service: Name, metric: v.optional(Name), from: Time, to: Time });
export type SeriesPosition = v.InferOutput<typeof SeriesPosition>;

/** The last name of a page of the catalogue. */
export const NamePosition = v.strictObject({ name: Name });
export type NamePosition = v.InferOutput<typeof NamePosition>;

export function encodeCursor(position: SeriesPosition | NamePosition): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

export function decodeCursor<T>(schema: v.GenericSchema<unknown, T>, cursor: string | undefined): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    return v.parse(schema, JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw badParameter('cursor', cursor, 'the cursor of an earlier answer to the same question, unchanged');
  }
}
