import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Place } from './split';
import type { Problem } from '../shared/document';
import type { ObjectVersion } from '../shared/ledger';

/** Bytes of a sample: enough to recognise a line. The object itself holds the rest. */
const MAX_SAMPLE_BYTES = 256;
/** What is listed one by one; the rest is counted by reason, or a file of rubbish would make one of several times its size. */
const MAX_LISTED = 10_000;

/** Collects what an object holds that cannot be stored, each with its reason. */
export class Quarantine {
  private readonly listed: string[] = [];
  private readonly unlisted = new Map<string, number>();
  private total = 0;

  /** Lines and values. */
  public get count(): number {
    return this.total;
  }

  /** Without a place, the problem is with the object as a whole: that is line 0. */
  public add({ code, message, path }: Problem, place?: Place): void {
    this.total++;
    if (this.listed.length === MAX_LISTED) {
      this.unlisted.set(code, (this.unlisted.get(code) ?? 0) + 1);
      return;
    }
    const { line = 0, offset = 0 } = place ?? {};
    const sample = place ? Buffer.from(place.sample(MAX_SAMPLE_BYTES)).toString().trimEnd() : '';
    this.listed.push(JSON.stringify({ reason: code, line, offset, sample, path, message }));
  }

  /** Lines of JSON: the original bucket and key, then one object for each reason. A pure function of what was added. */
  public content(bucket: string, key: string): string {
    const unlisted = [...this.unlisted].map(([reason, more]) => JSON.stringify({ reason, more }));
    return [JSON.stringify({ bucket, key }), ...this.listed, ...unlisted].map((line) => `${line}\n`).join('');
  }
}

/** Puts an object's quarantine file beside it; again means the same file again. */
export async function putQuarantine(s3: S3Client, prefix: string, object: ObjectVersion, quarantine: Quarantine): Promise<string> {
  const key = `${prefix}${object.source}/${object.generation}.ndjson`;
  await s3.send(new PutObjectCommand({
    Bucket: object.bucket, Key: key, Body: quarantine.content(object.bucket, object.key), ContentType: 'application/x-ndjson',
  }));
  return key;
}
