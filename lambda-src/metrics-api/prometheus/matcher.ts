import { RE2JS } from 're2js';
import type { Labels } from './labels';
import { COST, type Work } from './work';

export const MATCH_OPERATORS = ['=', '!=', '=~', '!~'] as const;
export type MatchOperator = typeof MATCH_OPERATORS[number];

/** Classes of hundreds of ranges of characters. */
const CLASSES = /\\[pP]/;

/** Of a microsecond and a few hundred bytes each: a function of 256 MB has room and time for that many. */
const MAX_EXPANDED = 200_000;

/**
 * Counts the steps that the regular expressions of one request take to compile, and ends it at a limit: a short one can take seconds.
 * Repetitions are written out; a class of letters is hundreds of ranges; and where case does not count, each character of a range is looked up.
 */
export class Expansion {
  private steps = 0;

  /** @throws Error where it is too much. */
  public add(regex: string): void {
    const counts = [...regex.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Math.max(Number(most || least), 1));
    const written = Math.min(counts.reduce((product, count) => product * count, 1), 1000);
    this.steps += 20 + regex.length * (written + readingOf(regex));
    if (this.steps > MAX_EXPANDED) {
      throw new Error(`the regular expressions up to here grow to about ${this.steps} steps; at most ${MAX_EXPANDED} are taken`);
    }
  }
}

/** What it takes to read a character of a regular expression, at the most. */
function readingOf(regex: string): number {
  if (/\(\?[a-zA-Z]*i/.test(regex) && /\\[pPx]|[^\0-\x7f]/.test(regex)) return 1000;
  return CLASSES.test(regex) ? 60 : 5;
}

/** A condition on one label. A label that a series does not have is the empty text. */
export class Matcher {
  /** Regular expressions are RE2's, which take a time in proportion to the text: with JavaScript's own, `(a+)+b` could take years. */
  private readonly regex?: RE2JS;
  private readonly results = new Map<string, boolean>();

  /** @throws Error that says what is wrong with a regular expression. */
  public constructor(
    public readonly label: string, public readonly operator: MatchOperator, public readonly value: string, expansion = new Expansion(),
  ) {
    if (operator === '=' || operator === '!=') return;
    expansion.add(value);
    this.regex = RE2JS.compile(value, RE2JS.DOTALL);
  }

  /** Whether it selects series that do not have the label. */
  public get matchesAbsent(): boolean {
    return this.matches('');
  }

  public matches(text: string, work?: Work): boolean {
    if (!this.regex) {
      work?.add(COST.compared);
      return (text === this.value) === (this.operator === '=');
    }
    let found = this.results.get(text);
    if (found === undefined) {
      const instruction = CLASSES.test(this.value) ? COST.classInstruction : COST.instruction;
      work?.add(COST.matched + this.regex.programSize() * (text.length + 1) * instruction);
      this.results.set(text, found = this.regex.matches(text));
    }
    return found === (this.operator === '=~');
  }
}

export function matchesAll(matchers: readonly Matcher[], labels: Labels, work?: Work): boolean {
  return matchers.every((matcher) => matcher.matches(labels.get(matcher.label) ?? '', work));
}
