import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { recordSeen } from './catalogue';
import { markAfter, markBefore } from './day-markers';
import { type PartId, partItem, partKey, REQUEST_GENERATION } from './items';
import { addChunk, clearHead, type ObjectVersion, readChunks, takeHead } from './ledger';
import { type LedgerHead, partText } from './ledger-items';
import { forEachBounded, type Store, unlessConditionFails } from './store';
import type { PackedPart } from '../timeseries/pack';

/**
 * Writes the parts of one source so that the end state is the same whatever is delivered twice, late, out of order or
 * concurrently, and wherever a worker dies.
 *
 * The order carries the proof: before a part is written its key stands in the ledger, so a later generation that does not
 * hold it any more knows to bury it; and a part never gives way to an older generation, so a slow worker cannot undo it.
 */

/** `superseded`: a newer generation of the source was found, which stores what this one would. */
export type StoreOutcome = 'stored' | 'superseded';

/** Parts are written by so many at a time. */
const WRITES_AT_ONCE = 16;

/** When what was collected of an object is written, and the object is a large one. Functions of the input alone, as the parts are. */
export interface ChunkLimits {
  readonly samples: number;
  /** Of the keys, as texts. */
  readonly keyBytes: number;
}

/** A group of parts takes about a megabyte encoded; its keys fit the head, beside as many stale ones, and any chunk. */
const LIMITS: ChunkLimits = { samples: 500_000, keyBytes: 64 * 1024 };

/**
 * Stores one content of one log object, as its parts come. What fits one group, nearly every object, costs one write of the ledger's head
 * and one for each part. A large object is written group by group, so that it never has to be in memory as a whole.
 */
export class ObjectWriter {
  private readonly own = new Set<string>();
  private group: PackedPart[] = [];
  private samples = 0;
  private keyBytes = 0;
  private chunks = 0;
  private head?: LedgerHead;
  private superseded = false;

  constructor(private readonly store: Store, private readonly object: ObjectVersion, private readonly limits = LIMITS) {}

  /** Takes the object's next parts; false where a newer generation was found: then there is nothing more to do. */
  public async add(parts: readonly PackedPart[]): Promise<boolean> {
    for (const part of parts) {
      this.group.push(part);
      this.samples += part.samples;
      this.keyBytes += Buffer.byteLength(part.service) + 20;
      if (this.samples >= this.limits.samples || this.keyBytes >= this.limits.keyBytes) await this.writeChunk();
      if (this.superseded) return false;
    }
    return true;
  }

  /** Stores the rest, and buries what earlier generations had beside it. */
  public async finish(): Promise<StoreOutcome> {
    if (this.chunks > 0) await this.writeChunk();
    else await this.writeWhole();
    return this.superseded ? 'superseded' : this.bury();
  }

  /** Stores that the object holds nothing after all. What was written of it already is buried, too. */
  public async finishEmpty(): Promise<StoreOutcome> {
    this.group = [];
    this.own.clear();
    if (!this.head) await this.writeWhole();
    return this.superseded ? 'superseded' : this.bury(true);
  }

  private async writeWhole(): Promise<void> {
    await recordSeen(this.store, this.group);
    this.head = await takeHead(this.store, this.object, this.group);
    await this.writeGroup();
  }

  private async writeChunk(): Promise<void> {
    await recordSeen(this.store, this.group);
    this.head ??= await takeHead(this.store, this.object, []);
    this.head &&= await addChunk(this.store, this.object, this.chunks++, this.group);
    await this.writeGroup();
  }

  private async writeGroup(): Promise<void> {
    const { store, object: { source, generation }, group } = this;
    this.superseded = !this.head || !await putAll(store, source, generation, group, ({ bytes }) => bytes);
    for (const part of group) this.own.add(partText(part));
    this.group = [];
    this.samples = 0;
    this.keyBytes = 0;
  }

  private async bury(everything = false): Promise<StoreOutcome> {
    const { store, object: { source, generation }, own } = this;
    const head = this.head!;
    const counted = [...head.older.map((older) => readChunks(store, source, older)), readChunks(store, source, head, everything ? 0 : this.chunks)];
    const candidates = [...head.stale, ...(await Promise.all(counted)).flat()];
    const stale = [...new Map(candidates.map((id) => [partText(id), id]))].filter(([text]) => !own.has(text)).map(([, id]) => id);
    if (stale.length > 0 && !await putAll(store, source, generation, stale, () => undefined)) return 'superseded';
    if (head.stale.length + head.older.length + this.chunks > 0) await clearHead(store, source, head);
    return 'stored';
  }
}

/** Stores what an object holds, all of its parts. An object without samples is stored too: it may replace one that had some. */
export async function storeObject(store: Store, object: ObjectVersion, parts: readonly PackedPart[], limits?: ChunkLimits): Promise<StoreOutcome> {
  const writer = new ObjectWriter(store, object, limits);
  return await writer.add(parts) ? writer.finish() : 'superseded';
}

/**
 * Does again what can be done without the object's content, where that is gone: an earlier delivery may have died between writing the
 * parts and marking their days, or before it buried what is stale. False where it had not written all parts yet.
 */
export async function settleObject(store: Store, { source, generation }: ObjectVersion, head: LedgerHead): Promise<boolean> {
  const isLarge = head.chunks > 0;
  const own = [...head.parts, ...await readChunks(store, source, head)];
  await markAfter(store, own);
  // Of a large object that was not read to its end, nobody knows any more which older parts it would have kept: those stay.
  if (isLarge) return head.done;
  const older = await Promise.all(head.older.map((chunks) => readChunks(store, source, chunks)));
  const stale = [...head.stale, ...older.flat()];
  if (stale.length > 0 && await putAll(store, source, generation, stale, () => undefined)) await clearHead(store, source, head);
  let missing = 0;
  await forEachBounded(own, WRITES_AT_ONCE, async (id) => {
    const { Item } = await store.client.send(new GetItemCommand({ TableName: store.table, Key: partKey(id, source), ConsistentRead: true }));
    if (!(Item && Item.g.S! >= generation)) missing++;
  });
  return missing === 0;
}

/**
 * Stores what a request brought. A request's source has one content only, so there is nothing to supersede or to bury;
 * with an `Idempotency-Key`, the request is claimed first (`claimRequest`).
 */
export async function storeRequest(store: Store, source: string, parts: readonly PackedPart[]): Promise<void> {
  await recordSeen(store, parts);
  await putAll(store, source, REQUEST_GENERATION, parts, ({ bytes }) => bytes);
}

/** Writes parts, or tombstones, and marks their days; false where one of them has a newer generation: then this worker is stale and stops. */
async function putAll<T extends PartId>(
  store: Store, source: string, generation: string, ids: readonly T[], dataOf: (id: T) => Uint8Array | undefined,
): Promise<boolean> {
  let superseded = false;
  await markBefore(store, ids);
  await forEachBounded(ids, WRITES_AT_ONCE, async (id) => {
    if (superseded) return;
    const written = await unlessConditionFails(store.client.send(new PutItemCommand({
      TableName: store.table,
      Item: partItem(id, source, generation, store.sampleRetentionDays, dataOf(id)),
      ConditionExpression: 'attribute_not_exists(g) OR g <= :g',
      ExpressionAttributeValues: { ':g': { S: generation } },
    })));
    superseded ||= written === undefined;
  });
  if (!superseded) await markAfter(store, ids);
  return !superseded;
}
