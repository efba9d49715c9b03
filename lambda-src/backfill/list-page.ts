import { ListObjectsV2Command, type ListObjectsV2Output, type _Object, type S3Client } from '@aws-sdk/client-s3';
import type { Slice } from './request';

/** Where log objects lie, and which of them are read: what the event rule's pattern says, too. */
export interface LogObjects {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly keyPrefix: string;
  readonly keySuffix: string;
  readonly quarantinePrefix: string;
}

export interface FoundObject {
  readonly key: string;
  /** As events tell it: without quotes. */
  readonly etag: string;
  /** RFC 3339, to the second. */
  readonly lastModified: string;
}

/** Objects that are not queued, by reason: our own quarantine, archived ones that nobody has restored, keys that events are not listened to for. */
export interface Skipped {
  quarantine: number;
  archived: number;
  otherKeys: number;
}

export interface Page {
  readonly objects: readonly FoundObject[];
  readonly skipped: Skipped;
  /** The last key of this page, where others follow. */
  readonly after?: string;
}

const MAX_KEYS = 1000;
/** So long may a slice take: the AWS CLI gives up on an invocation, and invokes again, after a minute. */
const SLICE_SECONDS = 45;

/** One page of a listing: no more keys than the slice's rate lets it queue in time. */
export async function listPage(where: LogObjects, { prefix, perSecond, after }: Slice): Promise<Page> {
  const { contents, isLast } = await list(where, { Prefix: prefix, StartAfter: after, MaxKeys: Math.min(MAX_KEYS, SLICE_SECONDS * perSecond) });
  const skipped: Skipped = { quarantine: 0, archived: 0, otherKeys: 0 };
  const objects: FoundObject[] = [];
  for (const object of contents) {
    const reason = reasonToSkip(where, object);
    if (reason) skipped[reason]++;
    else objects.push({ key: object.Key!, etag: object.ETag!.replace(/^"|"$/g, ''), lastModified: toTheSecond(object.LastModified!) });
  }
  return { objects, skipped, after: isLast ? undefined : contents.at(-1)!.Key };
}

async function list({ s3, bucket }: LogObjects, from: { Prefix: string; StartAfter?: string; MaxKeys: number }) {
  let page: ListObjectsV2Output;
  let token: string | undefined;
  do {
    page = await s3.send(new ListObjectsV2Command({
      Bucket: bucket,
      ...from,
      ContinuationToken: token,
      // A key may hold characters that no XML can carry.
      EncodingType: 'url',
      OptionalObjectAttributes: ['RestoreStatus'],
    }));
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
    // Of a page without keys, only S3 knows where it ended.
  } while (token && !page.Contents?.length);
  const decode = page.EncodingType === 'url' ? decodeKey : (key: string) => key;
  return { contents: (page.Contents ?? []).map((object) => ({ ...object, Key: decode(object.Key!) })), isLast: !page.IsTruncated };
}

/** As forms encode: a space is a plus, and a plus is not. */
function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

function reasonToSkip(where: LogObjects, { Key, StorageClass, RestoreStatus }: _Object): keyof Skipped | undefined {
  const { keyPrefix, keySuffix, quarantinePrefix } = where;
  const key = Key!;
  if (key.startsWith(quarantinePrefix)) return 'quarantine';
  // The rule's wildcard stands between prefix and suffix: they do not overlap.
  if (key.length < keyPrefix.length + keySuffix.length || !key.startsWith(keyPrefix) || !key.endsWith(keySuffix)) return 'otherKeys';
  const isArchived = StorageClass === 'GLACIER' || StorageClass === 'DEEP_ARCHIVE';
  const isRestored = RestoreStatus?.RestoreExpiryDate !== undefined && !RestoreStatus.IsRestoreInProgress;
  return isArchived && !isRestored ? 'archived' : undefined;
}

function toTheSecond(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
