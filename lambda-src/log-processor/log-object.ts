import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Problem } from '../shared/document';

/** An event's object as it is now. */
export type LogObject =
  | { readonly body: AsyncIterable<Uint8Array>; /** Bytes as stored. */ readonly size?: number }
  /** It is another one now, whose own event comes, or it was deleted. */
  | { readonly missing: 'replaced' | 'deleted' };

/** The object is there but cannot be used as a whole: a repetition would find the same. */
export class UnusableObject extends Error {
  constructor(public readonly problem: Problem) {
    super(problem.message);
  }
}

/** Opens the very object of an event. What S3 refuses is thrown: a later attempt may succeed. */
export async function openLogObject(s3: S3Client, object: { bucket: string; key: string; etag: string }): Promise<LogObject> {
  try {
    const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket: object.bucket, Key: object.key, IfMatch: `"${object.etag}"` }));
    return { body: Body as AsyncIterable<Uint8Array>, size: ContentLength };
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 412) return { missing: 'replaced' };
    if (status === 404) return { missing: 'deleted' };
    throw error;
  }
}

/**
 * The content of an object, uncompressed, as it comes; gzip is told by its first bytes, whatever the key or the headers say.
 *
 * @throws UnusableObject beyond the limit, and on gzip that is damaged. Of both, only the end of the stream would tell otherwise.
 */
export async function* readContent(body: AsyncIterable<Uint8Array>, maxBytes: number, size?: number): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let bytes = 0; bytes < 2;) {
    const { done, value } = await iterator.next();
    if (done) break;
    first.push(value);
    bytes += value.length;
  }
  const beginning = Buffer.concat(first);
  const isGzip = beginning[0] === 0x1f && beginning[1] === 0x8b;
  const whole = continued(beginning, iterator);
  let bytes = 0;
  // Leaving the loop closes the stream: what is beyond the limit is not even transferred.
  for await (const chunk of isGzip ? unzipped(whole) : whole) {
    bytes += chunk.length;
    if (bytes > maxBytes || (!isGzip && size !== undefined && size > maxBytes)) {
      throw new UnusableObject({ code: 'object_too_large', message: `more than ${maxBytes} uncompressed bytes, the limit of maxObjectSize` });
    }
    yield chunk;
  }
}

async function* continued(beginning: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (beginning.length > 0) yield beginning;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Several members are read as one. It is unzipped as it is read, so a kilobyte that unfolds to a megabyte never lies in memory whole. */
async function* unzipped(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  // What goes wrong comes out of the loop below.
  pipeline(Readable.from(compressed, { objectMode: false }), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') ? new UnusableObject({ code: 'bad_gzip', message }) : error;
  }
}
