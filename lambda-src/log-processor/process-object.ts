import type { S3Client } from '@aws-sdk/client-s3';
import { documentsOf } from './embedded-metrics';
import { openLogObject, readContent, UnusableObject } from './log-object';
import { type ObjectEvent, versionOf } from './object-event';
import { putQuarantine, Quarantine } from './quarantine';
import { type Place, Splitter } from './split';
import type { Problem } from '../shared/document';
import { Intake } from '../shared/intake';
import { type ObjectVersion, readHead } from '../shared/ledger';
import type { Store } from '../shared/store';
import { ObjectWriter, settleObject } from '../shared/store-writer';
import type { PackedPart, PartHead } from '../timeseries/pack';

export interface Processing {
  readonly s3: S3Client;
  readonly store: Store;
  readonly quarantinePrefix: string;
  /** Uncompressed. */
  readonly maxObjectBytes: number;
  readonly maxLineBytes: number;
}

/** What became of an object. */
export interface Processed {
  /** `ignored` is our own quarantine; `superseded` leaves it to the object's newer content; `deleted` was never stored, or not as a whole. */
  readonly outcome: 'stored' | 'superseded' | 'deleted' | 'ignored';
  readonly samples: number;
  readonly quarantined: number;
  readonly quarantineKey?: string;
  readonly parts: readonly PartHead[];
}

const NOTHING = { samples: 0, quarantined: 0, parts: [] };

/**
 * From an event to stored samples, as the bytes come: neither a large object nor a small one that unfolds to much is ever in memory whole.
 * The result is a function of the object's bytes and the event alone, so doing it again, wholly or after a crash, changes nothing.
 */
export async function processObject(processing: Processing, event: ObjectEvent): Promise<Processed> {
  // Always, whatever the event rule's pattern could express: or a quarantine file would bring forth another.
  if (event.key.startsWith(processing.quarantinePrefix)) return { outcome: 'ignored', ...NOTHING };
  const object = await versionOf(processing.store, event);
  const found = await openLogObject(processing.s3, object);
  if ('missing' in found) return settle(processing, object, found.missing);

  const writer = new ObjectWriter(processing.store, object);
  const reading = new Reading(processing, object);
  try {
    for await (const chunk of readContent(found.body, processing.maxObjectBytes, found.size)) {
      if (!await writer.add(reading.take(chunk))) return { outcome: 'superseded', ...NOTHING };
    }
    const outcome = await writer.add(reading.end()) ? await writer.finish() : 'superseded';
    if (outcome === 'superseded') return { outcome, ...NOTHING };
    return { outcome, samples: reading.samples, parts: reading.parts, ...await keep(processing, object, reading.quarantine) };
  } catch (error) {
    if (!(error instanceof UnusableObject)) throw error;
    // What cannot be read holds no samples; stored as such, it still replaces what its key held before.
    const outcome = await writer.finishEmpty();
    return { outcome, ...NOTHING, ...outcome === 'stored' && await keep(processing, object, ofWhole(error.problem)) };
  }
}

/** The reading of one object: what its bytes so far have brought. */
class Reading {
  public readonly quarantine = new Quarantine();
  public readonly parts: PartHead[] = [];
  public samples = 0;
  private readonly intake: Intake;
  private readonly splitter: Splitter;

  constructor({ store, maxLineBytes }: Processing, { eventTime }: ObjectVersion) {
    this.intake = new Intake({ eventTime, sampleRetentionDays: store.sampleRetentionDays });
    this.splitter = new Splitter({
      document: (value, place) => documentsOf(value).forEach((document) => this.add(document, place)),
      problem: (problem, place) => this.quarantine.add(problem, place),
    }, maxLineBytes);
  }

  /** The parts that are closed by now. */
  public take(chunk: Uint8Array): PackedPart[] {
    this.splitter.write(chunk);
    return this.noted(this.intake.takeClosed());
  }

  public end(): PackedPart[] {
    this.splitter.end();
    return this.noted(this.intake.finish());
  }

  private add(document: unknown, place: Place): void {
    const { accepted, problems } = this.intake.add(document);
    this.samples += accepted;
    for (const problem of problems) this.quarantine.add(problem, place);
  }

  private noted(parts: PackedPart[]): PackedPart[] {
    for (const { bytes: _, ...head } of parts) this.parts.push(head);
    return parts;
  }
}

/** The object is gone: what an earlier delivery left to do is done, and if that one did not read it whole, the quarantine says so. */
async function settle(processing: Processing, object: ObjectVersion, missing: 'replaced' | 'deleted'): Promise<Processed> {
  const { store } = processing;
  const head = await readHead(store, object.source);
  const isWhole = head !== undefined && (head.generation > object.generation
    || (head.generation === object.generation && await settleObject(store, object, head)));
  if (isWhole || missing === 'replaced') return { outcome: 'superseded', ...NOTHING };
  const problem: Problem = { code: 'source_gone', message: 'the object was deleted before it was read' };
  return { outcome: 'deleted', ...NOTHING, ...await keep(processing, object, ofWhole(problem)) };
}

function ofWhole(problem: Problem): Quarantine {
  const quarantine = new Quarantine();
  quarantine.add(problem);
  return quarantine;
}

async function keep({ s3, quarantinePrefix }: Processing, object: ObjectVersion, quarantine: Quarantine) {
  if (quarantine.count === 0) return { quarantined: 0 };
  return { quarantined: quarantine.count, quarantineKey: await putQuarantine(s3, quarantinePrefix, object, quarantine) };
}
