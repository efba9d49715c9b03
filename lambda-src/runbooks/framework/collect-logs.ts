import type { Context } from './definition';
import type { Item } from './evidence';
import { ERROR_WORDS } from './log-line';
import { differences, type Pattern, type PatternDifference, patternsOf } from './patterns';
import type { LogLines, Look } from './port';
import { clockTime } from './time';

/** So many lines are read of each span; further ones are counted where the service can count. */
const SAMPLED_LINES = 1000;
/** So many patterns are kept. */
const KEPT_PATTERNS = 10;

/** What a LOG evidence item holds. */
export interface LogFacts {
  readonly group: string;
  /** Error lines in the incident, as far as they were read. */
  readonly lines: number;
  readonly linesBefore: number;
  /** True if there are more lines than were read. */
  readonly sampled: boolean;
  /** Most frequent first. */
  readonly patterns: Pattern[];
  /** By how much more there is than before; the first is what is new, if anything is. */
  readonly differences: PatternDifference[];
  /** False: the time before could not be read, so nothing can be called new. */
  readonly beforeKnown: boolean;
}

/** The error lines of one log group, in the incident and in the time before. */
export async function collectErrorLines({ port, windows, evidence, links }: Context, id: string, group: string): Promise<Item<LogFacts>> {
  const [now, before] = await Promise.all([windows.incident, windows.before]
    .map((span) => port.logLines({ group, span, match: ERROR_WORDS, limit: SAMPLED_LINES })));
  return addErrorLines({ evidence, windows }, { id, group, what: `error lines in ${group}`, now, before, link: links.logs(group, windows.incident) });
}

/** The same from lines that were read elsewhere, such as a service's log objects. */
export function addErrorLines(
  { evidence, windows }: Pick<Context, 'evidence' | 'windows'>,
  from: { id: string; group: string; what: string; now: Look<LogLines>; before: Look<LogLines>; link?: string },
): Item<LogFacts> {
  const { id, group, what, now, before, link } = from;
  return evidence.add({
    id,
    kind: 'LOG',
    what,
    look: now,
    data: (seen): LogFacts => {
      const patterns = patternsOf(seen.lines);
      const earlier = patternsOf(before.data?.lines ?? []);
      return {
        group,
        lines: countOf(patterns),
        linesBefore: countOf(earlier),
        sampled: seen.total > seen.lines.length || seen.sampled,
        patterns: patterns.slice(0, KEPT_PATTERNS),
        differences: differences(patterns, windows.incident, earlier, windows.before).slice(0, KEPT_PATTERNS),
        beforeKnown: before.status === 'OK' || before.status === 'NO_DATA',
      };
    },
    says: (seen) => {
      const [top] = patternsOf(seen.lines);
      return top ? `${countOf(patternsOf(seen.lines))} error lines, most often "${top.sample.slice(0, 120)}" since ${clockTime(top.first)}` : 'no error line';
    },
    link,
  });
}

const countOf = (patterns: Pattern[]) => patterns.reduce((total, { count }) => total + count, 0);
