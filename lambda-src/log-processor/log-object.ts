import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Problem } from '../shared/document';

/** An event's object as it is now: its bytes, uncompressed, or why it is not read. */
export type LogObject =
  | { readonly bytes: Uint8Array }
  /** It is there but cannot be used: a repetition would find the same. */
  | { readonly problem: Problem }
  /** It is another one now, whose own event comes, or it was deleted. */
  | { readonly missing: 'replaced' | 'deleted' };

const unzip = promisify(gunzip);

/** Reads the very object of an event. What S3 refuses is thrown: a later attempt may succeed. */
export async function readLogObject(s3: S3Client, object: { bucket: string; key: string; etag: string }, maxBytes: number): Promise<LogObject> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: object.bucket, Key: object.key, IfMatch: `"${object.etag}"` }));
    return await readContent(Body as AsyncIterable<Uint8Array>, maxBytes);
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 412) return { missing: 'replaced' };
    if (status === 404) return { missing: 'deleted' };
    throw error;
  }
}

/** The content of an object; gzip is told by its first bytes, whatever the key or the headers say. */
export async function readContent(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<LogObject> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop closes the stream: what is beyond the limit is not even transferred.
    if (size > maxBytes) return tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes };
  try {
    // Several members are read as one. The limit is what protects from a kilobyte that unfolds to a megabyte.
    return { bytes: await unzip(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(maxBytes) : { problem: { code: 'bad_gzip', message } };
  }
}

function tooLarge(maxBytes: number): LogObject {
  return { problem: { code: 'object_too_large', message: `more than ${maxBytes} uncompressed bytes, the limit of maxObjectSize` } };
}
