import { backfillGeneration, objectGeneration, objectSource } from '../shared/items';
import { type ObjectVersion, readHead } from '../shared/ledger';
import type { Store } from '../shared/store';

/** An object that lies in the bucket already, as the backfill asks for it. */
export interface BackfillRequest {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** RFC 3339, to the second. */
  readonly lastModified: string;
  /** When the backfill began, RFC 3339: the time by which the age of samples is judged. */
  readonly startedAt: string;
}

/** What a message tells of: content whose generation S3 has told, or content that was found in the bucket. */
export type ObjectEvent = ObjectVersion | Omit<ObjectVersion, 'generation'> & { readonly lastModified: number };

/**
 * The object that a message tells of: EventBridge's event `Object Created`, or a backfill's request. EventBridge carries the raw key: there
 * is nothing to decode.
 */
export function objectOf(messageBody: string): ObjectEvent {
  const event = JSON.parse(messageBody);
  if (event?.backfill) {
    const { bucket, key, etag } = locate(event, ['backfill', 'bucket'], ['backfill', 'key'], ['backfill', 'etag']);
    const times = { eventTime: time(event, 'backfill', 'startedAt'), lastModified: time(event, 'backfill', 'lastModified') };
    return { source: objectSource(bucket, key), bucket, key, etag, ...times };
  }
  const { bucket, key, etag } = locate(event, ['detail', 'bucket', 'name'], ['detail', 'object', 'key'], ['detail', 'object', 'etag']);
  return {
    source: objectSource(bucket, key),
    generation: objectGeneration(text(event, 'detail', 'object', 'sequencer')),
    bucket,
    key,
    etag,
    eventTime: time(event, 'time'),
  };
}

/**
 * The version of an object that a message tells of. Of one that was found in the bucket, the ledger may know the event that brought it: then
 * it is that very version. Else it comes after what the ledger knows, and before any event of S3's that is still to come.
 */
export async function versionOf(store: Store, event: ObjectEvent): Promise<ObjectVersion> {
  if ('generation' in event) return event;
  const { lastModified, ...object } = event;
  const head = await readHead(store, object.source);
  if (head?.etag === object.etag) return { ...object, generation: head.generation, eventTime: head.eventTime };
  return { ...object, generation: backfillGeneration(head?.generation, lastModified) };
}

function locate(event: unknown, bucket: string[], key: string[], etag: string[]) {
  return { bucket: text(event, ...bucket), key: text(event, ...key), etag: text(event, ...etag) };
}

function time(event: unknown, ...path: string[]): number {
  const found = text(event, ...path);
  const value = Date.parse(found);
  if (Number.isNaN(value)) throw new Error(`The message's ${path.join('.')} is "${found}", expected RFC 3339`);
  return value;
}

function text(event: unknown, ...path: string[]): string {
  const value = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], event);
  if (typeof value === 'string' && value !== '') return value;
  throw new Error('The message is no "Object Created" event of S3 from EventBridge, and no request of a backfill: '
    + `${path.join('.')} is ${JSON.stringify(value)}, expected a text`);
}
