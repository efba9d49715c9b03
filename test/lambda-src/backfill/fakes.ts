import type { Backfill } from '../../../lambda-src/backfill/run-slice';

/** An object of the fake bucket. */
export interface Stored {
  readonly etag?: string;
  readonly lastModified?: Date;
  readonly storageClass?: string;
  readonly restore?: { readonly IsRestoreInProgress?: boolean; readonly RestoreExpiryDate?: Date };
}

type Command = { input: any; constructor: { name: string } };

export const BEGUN = Date.parse('2026-11-23T12:30:00.123Z');
export const MODIFIED = new Date('2026-11-20T08:00:00.000Z');

/** Keys in the order in which S3 lists them. */
export const inOrder = (keys: Iterable<string>) => [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** A bucket and a queue that answer as AWS does, and a clock that moves only when somebody sleeps. */
export class Cloud {
  public readonly objects = new Map<string, Stored>();
  public readonly lists: any[] = [];
  /** The messages that the queue has taken, with the time. */
  public readonly messages: { at: number; body: any }[] = [];
  /** Attempts to send a batch: when, and of how many bytes and messages. */
  public readonly batches: { at: number; count: number; bytes: number }[] = [];
  public readonly sleeps: number[] = [];
  /** Pages that hold no key and are not the last: S3 may send such. */
  public emptyPages = 0;
  private time = BEGUN;
  /** Says whether the queue refuses an entry. */
  public refuses: () => boolean = () => false;

  public put(keys: Iterable<string>, stored: Stored = {}): this {
    for (const key of keys) this.objects.set(key, stored);
    return this;
  }

  public backfill(settings: Partial<Pick<Backfill, 'keyPrefix' | 'keySuffix'>> = {}): Backfill {
    return {
      s3: { send: async (command: Command) => this.list(command.input) } as never,
      sqs: { send: async (command: Command) => this.take(command.input) } as never,
      bucket: 'bucket',
      queueUrl: 'https://queue',
      keyPrefix: '',
      keySuffix: '',
      quarantinePrefix: 'quarantine/',
      now: () => this.time,
      sleep: async (ms) => {
        this.sleeps.push(ms);
        this.time += ms;
      },
      ...settings,
    };
  }

  /** The keys that were queued, each once for each time. */
  public queued(): string[] {
    return this.messages.map(({ body }) => body.backfill.key);
  }

  private list(input: any) {
    this.lists.push(input);
    if (input.EncodingType !== 'url') throw new Error('a key with a control character would break the XML');
    if (this.emptyPages > 0 && this.emptyPages-- > 0) return { IsTruncated: true, NextContinuationToken: 'beyond', EncodingType: 'url' };
    const after = input.StartAfter === undefined ? undefined : Buffer.from(input.StartAfter);
    const keys = inOrder(this.objects.keys())
      .filter((key) => key.startsWith(input.Prefix) && (after === undefined || Buffer.compare(Buffer.from(key), after) > 0));
    const page = keys.slice(0, input.MaxKeys);
    return {
      EncodingType: 'url',
      IsTruncated: page.length < keys.length,
      NextContinuationToken: page.length < keys.length ? 'of S3' : undefined,
      Contents: page.length === 0 ? undefined : page.map((key) => {
        const { etag = 'e1', lastModified = MODIFIED, storageClass = 'STANDARD', restore } = this.objects.get(key)!;
        // As forms are encoded, but for the slash.
        const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
        return { Key: encoded, ETag: `"${etag}"`, LastModified: lastModified, StorageClass: storageClass, RestoreStatus: restore };
      }),
    };
  }

  private take({ QueueUrl, Entries }: { QueueUrl: string; Entries: { Id: string; MessageBody: string }[] }) {
    const bytes = Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0);
    this.batches.push({ at: this.time - BEGUN, count: Entries.length, bytes });
    if (QueueUrl !== 'https://queue' || Entries.length < 1 || Entries.length > 10 || new Set(Entries.map(({ Id }) => Id)).size < Entries.length) {
      throw new Error('SQS takes one to ten entries of different ids');
    }
    // eslint-disable-next-line no-control-regex -- these are what SQS refuses
    if (Entries.some(({ MessageBody }) => /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(MessageBody))) throw new Error('InvalidMessageContents');
    const refused = new Set(Entries.filter(() => this.refuses()).map(({ Id }) => Id));
    const taken = Entries.filter(({ Id }) => !refused.has(Id));
    this.messages.push(...taken.map(({ MessageBody }) => ({ at: this.time - BEGUN, body: JSON.parse(MessageBody) })));
    return {
      Successful: taken.length > 0 ? taken.map(({ Id }) => ({ Id })) : undefined,
      Failed: refused.size > 0 ? [...refused].map((Id) => ({ Id, Code: 'InternalError', Message: 'try again', SenderFault: false })) : undefined,
    };
  }
}
