import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { processObject, type Processed } from '../lambda-src/log-processor/process-object';
import { objectGeneration, objectSource } from '../lambda-src/shared/items';
import type { Store } from '../lambda-src/shared/store';

/** A log object as the log processor meets it. */
export interface LogFile {
  readonly key: string;
  readonly content: Readable;
  /** When its event came, in milliseconds. */
  readonly eventTime: number;
}

/** S3 hands out bodies in pieces of this size. */
export const CHUNK_BYTES = 64 * 1024;

/** The chunks of a body. */
export function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/** Takes a log file through the log processor's own code, S3 aside. */
export async function ingest(store: Store, { key, content, eventTime }: LogFile): Promise<Processed> {
  const processed = await processObject({
    s3: { send: async () => ({ Body: content }) } as unknown as S3Client,
    store,
    quarantinePrefix: 'quarantine/',
    maxObjectBytes: 2 ** 31,
    maxLineBytes: 2 ** 20,
  }, { source: objectSource('bucket', key), bucket: 'bucket', key, etag: '0123456789abcdef0123456789abcdef', generation: objectGeneration('0055AED6DCD90281E5'), eventTime });
  if (processed.outcome !== 'stored' || processed.quarantined > 0) throw new Error(`${key}: ${JSON.stringify({ ...processed, parts: processed.parts.length })}`);
  return processed;
}
