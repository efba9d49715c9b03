/**
 * Text that strangers may have written (log lines, names, reasons) on its way to storage and to people.
 *
 * `redact` takes secrets out, for everything that is stored; `forPeople` also makes the rest harmless to click, to ping and
 * to render. Every pattern is bounded: hostile text must not make the executor slow either.
 */

const REDACTED = '[redacted]';

/** Words that name a secret, wherever they stand in a key. */
const SECRET_WORD = '(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|authorization|cookie|session[_-]?id|signature)';

const SECRET_KEY = new RegExp(SECRET_WORD, 'i');

/** Secrets that are known by their own shape; the capture groups stay. */
const SHAPES: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, REDACTED],
  [/\beyJ[\w-]{8,2000}\.[\w-]{4,8000}(?:\.[\w-]*)?/g, REDACTED],
  [/\b(Bearer|Digest)\s{1,3}[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\b(Basic)\s{1,3}(?=[a-z+/]{0,200}[A-Z0-9])[\w+/]{8,}={0,2}/g, `$1 ${REDACTED}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\bgh[pousr]_\w{20,255}|\bgithub_pat_\w{20,255}|\bglpat-[\w-]{16,255}/g, REDACTED],
  [/\bxox[a-z]-[\w-]{8,255}|\b[sr]k_(?:live|test)_\w{8,255}|\bAIza[\w-]{30,60}|\bnpm_\w{30,60}|\bsk-[\w-]{20,200}/g, REDACTED],
  // user:password@host in an address
  [/(:\/\/[^\s/:@]{1,200}:)[^\s/@]{1,200}@/g, `$1${REDACTED}@`],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, '[e-mail]'],
];

/** `password=x`, `"apiKey": "x y"`, the same inside an escaped JSON string, and signed query strings. */
const KEY_VALUE = new RegExp(
  `(${SECRET_WORD}[\\w-]{0,30}["'\\\\]{0,4}\\s{0,3}[:=]\\s{0,3})`
  + '(?!\\\\?["\']?\\[redacted\\])(\\\\"[^"\\\\]+|"(?:[^"\\\\]|\\\\.)+|\'[^\']+|[^\\s"\'\\\\,;&}\\]]+)', 'gi');

/** Digits that may be a card number, in groups or not. Whether they are, the issuer's prefix and the check digit say. */
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g;
const ISSUER = /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12,15}|35\d{14})$/;

/** Takes secrets, tokens, e-mail addresses and card numbers out of a text. */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of SHAPES) clean = clean.replace(pattern, replacement);
  clean = clean.replace(KEY_VALUE, (_match, key: string, value: string) => `${key}${/^\\?["']/.exec(value)?.[0] ?? ''}${REDACTED}`);
  return clean.replace(CARD, (found) => isCard(found.replace(/[ -]/g, '')) ? '[card]' : found);
}

/** The same for every string in a JSON value; a member whose name says secret is taken out whole. */
export function redactDeep<T>(value: T): T {
  return walk(value) as T;
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) =>
    [key, typeof member === 'string' && SECRET_KEY.test(key) ? REDACTED : walk(member)]));
}

function isCard(digits: string): boolean {
  if (!ISSUER.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Endings that mail programs turn into a link without any `http` before them. */
const BARE_DOMAIN = /\b((?:[a-z0-9-]{1,63}\.){1,8})(com|net|org|info|biz|io|dev|app|xyz|top|ru|cn|co|me|link|site|online|example|test)\b(?!\.?[\w-])/gi;

/** Makes a text harmless in mail and chat: no link to click, nobody to ping, no mark-up, no control or bidi characters. */
export function defang(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex
    .replace(/\u001b\[[\d;]{0,20}[A-Za-z]/g, '')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/http(s?):\/\//gi, 'hxxp$1://')
    .replace(/(?<!hxxps?):\/\//g, '[:]//')
    .replace(/(javascript|vbscript|\bdata|\bmailto|\btel):/gi, '$1[:]')
    .replace(/(hxxps?:\/\/)([^\s/?#"'<>]{1,253})/g, (_match, scheme: string, host: string) => scheme + host.replace(/\./g, '[.]'))
    .replace(/www\./gi, 'www[.]')
    .replace(BARE_DOMAIN, (_match, labels: string, ending: string) => labels.replace(/\./g, '[.]') + ending)
    .replace(/@/g, '(at)')
    .replace(/\]\(/g, '] (')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** One harmless line for people, cut to a length: a stranger's line breaks could otherwise forge lines of a report. */
export function forPeople(text: string, longest = 300): string {
  const line = defang(redact(text)).replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
