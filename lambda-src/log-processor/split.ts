import { endOfObject, isSpace } from './scan';
import type { Problem } from '../shared/document';

/** A document found in a log object, or what stands where one should be. */
export interface Piece {
  /** From 1. */
  readonly line: number;
  /** Bytes before it. */
  readonly offset: number;
  /** Offset after its last byte. */
  readonly end: number;
  readonly value?: unknown;
  readonly problem?: Problem;
}

const [NEWLINE, COMMA, BRACKET, BRACKET_END, BRACE, BRACE_END, QUOTE, LETTER_R] = [0x0a, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d, 0x22, 0x52];
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Splits a log object into its documents: one a line, pretty-printed ones, the elements of an array or of `{"Records":[...]}`.
 *
 * A document is a JSON object. The brackets and commas between documents carry no data and are passed over, so that an
 * array is just another way to write a sequence, and a broken element spoils its own line only.
 */
export function* splitDocuments(bytes: Uint8Array, maxLineBytes: number): Generator<Piece, void, undefined> {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let line = 1;
  let lineEnd = -1;
  for (;;) {
    for (; at < bytes.length && isBetweenDocuments(bytes[at]); at++) if (bytes[at] === NEWLINE) line++;
    if (at === bytes.length) return;
    const elements = afterRecordsKey(bytes, at);
    if (elements > at) {
      line += newlinesIn(bytes, at, elements);
      at = elements;
      continue;
    }
    // What looks at a line's rest is done once a line: an array of a million elements may be one line.
    const firstOfLine = at > lineEnd;
    if (firstOfLine) lineEnd = endOfLine(bytes, at);
    const place = { line, offset: at, end: lineEnd };
    // The usual case first: the rest of the line is a document.
    const tried = firstOfLine && bytes[at] === BRACE && lineEnd - at <= maxLineBytes ? parse(bytes, place) : undefined;
    const piece = tried?.value !== undefined ? tried : scan(bytes, place, maxLineBytes, tried?.problem);
    yield piece;
    if (piece.end > lineEnd) line += newlinesIn(bytes, at, piece.end);
    at = piece.end;
  }
}

interface Place { readonly line: number; readonly offset: number; readonly end: number }

/** The object that begins here, wherever it ends; where none does, the rest of the line is given up. */
function scan(bytes: Uint8Array, rest: Place, maxLineBytes: number, problem?: Problem): Piece {
  const end = bytes[rest.offset] === BRACE ? endOfObject(bytes, rest.offset, maxLineBytes) : 'not_json';
  if (typeof end === 'number') return parse(bytes, { ...rest, end });
  if (end === 'line_too_long') return { ...rest, problem: { code: end, message: `the document is longer than ${maxLineBytes} bytes` } };
  return { ...rest, problem: problem ?? { code: end, message: 'expected a JSON object' } };
}

function parse(bytes: Uint8Array, place: Place): Piece {
  let text: string;
  try {
    text = decoder.decode(bytes.subarray(place.offset, place.end));
  } catch {
    return { ...place, problem: { code: 'not_utf8', message: 'the bytes are not UTF-8' } };
  }
  try {
    return { ...place, value: JSON.parse(text) };
  } catch (error) {
    return { ...place, problem: { code: 'not_json', message: (error as Error).message } };
  }
}

/** The offset after `{"Records":[`, or the given one where that does not stand there. */
function afterRecordsKey(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== BRACE) return from;
  let at = from + 1;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  if (bytes[at] !== QUOTE || bytes[at + 1] !== LETTER_R) return from;
  const opening = /^"Records"\s*:\s*\[/.exec(Buffer.from(bytes.subarray(at, at + 64)).toString('latin1'));
  return opening ? at + opening[0].length : from;
}

function isBetweenDocuments(byte: number): boolean {
  return isSpace(byte) || byte === COMMA || byte === BRACKET || byte === BRACKET_END || byte === BRACE_END;
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end < 0 ? bytes.length : end;
}

function newlinesIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (bytes[at] === NEWLINE) count++;
  return count;
}
