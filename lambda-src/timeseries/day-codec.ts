import type { Figures } from './aggregate';
import { ByteReader, ByteWriter } from './bytes';
import { decodeColumn, encodeColumn } from './column';
import { Day, HOURS_A_DAY, MetricHours } from './day';
import { readSealed, seal, SEAL_BYTES } from './sealed';
import { Sketch } from './sketch';
import { decodeSketch, encodeSketch, maxSketchBytes } from './sketch-codec';
import { decodeSums, encodeSums } from './sum-column';

/**
 * A day as bytes: its hours and its sketches apart, since most questions need the hours alone, and each cut into chunks
 * that fit an item. A chunk is sealed (see sealed.ts) and can be read without the others; in it is one block per metric:
 *
 * - hours: `name | which hours have samples, 24 bits | columns of count, sum, min, max and last of these`
 * - sketches: `name | sketch` (see sketch-codec.ts)
 *
 * The round trip is bit-exact. A day without samples is a chunk without blocks: that a day was emptied must be storable.
 */
const HOURS_FORMAT = 1;
const SKETCHES_FORMAT = 1;

/**
 * An item holds 400 KB, keys and attributes included. One metric always fits: its hours take 2 KB at the most, and its sketch,
 * should there be samples in all of the 134,274 buckets, as much as this only from a hundred million samples a day on.
 */
export const MAX_CHUNK_BYTES = 300_000;

/** What `encodeDay` makes; there is at least one chunk of each. */
export interface DayChunks {
  readonly hours: Uint8Array<ArrayBuffer>[];
  readonly sketches: Uint8Array<ArrayBuffer>[];
}

/** What the chunks of hours hold, by metric. */
export type DayHours = ReadonlyMap<string, MetricHours>;
/** What the chunks of sketches hold, by metric. */
export type DaySketches = ReadonlyMap<string, Sketch>;

/** A UTF-16 unit takes at most three bytes in UTF-8; and its length. */
const nameBytes = (name: string) => 3 * name.length + 9;
/** The hours' bits, and of six columns (a sum takes two) the head and 24 float64. */
const HOURS_BYTES = 3 + 6 * (32 + 8 * HOURS_A_DAY);

export function encodeDay(day: Day): DayChunks {
  const metrics = [...day];
  return {
    hours: chunksOf(HOURS_FORMAT, metrics.map(([metric, { hours }]) => hoursBlock(metric, hours))),
    sketches: chunksOf(SKETCHES_FORMAT, metrics.map(([metric, { sketch }]) => sketchBlock(metric, sketch))),
  };
}

/** @throws UnreadablePartError on damaged bytes and on formats this release does not know. */
export function decodeDayHours(chunks: Iterable<Uint8Array>): DayHours {
  const hours = new Map<string, MetricHours>();
  for (const chunk of chunks) {
    readSealed(chunk, HOURS_FORMAT, "a day's hours", (reader) => hours.set(reader.text(), decodeHours(reader)));
  }
  return hours;
}

/** @throws UnreadablePartError on damaged bytes and on formats this release does not know. */
export function decodeDaySketches(chunks: Iterable<Uint8Array>): DaySketches {
  const sketches = new Map<string, Sketch>();
  for (const chunk of chunks) {
    readSealed(chunk, SKETCHES_FORMAT, "a day's sketches", (reader) => sketches.set(reader.text(), decodeSketch(reader)));
  }
  return sketches;
}

function chunksOf(format: number, blocks: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let pending: Uint8Array[] = [];
  let bytes = SEAL_BYTES;
  for (const block of blocks) {
    if (pending.length > 0 && bytes + block.length > MAX_CHUNK_BYTES) {
      chunks.push(seal(format, pending));
      pending = [];
      bytes = SEAL_BYTES;
    }
    pending.push(block);
    bytes += block.length;
  }
  chunks.push(seal(format, pending));
  return chunks;
}

function hoursBlock(metric: string, hours: MetricHours): Uint8Array {
  const out = new ByteWriter(nameBytes(metric) + HOURS_BYTES);
  out.text(metric);
  for (let first = 0; first < HOURS_A_DAY; first += 8) {
    out.u8(hours.slice(first, first + 8).reduce((bits, figures, i) => bits + (figures ? 2 ** i : 0), 0));
  }
  const present = hours.filter((figures) => figures !== undefined);
  const column = (figure: keyof Figures) => Float64Array.from(present, (figures) => figures[figure]);
  encodeColumn(out, column('count'), 0, present.length);
  encodeSums(out, column('sum'));
  for (const figure of ['min', 'max', 'last'] as const) encodeColumn(out, column(figure), 0, present.length);
  return out.bytes.subarray(0, out.at);
}

function decodeHours(reader: ByteReader): MetricHours {
  const present: number[] = [];
  for (let first = 0; first < HOURS_A_DAY; first += 8) {
    const bits = reader.u8();
    for (let i = 0; i < 8; i++) if (Math.floor(bits / 2 ** i) % 2 === 1) present.push(first + i);
  }
  const { length } = present;
  figures.fill(0);
  FIGURE_DECODERS.forEach((decode, column) => decode(reader, figures, column * length, (column + 1) * length));
  const hours: MetricHours[number][] = new Array(HOURS_A_DAY).fill(undefined);
  for (let i = 0; i < length; i++) {
    hours[present[i]] = {
      count: figures[i], sum: figures[i + length], min: figures[i + 2 * length], max: figures[i + 3 * length], last: figures[i + 4 * length],
    };
  }
  return hours;
}

const FIGURE_DECODERS = [decodeColumn, decodeSums, decodeColumn, decodeColumn, decodeColumn];
/** Column after column, of the metric that is being decoded: new ones for each of a month's metrics would take as long as decoding them. */
const figures = new Float64Array(FIGURE_DECODERS.length * HOURS_A_DAY);

function sketchBlock(metric: string, sketch: Sketch): Uint8Array {
  const out = new ByteWriter(nameBytes(metric) + maxSketchBytes(sketch));
  out.text(metric);
  encodeSketch(out, sketch);
  return out.bytes.subarray(0, out.at);
}
