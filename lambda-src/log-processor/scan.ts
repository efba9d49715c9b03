/**
 * Finds where a JSON object ends, without parsing it.
 *
 * It follows the grammar closely enough to notice a cut-off line at the next one, instead of taking the rest of the file
 * for its inside: what looks at bytes only as far as they make sense costs no more on a file full of broken lines.
 */

const [QUOTE, COMMA, COLON_SIGN, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Deeper than any log line; it bounds how often a byte is looked at where openings follow each other without an end. */
const MAX_DEPTH = 64;

/** What the grammar allows next. */
const enum Next { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, COMMA_OR_END }

export type ScanFailure = 'not_json' | 'line_too_long';

/** The offset after the object that begins at `from`. */
export function endOfObject(bytes: Uint8Array, from: number, maxBytes: number): number | ScanFailure {
  const limit = Math.min(bytes.length, from + maxBytes);
  const ends: number[] = [];
  let next: Next = Next.VALUE;
  for (let at = from; at < limit;) {
    const byte = bytes[at];
    const valueMayCome: boolean = next === Next.VALUE || next === Next.VALUE_OR_END;
    if (isSpace(byte)) {
      at++;
    } else if (byte === QUOTE && (valueMayCome || next === Next.KEY || next === Next.KEY_OR_END)) {
      at = endOfString(bytes, at, limit);
      if (at < 0) return 'not_json';
      next = valueMayCome ? Next.COMMA_OR_END : Next.COLON;
    } else if ((byte === BRACE || byte === BRACKET) && valueMayCome && ends.length < MAX_DEPTH) {
      ends.push(byte === BRACE ? BRACE_END : BRACKET_END);
      next = byte === BRACE ? Next.KEY_OR_END : Next.VALUE_OR_END;
      at++;
    } else if (byte === ends.at(-1) && (next === Next.COMMA_OR_END || next === Next.KEY_OR_END || next === Next.VALUE_OR_END)) {
      ends.pop();
      at++;
      if (ends.length === 0) return at;
      next = Next.COMMA_OR_END;
    } else if (byte === COMMA && next === Next.COMMA_OR_END) {
      next = ends.at(-1) === BRACE_END ? Next.KEY : Next.VALUE;
      at++;
    } else if (byte === COLON_SIGN && next === Next.COLON) {
      next = Next.VALUE;
      at++;
    } else if (isScalar(byte) && valueMayCome) {
      while (at < limit && isScalar(bytes[at])) at++;
      next = Next.COMMA_OR_END;
    } else {
      return 'not_json';
    }
  }
  return limit < bytes.length ? 'line_too_long' : 'not_json';
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The offset after a string, the limit where it does not end before, or -1 where it holds what a string cannot. */
function endOfString(bytes: Uint8Array, from: number, limit: number): number {
  for (let at = from + 1; at < limit; at++) {
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] < 0x20) return -1;
  }
  return limit;
}

/** A byte of a number, or of true, false and null. */
function isScalar(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x45;
}
