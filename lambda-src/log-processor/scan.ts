/**
 * Finds where a JSON object ends, without parsing it, in two ways: an outline is quick and may be mistaken, the scan follows the grammar.
 */

const [NEWLINE, QUOTE, COMMA, COLON_SIGN, BACKSLASH] = [0x0a, 0x22, 0x2c, 0x3a, 0x5c];
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];
/** The bytes of numbers, true, false and null; and of NaN and Infinity, which are no JSON but are written all the same. */
const SCALARS = Uint8Array.from({ length: 256 }, (_, byte) => (/[\d.eE+\-a-zNI]/.test(String.fromCharCode(byte)) ? 1 : 0));

/**
 * An outline gives up after so many braces: it bounds what it looks through in vain where it is misled. Longer objects are
 * the scan's.
 */
const MAX_BRACES = 32;
/** So far it looks at what follows an object. */
const MAX_AHEAD = 8;

/** The lines and braces of a text in which every character stands for a byte. Most objects are one line's, and their braces balance. */
export class Outline {
  private readonly newlines: Finder;
  private readonly openings: Finder;
  private readonly closings: Finder;

  constructor(private readonly text: string) {
    this.newlines = new Finder(text, '\n');
    this.openings = new Finder(text, '{');
    this.closings = new Finder(text, '}');
  }

  /** The offset of the line's newline, or the text's end. */
  public lineEnd(from: number): number {
    return this.newlines.next(from);
  }

  public newlinesIn(from: number, to: number): number {
    let count = 0;
    for (let at = this.newlines.next(from); at < to; at = this.newlines.next(at + 1)) count++;
    return count;
  }

  /**
   * The offset after the brace that balances the one at `from`, if the line has it and another object or nothing follows. Braces
   * in strings are counted too, so this is a guess; but most wrong ones are told by what follows, and to parse those would throw,
   * which is dear. `more` says that further bytes are to come.
   */
  public balancedEnd(from: number, more: boolean): number | 'undecided' | undefined {
    const lineEnd = this.newlines.next(from);
    let depth = 1;
    let at = from;
    for (let braces = 1; braces < MAX_BRACES; braces++) {
      const closing = this.closings.next(at + 1);
      if (closing >= lineEnd) return undefined;
      const opening = this.openings.next(at + 1);
      depth += opening < closing ? 1 : -1;
      at = opening < closing ? opening : closing;
      if (depth === 0) return this.ifFollowed(at + 1, lineEnd, more);
    }
    return undefined;
  }

  private ifFollowed(end: number, lineEnd: number, more: boolean): number | 'undecided' | undefined {
    const limit = Math.min(end + MAX_AHEAD, lineEnd);
    for (let at = end; at < limit; at++) {
      const code = this.text.charCodeAt(at);
      if (code === BRACE) return end;
      if (!isSpace(code) && code !== COMMA && code !== BRACKET && code !== BRACKET_END && code !== BRACE_END) return undefined;
    }
    return limit === this.text.length && more ? 'undecided' : end;
  }
}

/** Remembers the last answer: questions that come closer to it cost nothing, so that many of them search a text once. */
class Finder {
  private from = 0;
  private found = -1;

  constructor(private readonly text: string, private readonly character: string) {}

  /** The first offset from `at` on, or the text's length. */
  public next(at: number): number {
    if (at < this.from || at > this.found) {
      const found = this.text.indexOf(this.character, at);
      this.from = at;
      this.found = found < 0 ? this.text.length : found;
    }
    return this.found;
  }
}

/**
 * Deeper than any log line; it bounds how often a byte is looked at where openings follow each other without an end: what
 * looks at bytes only as far as they make sense costs no more on a file full of broken lines.
 */
const MAX_DEPTH = 64;

/** What the grammar allows next; the last three are where an object or array may end. */
const enum Next { VALUE, KEY, COLON, VALUE_OR_END, KEY_OR_END, COMMA_OR_END }

export type ScanFailure = 'not_json' | 'line_too_long';

/**
 * The offset after the object that begins at `from`. The grammar is followed closely enough to notice a cut-off line at the
 * next one, instead of taking the rest of the file for its inside. `more` says that further bytes are to come: what they may
 * still complete is undecided.
 */
export function endOfObject(bytes: Uint8Array, from: number, maxBytes: number): number | ScanFailure;
export function endOfObject(bytes: Uint8Array, from: number, maxBytes: number, more: boolean): number | ScanFailure | 'undecided';
export function endOfObject(bytes: Uint8Array, from: number, maxBytes: number, more = false): number | ScanFailure | 'undecided' {
  return follow(bytes, from, maxBytes, more, [], Next.VALUE);
}

/** The offset after an object of which `from` is the place after a member. */
export function endOfMembers(bytes: Uint8Array, from: number, maxBytes: number, more: boolean): number | ScanFailure | 'undecided' {
  return follow(bytes, from, maxBytes, more, [BRACE_END], Next.COMMA_OR_END);
}

/** Follows the grammar until what is open, the last of `ends` first, is closed. */
function follow(
  bytes: Uint8Array, from: number, maxBytes: number, more: boolean, ends: number[], allowed: Next,
): number | ScanFailure | 'undecided' {
  const limit = Math.min(bytes.length, from + maxBytes);
  let next = allowed;
  for (let at = from; at < limit; at++) {
    const byte = bytes[at];
    if (isSpace(byte)) continue;
    if (next >= Next.VALUE_OR_END && byte === ends[ends.length - 1]) {
      ends.pop();
      if (ends.length === 0) return at + 1;
      next = Next.COMMA_OR_END;
    } else if (next === Next.COMMA_OR_END) {
      if (byte !== COMMA) return 'not_json';
      next = ends[ends.length - 1] === BRACE_END ? Next.KEY : Next.VALUE;
    } else if (next === Next.COLON) {
      if (byte !== COLON_SIGN) return 'not_json';
      next = Next.VALUE;
    } else if (byte === QUOTE) {
      at = lastOfString(bytes, at, limit);
      if (at < 0) return 'not_json';
      next = next === Next.KEY || next === Next.KEY_OR_END ? Next.COLON : Next.COMMA_OR_END;
    } else if (next === Next.KEY || next === Next.KEY_OR_END) {
      return 'not_json';
    } else if (isScalar(byte)) {
      while (at + 1 < limit && isScalar(bytes[at + 1])) at++;
      next = Next.COMMA_OR_END;
    } else if ((byte === BRACE || byte === BRACKET) && ends.length < MAX_DEPTH) {
      ends.push(byte === BRACE ? BRACE_END : BRACKET_END);
      next = byte === BRACE ? Next.KEY_OR_END : Next.VALUE_OR_END;
    } else {
      return 'not_json';
    }
  }
  if (limit < bytes.length) return 'line_too_long';
  return more ? 'undecided' : 'not_json';
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;
}

/** The offset of a string's last quote, the limit where it does not end before, or -1 where it holds what a string cannot. */
function lastOfString(bytes: Uint8Array, from: number, limit: number): number {
  for (let at = from + 1; at < limit; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte < 0x20) return -1;
    // What is escaped is never a control character either: a string does not reach beyond its line.
    if (byte === BACKSLASH && bytes[at + 1] >= 0x20) at++;
  }
  return limit;
}

function isScalar(byte: number): boolean {
  return SCALARS[byte] === 1;
}
