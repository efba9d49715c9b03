/* eslint-disable no-bitwise -- a key is two numbers in 32 bits */

import { HOUR } from './time';

/**
 * The samples of the parts that are open, in the order they came: 12 bytes each.
 *
 * A key is the time within the hour, in milliseconds, and below it the number of the metric's column. All logs of a packer take
 * their room from one pool, in small blocks: so neither thousands of short logs nor the growing of long ones cost more
 * memory than their samples, and starting one allocates nothing.
 */
const COLUMN_BITS = 10;
const COLUMN_MASK = (1 << COLUMN_BITS) - 1;
/** The most columns that a log can tell apart. */
export const MAX_COLUMNS = 1 << COLUMN_BITS;

const BLOCK_SAMPLES = 64;
/** The pool grows by what it holds already, from little for a small object on, up to so much at a time. */
const MIN_BLOCKS = 4;
const MAX_BLOCKS = 256;

/** Room for some samples, at one place of larger arrays. */
interface Block {
  readonly values: Float64Array;
  readonly keys: Uint32Array;
  readonly start: number;
  next: Block | undefined;
}

const NO_BLOCK: Block = { values: new Float64Array(0), keys: new Uint32Array(0), start: 0, next: undefined };

export class SamplePool {
  private free: Block | undefined;
  private blocks = 0;

  public take(): Block {
    const block = this.free ?? this.grow();
    this.free = block.next;
    block.next = undefined;
    return block;
  }

  /** Takes back blocks that are linked with each other. */
  public giveBack(first: Block, last: Block): void {
    last.next = this.free;
    this.free = first;
  }

  private grow(): Block {
    const blocks = Math.min(Math.max(this.blocks, MIN_BLOCKS), MAX_BLOCKS);
    const values = new Float64Array(blocks * BLOCK_SAMPLES);
    const keys = new Uint32Array(blocks * BLOCK_SAMPLES);
    let first: Block | undefined;
    for (let i = blocks - 1; i >= 0; i--) first = { values, keys, start: i * BLOCK_SAMPLES, next: first };
    this.blocks += blocks;
    return first!;
  }
}

/** Samples by column, one column after the other, each in the order of time; samples of one time in the order they came. */
export interface LoggedColumns {
  /** Where each column ends, and the next one begins; more than there are columns. */
  readonly ends: Uint32Array;
  /** Milliseconds since the epoch. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** The least and the greatest timestamp. */
  readonly first: number;
  readonly last: number;
}

/** Where the columns are laid out; for all logs, since one is encoded before the next is taken. */
const places = new Uint32Array(MAX_COLUMNS);
let laidOut = { timestamps: new Float64Array(0), values: new Float64Array(0) };

export class SampleLog {
  private full = 0;
  private head: Block | undefined;
  private tail = NO_BLOCK;
  private values = NO_BLOCK.values;
  private keys = NO_BLOCK.keys;
  private at = 0;
  private end = 0;

  public constructor(private readonly pool: SamplePool) {}

  public get count(): number {
    return this.full + this.at - this.tail.start;
  }

  public get isAtEnd(): boolean {
    return this.at === this.end;
  }

  /** @param offset the time within the hour, in whole milliseconds. */
  public add(column: number, offset: number, value: number): void {
    this.values[this.at] = value;
    this.keys[this.at++] = offset << COLUMN_BITS | column;
  }

  /** Takes all samples out. What is returned is good until the next call, of any log. */
  public take(columns: number, hour: number): LoggedColumns {
    const { count } = this;
    if (laidOut.values.length < count) laidOut = { timestamps: new Float64Array(2 * count), values: new Float64Array(2 * count) };
    const { timestamps, values } = laidOut;
    // Counted first, the places of all columns are known, and each sample is moved only once.
    places.fill(0, 0, columns);
    let first = HOUR;
    let last = 0;
    let isSorted = true;
    for (let block = this.head; block; block = block.next) {
      const { keys } = block;
      for (let i = block.start, end = this.endOf(block); i < end; i++) {
        places[keys[i] & COLUMN_MASK]++;
        const offset = keys[i] >>> COLUMN_BITS;
        if (offset < first) first = offset;
        if (offset >= last) last = offset;
        else isSorted = false;
      }
    }
    for (let column = 0, start = 0; column < columns; column++) {
      start += places[column];
      places[column] = start - places[column];
    }
    for (let block = this.head; block; block = block.next) {
      const { keys, values: logged } = block;
      for (let i = block.start, end = this.endOf(block); i < end; i++) {
        const key = keys[i];
        const place = places[key & COLUMN_MASK]++;
        timestamps[place] = hour + (key >>> COLUMN_BITS);
        values[place] = logged[i];
      }
    }
    // Every place has moved to the end of its column.
    const ends = places;
    if (!isSorted) for (let column = 0; column < columns; column++) sortByTime(hour, column === 0 ? 0 : ends[column - 1], ends[column]);
    this.clear();
    return { ends, timestamps, values, first: hour + first, last: hour + last };
  }

  private endOf(block: Block): number {
    return block === this.tail ? this.at : block.start + BLOCK_SAMPLES;
  }

  /** Sees that there is room for a sample, and at most for so many in all. */
  public extend(limit: number): void {
    if (this.at < this.end) return;
    const block = this.pool.take();
    this.full = this.count;
    if (this.head) this.tail.next = block;
    else this.head = block;
    this.enter(block);
    this.end = block.start + Math.min(BLOCK_SAMPLES, limit - this.full);
  }

  private enter(block: Block): void {
    this.tail = block;
    this.values = block.values;
    this.keys = block.keys;
    this.at = block.start;
    this.end = block.start;
  }

  private clear(): void {
    if (this.head) this.pool.giveBack(this.head, this.tail);
    this.head = undefined;
    this.enter(NO_BLOCK);
    this.full = 0;
  }
}

/** More than the samples of a column, and with a time in the hour still an exact integer. */
const POSITIONS = 2 ** 24;

/** Sorts one of the columns laid out. */
function sortByTime(hour: number, from: number, to: number): void {
  const { timestamps, values } = laidOut;
  // Time and position in one number: numbers are sorted natively, many times faster than by a comparison, and equal times stay in order.
  const order = new Float64Array(to - from);
  for (let i = 0; i < order.length; i++) order[i] = (timestamps[from + i] - hour) * POSITIONS + i;
  order.sort();
  const unsorted = values.slice(from, to);
  for (let i = 0; i < order.length; i++) {
    const offset = Math.floor(order[i] / POSITIONS);
    timestamps[from + i] = hour + offset;
    values[from + i] = unsorted[order[i] - offset * POSITIONS];
  }
}
