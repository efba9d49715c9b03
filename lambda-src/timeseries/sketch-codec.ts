import type { ByteReader, ByteWriter } from './bytes';
import { BucketCounts, byIndex, Sketch } from './sketch';

/**
 * A sketch as bytes: `zeros | positive runs | negative runs`, and of each sign
 * `number of runs | per run: holes before it, length, counts`.
 *
 * A run is a row of neighbouring buckets that all have a count. The holes are counted from the end of the run before, of
 * the first run from index 0. A count is written as its difference from the one before in its run: neighbouring buckets
 * have about as many samples, so mostly that is one byte where the count itself would be two.
 */
interface Run { readonly start: number; readonly counts: number[] }

/** More than a bucket takes as a run of its own: 3 bytes of holes, 1 of length, 8 of count. */
const BUCKET_BYTES = 12;
/** More than the zeros and the numbers of runs take. */
const HEAD_BYTES = 16;

/** The capacity that a sketch certainly needs. */
export function maxSketchBytes({ positive, negative }: Sketch): number {
  return HEAD_BYTES + BUCKET_BYTES * (positive.size + negative.size);
}

export function encodeSketch(out: ByteWriter, sketch: Sketch): void {
  out.varint(sketch.zeros);
  encodeCounts(out, sketch.positive);
  encodeCounts(out, sketch.negative);
}

export function decodeSketch(reader: ByteReader): Sketch {
  const sketch = new Sketch();
  sketch.zeros = reader.varint();
  decodeCounts(reader, sketch.positive);
  decodeCounts(reader, sketch.negative);
  return sketch;
}

function encodeCounts(out: ByteWriter, counts: BucketCounts): void {
  const runs = runsOf(counts);
  out.varint(runs.length);
  let end = 0;
  for (const run of runs) {
    out.signed(run.start - end);
    out.varint(run.counts.length);
    run.counts.forEach((count, i) => out.signed(count - (run.counts[i - 1] ?? 0)));
    end = run.start + run.counts.length;
  }
}

function decodeCounts(reader: ByteReader, counts: BucketCounts): void {
  let index = 0;
  for (let runs = reader.varint(); runs > 0; runs--) {
    index += reader.signed();
    let count = 0;
    for (let left = reader.varint(); left > 0; left--) counts.set(index++, count += reader.signed());
  }
}

function runsOf(counts: BucketCounts): Run[] {
  const runs: Run[] = [];
  let end = NaN;
  for (const [index, count] of byIndex(counts)) {
    if (index === end) runs.at(-1)!.counts.push(count);
    else runs.push({ start: index, counts: [count] });
    end = index + 1;
  }
  return runs;
}
