import type { Selector } from './expression';
import { NAME } from './labels';
import { parseDuration, parseNumber, parseText } from './literals';
import { type Expansion, MATCH_OPERATORS, Matcher, type MatchOperator } from './matcher';
import type { TokenReader } from './token-reader';
import { quote } from '../problem';

/** `name{label="value", ...}`, of which the name or the braces can be left out. */
export function parseSelector(reader: TokenReader, expansion: Expansion): Selector {
  const { at } = reader.next;
  const name = reader.next.kind === 'word' ? reader.take().text : undefined;
  const inside = reader.nextIs('{') ? parseMatchers(reader, expansion) : [];
  const again = inside.find(({ label }) => label === NAME);
  if (name !== undefined && again) throw reader.wrong(at, `metric name must not be set twice: ${quote(name)} or ${quote(again.value)}`);
  const matchers = name === undefined ? inside : [new Matcher(NAME, '=', name), ...inside];
  // So that nobody selects everything by a slip of the pen.
  if (matchers.every(({ matchesAbsent }) => matchesAbsent)) {
    throw reader.wrong(at, 'vector selector must contain at least one non-empty matcher, such as service="checkout"');
  }
  return { kind: 'selector', at, matchers, offset: 0 };
}

function parseMatchers(reader: TokenReader, expansion: Expansion): Matcher[] {
  reader.expect('{', 'label matching');
  const matchers: Matcher[] = [];
  while (!reader.takeIf('}')) {
    matchers.push(parseMatcher(reader, expansion));
    if (!reader.nextIs('}')) reader.expect(',', 'label matching');
  }
  return matchers;
}

function parseMatcher(reader: TokenReader, expansion: Expansion): Matcher {
  const { kind, text: label, at } = reader.next;
  if (kind !== 'word' && kind !== 'text') throw reader.unexpected('label matching', 'a label\'s name or "}"');
  reader.take();
  const name = kind === 'text' ? unquoted(reader, label, at) : label;
  // A text alone is the metric's name.
  if (kind === 'text' && reader.nextIs(',', '}')) return new Matcher(NAME, '=', name);
  const operator = reader.next;
  if (!(MATCH_OPERATORS as readonly string[]).includes(operator.text)) throw reader.unexpected('label matching', `one of ${MATCH_OPERATORS.join(' ')}`);
  reader.take();
  const value = textOf(reader, 'label matching');
  try {
    return new Matcher(name, operator.text as MatchOperator, value, expansion);
  } catch (error) {
    throw reader.wrong(at, (error as Error).message);
  }
}

/** `(a, b)`, the labels that make groups. */
export function parseLabelList(reader: TokenReader): string[] {
  reader.expect('(', 'a list of labels');
  const labels: string[] = [];
  while (!reader.takeIf(')')) {
    const { kind, text, at } = reader.next;
    if (kind !== 'word' && kind !== 'text') throw reader.unexpected('a list of labels', 'a label\'s name or ")"');
    reader.take();
    labels.push(kind === 'text' ? unquoted(reader, text, at) : text);
    if (!reader.nextIs(')')) reader.expect(',', 'a list of labels');
  }
  return labels;
}

export function textOf(reader: TokenReader, context: string): string {
  const { kind, text, at } = reader.next;
  if (kind !== 'text') throw reader.unexpected(context, 'a text in quotes');
  reader.take();
  return unquoted(reader, text, at);
}

function unquoted(reader: TokenReader, quoted: string, at: number): string {
  const text = parseText(quoted);
  if (text === undefined) throw reader.wrong(at, `the text ${quoted.slice(0, 80)} has an escape that does not exist`);
  return text;
}

/** A length of time in milliseconds: `5m`, or a number of seconds. */
export function durationOf(reader: TokenReader, context: string): number {
  const { kind, text, at } = reader.next;
  if (kind !== 'number' && kind !== 'duration' && !reader.nextIs('inf', 'nan')) throw reader.unexpected(context, 'a duration such as 5m');
  reader.take();
  const milliseconds = Math.round((numberOf(reader, text, at)) * 1000);
  if (!Number.isSafeInteger(milliseconds)) throw reader.wrong(at, `the duration ${text} is out of range`);
  return milliseconds;
}

/** A number, or a duration as its number of seconds. */
export function numberOf(reader: TokenReader, text: string, at: number): number {
  const duration = parseDuration(text);
  const value = duration === undefined ? parseNumber(text) : duration / 1000;
  if (value === undefined) throw reader.wrong(at, `bad number or duration syntax: ${text.slice(0, 80)}`);
  return value;
}
