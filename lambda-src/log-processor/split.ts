import { isAscii, isUtf8 } from 'node:buffer';
import { endOfMembers, endOfObject, isSpace, Outline, type ScanFailure } from './scan';
import type { Problem } from '../shared/document';

/** Where something was found; valid during the call only. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** Bytes before it. */
  readonly offset: number;
  /** The first bytes of the piece, at most `max`. A line that is given up ends, for this, where a line must. */
  sample(max: number): Uint8Array;
}

/** Takes what a splitter finds, in order. */
export interface Pieces {
  document(value: unknown, place: Place): void;
  problem(problem: Problem, place: Place): void;
}

const [QUOTE, LETTER_R] = [0x22, 0x52];
const [NEWLINE, COMMA, BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x0a, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];
/** So much is looked at in one go, however large the chunks are that come. */
const BLOCK_BYTES = 64 * 1024;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const RECORDS = /\{[ \t\r\n]*"Records"[ \t\r\n]*:[ \t\r\n]*\[/y;
const UNDECIDED = -1;
/** As many as a quarantine lists one by one: for the rest of a file full of broken lines, the parser is not made to throw, which is dear. */
const MAX_THROWS = 10_000;

/**
 * Splits a log object, as its bytes come, into its documents: one a line, pretty-printed ones, the elements of an array or of
 * `{"Records":[...]}`, whose other members after that one are passed over.
 *
 * A document is a JSON object. The brackets and commas between documents carry no data and are passed over, so that an
 * array is just another way to write a sequence, and a broken element spoils its own line only. What is found is a function
 * of the bytes alone, wherever the chunks are cut: whatever further bytes could change is left until they have come.
 */
export class Splitter {
  /** What is not decided yet, with room behind it. */
  private held = Buffer.alloc(0);
  private length = 0;
  /** Bytes before those that are held, and the line in which they begin. */
  private offset = 0;
  private line = 1;
  /** Fewer bytes are not worth a look: a long document in small chunks would be looked through again for each of them. */
  private enough = 0;
  /** Whether the rest of the line is given up, and need not even be held. */
  private skipping = false;
  /** Brackets that are open since `{"Records":[`, itself included. */
  private brackets = 0;
  /** Pieces for which the parser was tried on the chance, and threw. */
  private throws = 0;
  private readonly place = new CurrentPlace();

  /** A document may have `maxLineBytes`; no more than that, and a block, is ever held. */
  constructor(private readonly pieces: Pieces, private readonly maxLineBytes: number) {}

  public write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) this.append(chunk.subarray(at, at + BLOCK_BYTES));
  }

  public end(): void {
    this.look(false);
  }

  private append(bytes: Uint8Array): void {
    let from = 0;
    if (this.skipping) {
      const newline = bytes.indexOf(NEWLINE);
      this.skipping = newline < 0;
      from = newline < 0 ? bytes.length : newline;
      this.offset += from;
    }
    const length = this.length + bytes.length - from;
    if (length > this.held.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.held.length));
      larger.set(this.held.subarray(0, this.length));
      this.held = larger;
    }
    this.held.set(bytes.subarray(from), this.length);
    this.length = length;
    if (length >= this.enough) this.look(true);
  }

  /** Takes what is decided from the bytes that are held; `more` says that further ones are to come. */
  private look(more: boolean): void {
    const block = new Block(this.held.subarray(0, this.length));
    let at = this.offset === 0 && block.beginsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    for (;;) {
      at = this.passOver(block.bytes, at);
      const next = at < this.length ? this.piece(block, at, more) : UNDECIDED;
      if (next === UNDECIDED) break;
      at = next;
    }
    this.held.copyWithin(0, at, this.length);
    this.length -= at;
    this.offset += at;
    // With more than a line's bytes everything is decided.
    this.enough = Math.min(2 * this.length, this.maxLineBytes + 1);
  }

  /** The offset of what is no mere separator; the bracket that ends `Records` is none. */
  private passOver(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === NEWLINE) {
        this.line++;
      } else if (byte === BRACKET) {
        if (this.brackets > 0) this.brackets++;
      } else if (byte === BRACKET_END) {
        if (this.brackets === 1) return at;
        if (this.brackets > 0) this.brackets--;
      } else if (!isSpace(byte) && byte !== COMMA && byte !== BRACE_END) {
        return at;
      }
    }
    return bytes.length;
  }

  /** Takes what begins here, and returns the offset after it. */
  private piece(block: Block, from: number, more: boolean): number {
    if (block.bytes[from] === BRACKET_END) return this.endRecords(block, from, more);
    if (block.bytes[from] !== BRACE) return this.giveUp(block, from, more, 'not_json');
    const elements = block.elementsOfRecords(from);
    if (elements !== undefined && elements - from <= this.maxLineBytes) {
      this.brackets = 1;
      return this.pass(block, from, elements);
    }
    const guess = this.throws < MAX_THROWS ? block.outline.balancedEnd(from, more) : undefined;
    if (guess === 'undecided') return UNDECIDED;
    const guessed = guess !== undefined && guess - from <= this.maxLineBytes ? block.read(from, guess) : undefined;
    if (guessed && 'value' in guessed) return this.found(block, from, guessed);
    const end = endOfObject(block.bytes, from, this.maxLineBytes, more);
    if (end === 'undecided') return UNDECIDED;
    if (typeof end !== 'number') return this.giveUp(block, from, more, end);
    if (guessed) this.throws++;
    return this.found(block, from, guessed?.to === end ? guessed : block.read(from, end));
  }

  /** Passes over the bracket, and over the members that follow it: they are no documents. If they make no sense, they are left to be found. */
  private endRecords(block: Block, from: number, more: boolean): number {
    const end = endOfMembers(block.bytes, from + 1, this.maxLineBytes - 1, more);
    if (end === 'undecided') return UNDECIDED;
    this.brackets = 0;
    return typeof end === 'number' && 'value' in block.read(from, end, '{"":[') ? this.pass(block, from, end) : from + 1;
  }

  /** Gives up the rest of the line, once it is known as far as a sample may go. */
  private giveUp(block: Block, from: number, more: boolean, failure: ScanFailure): number {
    const lineEnd = block.outline.lineEnd(from);
    const isKnown = lineEnd < this.length || !more;
    const isTooLong = lineEnd - from > this.maxLineBytes;
    if (!isKnown && !isTooLong) return UNDECIDED;
    this.skipping = !isKnown;
    const to = isTooLong ? from + this.maxLineBytes : lineEnd;
    const read = failure === 'not_json' && !isTooLong ? this.lastTry(block, from, to) : undefined;
    this.found(block, from, read ?? { to, problem: this.problemOf(failure) });
    return lineEnd;
  }

  /** What is deeper than the scan goes may still be a document; if it is none, the parser tells best what is wrong with it. */
  private lastTry(block: Block, from: number, to: number): Read | undefined {
    if (block.bytes[from] !== BRACE) return undefined;
    if (this.throws < MAX_THROWS) {
      this.throws++;
      return block.read(from, to);
    }
    return block.decode(from, to) === undefined ? { to, problem: NOT_UTF8 } : undefined;
  }

  private problemOf(failure: ScanFailure): Problem {
    const message = failure === 'not_json' ? 'expected a JSON object' : `the document is longer than ${this.maxLineBytes} bytes`;
    return { code: failure, message };
  }

  private found(block: Block, from: number, read: Read): number {
    this.place.set(this.line, this.offset + from, block.bytes, from, read.to);
    if ('value' in read) this.pieces.document(read.value, this.place);
    else this.pieces.problem(read.problem, this.place);
    return this.pass(block, from, read.to);
  }

  private pass(block: Block, from: number, to: number): number {
    this.line += block.outline.newlinesIn(from, to);
    return to;
  }
}

const NOT_UTF8: Problem = { code: 'not_utf8', message: 'the bytes are not UTF-8' };

type Read = { readonly to: number; readonly value: unknown } | { readonly to: number; readonly problem: Problem };

/** The bytes that are looked at, also as a text in which every character is a byte: it is searched and parsed faster. */
class Block {
  public readonly outline: Outline;
  private readonly text: string;
  private readonly isAscii: boolean;

  constructor(public readonly bytes: Buffer) {
    this.text = bytes.toString('latin1');
    this.isAscii = isAscii(bytes);
    this.outline = new Outline(this.text);
  }

  public beginsWith(beginning: Buffer): boolean {
    return this.bytes.subarray(0, beginning.length).equals(beginning);
  }

  /** The offset after `{"Records":[`, where that stands here. */
  public elementsOfRecords(from: number): number | undefined {
    if (this.bytes[from + 1] === QUOTE && this.bytes[from + 2] !== LETTER_R) return undefined;
    RECORDS.lastIndex = from;
    return RECORDS.test(this.text) ? RECORDS.lastIndex : undefined;
  }

  /** Parses what stands between the offsets, as if `before` stood before it. */
  public read(from: number, to: number, before = ''): Read {
    const text = this.decode(from, to);
    if (text === undefined) return { to, problem: NOT_UTF8 };
    try {
      return { to, value: parse(before + text) };
    } catch (error) {
      return { to, problem: { code: 'not_json', message: (error as Error).message } };
    }
  }

  /** The text between the offsets, if it is one. */
  public decode(from: number, to: number): string | undefined {
    if (this.isAscii) return this.text.substring(from, to);
    const text = this.bytes.toString('utf8', from, to);
    // It stands for what cannot be decoded, but may itself have been written.
    return text.includes('\ufffd') && !isUtf8(this.bytes.subarray(from, to)) ? undefined : text;
  }
}

const IS_NO_NUMBER = /NaN|Infinity/;
const STRINGS_AND_NO_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:NaN|Infinity)/g;

/** JSON has no word for NaN and the infinities, but some who write it have: as texts, they are just the bad values among good ones that they are. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!IS_NO_NUMBER.test(text)) throw error;
    return JSON.parse(text.replace(STRINGS_AND_NO_NUMBERS, (found) => (found.startsWith('"') ? found : `"${found}"`)));
  }
}

/** The one place of a splitter, set anew for each piece: an object for each of a file's millions would cost. */
class CurrentPlace implements Place {
  public line = 0;
  public offset = 0;
  private bytes: Uint8Array = BYTE_ORDER_MARK;
  private from = 0;
  private to = 0;

  public set(line: number, offset: number, bytes: Uint8Array, from: number, to: number): void {
    this.line = line;
    this.offset = offset;
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  public sample(max: number): Uint8Array {
    return this.bytes.subarray(this.from, Math.min(this.to, this.from + max));
  }
}

/** A document found in a log object, or what stands where one should be. */
export interface Piece {
  /** From 1. */
  readonly line: number;
  /** Bytes before it. */
  readonly offset: number;
  /** Offset after its last byte. A line that is given up ends, for this, where a line must. */
  readonly end: number;
  readonly value?: unknown;
  readonly problem?: Problem;
}

/** What a splitter finds, for whoever holds all the bytes. */
export function* splitDocuments(bytes: Uint8Array, maxLineBytes: number): Generator<Piece, void, undefined> {
  const pieces: Piece[] = [];
  const splitter = new Splitter({
    document: (value, place) => pieces.push({ ...spanOf(place, maxLineBytes), value }),
    problem: (problem, place) => pieces.push({ ...spanOf(place, maxLineBytes), problem }),
  }, maxLineBytes);
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    splitter.write(bytes.subarray(at, at + BLOCK_BYTES));
    yield* pieces.splice(0);
  }
  splitter.end();
  yield* pieces;
}

function spanOf(place: Place, maxLineBytes: number) {
  return { line: place.line, offset: place.offset, end: place.offset + place.sample(maxLineBytes).length };
}
