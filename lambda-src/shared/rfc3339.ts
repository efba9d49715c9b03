/** Times as RFC 3339 writes them. */

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Milliseconds of an RFC 3339 time, finer digits cut off; undefined where it is none. */
export function parseTime(input: unknown): number | undefined {
  if (typeof input !== 'string') return undefined;
  return parseUsual(input) ?? parseAny(input);
}

function parseAny(input: string): number | undefined {
  const fields = RFC_3339.exec(input);
  if (!fields) return undefined;
  const [text, year, month, day] = fields;
  // Date.parse takes 30 February for 2 March.
  if (Number(day) > 28 && Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return undefined;
  const time = Date.parse(text.toUpperCase().replace(' ', 'T'));
  return Number.isNaN(time) ? undefined : time;
}

const enum Char { POINT = 0x2e, ZERO = 0x30, COLON = 0x3a, Z = 0x5a }

/** In `2026-11-23T15:30:00Z`, where the parts of the time and what follows the seconds begin. */
const enum At { HOUR = 11, MINUTE = 14, SECOND = 17, REST = 19 }
/** With a point and nine digits; what is longer is left to the engine. */
const MAX_LENGTH = At.REST + 11;

/** The day that was read last, with the T behind it: the times of a file mostly lie in one. */
let remembered = { text: '', start: 0 };

/** Reads a time in UTC as nearly all logs write it, several times as fast as the expression does; undefined where it is none. */
function parseUsual(text: string): number | undefined {
  const { length } = text;
  if (length <= At.REST || length > MAX_LENGTH || text.charCodeAt(length - 1) !== Char.Z) return undefined;
  if (text.charCodeAt(At.MINUTE - 1) !== Char.COLON || text.charCodeAt(At.SECOND - 1) !== Char.COLON) return undefined;
  const hour = twoDigits(text, At.HOUR);
  const minute = twoDigits(text, At.MINUTE);
  const second = twoDigits(text, At.SECOND);
  const fraction = length === At.REST + 1 ? 0 : milliseconds(text);
  if (!(hour < 24 && minute < 60 && second < 60 && fraction < 1000)) return undefined;
  const day = text.slice(0, At.HOUR);
  if (day !== remembered.text) {
    const start = parseAny(`${day}00:00:00Z`);
    if (start === undefined) return undefined;
    remembered = { text: day, start };
  }
  return remembered.start + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
}

/** NaN where one of them is no digit. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - Char.ZERO;
  const ones = text.charCodeAt(at + 1) - Char.ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : NaN;
}

/** Of a fraction of a second; finer digits are cut off. NaN where it is none. */
function milliseconds(text: string): number {
  const end = text.length - 1;
  if (text.charCodeAt(At.REST) !== Char.POINT || end === At.REST + 1) return NaN;
  let milli = 0;
  let unit = 100;
  for (let at = At.REST + 1; at < end; at++) {
    const digit = text.charCodeAt(at) - Char.ZERO;
    if (digit < 0 || digit > 9) return NaN;
    milli += digit * unit;
    unit = Math.floor(unit / 10);
  }
  return milli;
}
