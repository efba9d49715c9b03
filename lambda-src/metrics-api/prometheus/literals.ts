/** How PromQL writes numbers, durations and texts. Each answers undefined for what is none. */

const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['y', 365 * 86_400_000], ['w', 7 * 86_400_000], ['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1000], ['ms', 1],
];
/** Prometheus counts durations in nanoseconds of 64 bits. */
const MAX_DURATION = 2 ** 63 / 1e6;

/** `1h30m` in milliseconds: each unit at most once, from the longest to the shortest. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+[a-z]+)+$/.test(text)) return undefined;
  let milliseconds = 0;
  let after = -1;
  for (const [, count, unit] of text.matchAll(/(\d+)([a-z]+)/g)) {
    const place = UNITS.findIndex(([name]) => name === unit);
    if (place <= after) return undefined;
    after = place;
    milliseconds += Number(count) * UNITS[place][1];
  }
  return milliseconds < MAX_DURATION ? milliseconds : undefined;
}

/** As Go reads numbers: `1_000`, `0x1F`, and by an old custom `010` for eight. */
export function parseNumber(text: string): number | undefined {
  if (/^(inf|nan)$/i.test(text)) return /^i/i.test(text) ? Infinity : NaN;
  if (/^0x(_?[0-9a-f])+$/i.test(text)) return wholeNumber(text.replace(/_/g, ''));
  if (/^0(_?[0-7])+$/.test(text)) return wholeNumber(`0o${text.slice(1).replace(/_/g, '')}`);
  if (/^[1-9](_?\d)*$/.test(text)) return Number(text.replace(/_/g, ''));
  const value = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

function wholeNumber(text: string): number | undefined {
  const value = BigInt(text);
  return value < 2n ** 63n ? Number(value) : undefined;
}

const ESCAPES: Record<string, string> = {
  'a': '\x07', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\', '\'': '\'', '"': '"',
};
const ESCAPE = /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|)/g;

/** A text without its quotes and escapes, which are Go's; in backticks, everything is as it stands. */
export function parseText(quoted: string): string | undefined {
  const quote = quoted[0];
  const inside = quoted.slice(1, -1);
  if (quote === '`') return inside;
  if (!inside.includes('\\')) return inside;
  let wrong = false;
  // Escapes by number stand for bytes, several of which can make a character.
  const bytes: Buffer[] = [];
  let after = 0;
  for (const match of inside.matchAll(ESCAPE)) {
    const [whole, named, hex, octal, short, long] = match;
    bytes.push(Buffer.from(inside.slice(after, match.index)));
    after = match.index + whole.length;
    const byte = hex ? parseInt(hex, 16) : octal ? parseInt(octal, 8) : undefined;
    const point = short ?? long;
    if (byte !== undefined) {
      wrong ||= byte > 255;
      bytes.push(Buffer.from([byte % 256]));
    } else if (point !== undefined) {
      const code = parseInt(point, 16);
      const real = code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
      wrong ||= !real;
      bytes.push(Buffer.from(real ? String.fromCodePoint(code) : ''));
    } else {
      // Each kind of quotes has an escape for itself only.
      wrong ||= named === undefined || ((named === '"' || named === '\'') && named !== quote);
      bytes.push(Buffer.from(ESCAPES[named] ?? ''));
    }
  }
  bytes.push(Buffer.from(inside.slice(after)));
  return wrong ? undefined : Buffer.concat(bytes).toString();
}
