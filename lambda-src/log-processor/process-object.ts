import type { S3Client } from '@aws-sdk/client-s3';
import { readLogObject } from './log-object';
import { putQuarantine, Quarantine } from './quarantine';
import { splitDocuments } from './split';
import { Intake } from '../shared/intake';
import { fitsLedger, MAX_PARTS, type ObjectVersion, readHead } from '../shared/ledger';
import type { Store } from '../shared/store';
import { storeObject } from '../shared/store-writer';
import type { PackedPart } from '../timeseries/pack';

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
  /** `ignored` is our own quarantine; `superseded` leaves it to the object's newer content; `deleted` was never stored. */
  readonly outcome: 'stored' | 'superseded' | 'deleted' | 'ignored';
  readonly samples: number;
  readonly quarantined: number;
  readonly quarantineKey?: string;
  readonly parts: readonly PackedPart[];
}

const NOTHING = { samples: 0, quarantined: 0, parts: [] };

/**
 * From an event to stored samples. The result is a function of the object's bytes and the event alone, so doing it again,
 * wholly or after a crash, changes nothing.
 */
export async function processObject(processing: Processing, object: ObjectVersion): Promise<Processed> {
  const { s3, store, quarantinePrefix } = processing;
  // Always, whatever the event rule's pattern could express: or a quarantine file would bring forth another.
  if (object.key.startsWith(quarantinePrefix)) return { outcome: 'ignored', ...NOTHING };

  const content = await readLogObject(s3, object, processing.maxObjectBytes);
  const quarantine = new Quarantine();
  if ('missing' in content) {
    if (content.missing === 'replaced' || await isKnown(store, object)) return { outcome: 'superseded', ...NOTHING };
    quarantine.add({ code: 'source_gone', message: 'the object was deleted before it was read' }, WHOLE_OBJECT);
    return { outcome: 'deleted', ...NOTHING, ...await keep(processing, object, quarantine) };
  }

  let taken: Taken = { samples: 0, parts: [] };
  // What cannot be read holds no samples; stored as such, it still replaces what its key held before.
  if ('problem' in content) quarantine.add(content.problem, WHOLE_OBJECT);
  else taken = take(content.bytes, processing, object, quarantine);
  const outcome = await storeObject(store, object, taken.parts);
  if (outcome === 'superseded') return { outcome, ...NOTHING };
  return { outcome, ...taken, ...await keep(processing, object, quarantine) };
}

/** Series of one object, counted in each hour anew. Each takes some 450 bytes beside its samples, however small the object is. */
export const MAX_SERIES_HOURS = 250_000;
const WHOLE_OBJECT = { line: 0, offset: 0 };

interface Taken { readonly samples: number; readonly parts: readonly PackedPart[] }

/** Takes what is good of an object's bytes. */
function take(bytes: Uint8Array, { store, maxLineBytes }: Processing, object: ObjectVersion, quarantine: Quarantine): Taken {
  const intake = new Intake({ eventTime: object.eventTime, sampleRetentionDays: store.sampleRetentionDays });
  const refuse = (found: string): Taken => {
    quarantine.add({ code: 'too_many_parts', message: `${found}: split the object` }, WHOLE_OBJECT);
    return { samples: 0, parts: [] };
  };
  let samples = 0;
  for (const { line, offset, end, value, problem } of splitDocuments(bytes, maxLineBytes)) {
    const { accepted, problems } = problem ? { accepted: 0, problems: [problem] } : intake.add(value);
    samples += accepted;
    for (const found of problems) quarantine.add(found, { line, offset, text: bytes.subarray(offset, end) });
    // What cannot be stored as a whole must not fill the memory first.
    if (intake.spread.hours > MAX_PARTS) return refuse(`more than ${MAX_PARTS} pairs of service and hour`);
    if (intake.spread.series > MAX_SERIES_HOURS) return refuse(`more than ${MAX_SERIES_HOURS} series, counted in each hour anew`);
  }
  const parts = intake.finish();
  return fitsLedger(parts) ? { samples, parts } : refuse(`${parts.length} pairs of service and hour`);
}

/** Whether this content of the object, or a newer one, was stored before it vanished. */
async function isKnown(store: Store, { source, generation }: ObjectVersion): Promise<boolean> {
  const head = await readHead(store, source);
  return head !== undefined && head.generation >= generation;
}

async function keep({ s3, quarantinePrefix }: Processing, object: ObjectVersion, quarantine: Quarantine) {
  if (quarantine.count === 0) return { quarantined: 0 };
  return { quarantined: quarantine.count, quarantineKey: await putQuarantine(s3, quarantinePrefix, object, quarantine) };
}
