import { errorKind, type ErrorKind, namedDependency } from './error-kinds';
import { isErrorLine, parseLine } from './log-line';
import type { LogLine, Span } from './port';
import { lengthOf } from './time';
import { redact } from '../../shared/redaction';

/** Error lines that say the same, but for ids, numbers and times. Its sample is redacted. */
export interface Pattern {
  readonly pattern: string;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  readonly sample: string;
  readonly errorType?: string;
  readonly kind?: ErrorKind;
  /** What failed to answer, where the line names it. */
  readonly dependency?: string;
}

/** The longest sample that is kept: a stack trace's head tells what it is. */
const SAMPLE_LENGTH = 300;
/** The longest part of a line that is compared. */
const PATTERN_LENGTH = 160;

/** Groups the error lines among `lines` into patterns, the most frequent first. */
export function patternsOf(lines: LogLine[]): Pattern[] {
  const groups = new Map<string, { count: number; first: LogLine; last: number }>();
  for (const line of lines) {
    if (!isErrorLine(line.message)) continue;
    const key = mask(parseLine(line.message).text);
    const group = groups.get(key);
    if (group) groups.set(key, { ...group, count: group.count + 1, last: line.time });
    else groups.set(key, { count: 1, first: line, last: line.time });
  }
  return [...groups].map(([pattern, { count, first, last }]) => {
    const { errorType, text } = parseLine(first.message);
    const kind = errorKind(first.message);
    const dependency = kind && namedDependency(text);
    return {
      pattern: redact(pattern),
      count,
      first: first.time,
      last,
      sample: redact(text).slice(0, SAMPLE_LENGTH),
      ...(errorType && { errorType }),
      ...(kind && { kind }),
      ...(dependency && { dependency: redact(dependency) }),
    };
  }).sort((a, b) => b.count - a.count || a.pattern.localeCompare(b.pattern));
}

/** Replaces what differs from line to line. */
export function mask(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>')
    .replace(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '<ip>')
    .replace(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi, '<id>')
    .replace(/\d+(?:\.\d+)?/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, PATTERN_LENGTH);
}

/** A pattern against the time before. */
export interface PatternDifference {
  readonly pattern: Pattern;
  /** Lines a minute more than before. */
  readonly rise: number;
  /** There now, and not before. */
  readonly isNew: boolean;
}

/** The patterns by how much more of them there is than before. The loudest line may have been there always. */
export function differences(now: Pattern[], nowSpan: Span, before: Pattern[], beforeSpan: Span): PatternDifference[] {
  const earlier = new Map(before.map((pattern) => [pattern.pattern, pattern.count]));
  const minutes = (span: Span) => Math.max(lengthOf(span) / 60_000, 1);
  return now.map((pattern) => {
    const countBefore = earlier.get(pattern.pattern) ?? 0;
    return { pattern, rise: pattern.count / minutes(nowSpan) - countBefore / minutes(beforeSpan), isNew: countBefore === 0 };
  }).sort((a, b) => b.rise - a.rise);
}
