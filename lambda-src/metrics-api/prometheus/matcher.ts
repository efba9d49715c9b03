import { RE2JS } from 're2js';
import type { Labels } from './labels';
import type { Work } from './work';

export const MATCH_OPERATORS = ['=', '!=', '=~', '!~'] as const;
export type MatchOperator = typeof MATCH_OPERATORS[number];

/** Repetitions are written out when a regular expression is compiled, so a short one can become a program that takes seconds. */
const MAX_EXPANDED = 200_000;

/** A condition on one label. A label that a series does not have is the empty text. */
export class Matcher {
  /** Regular expressions are RE2's, which take a time in proportion to the text: with JavaScript's own, `(a+)+b` could take years. */
  private readonly regex?: RE2JS;
  private readonly results = new Map<string, boolean>();

  /** @throws Error that says what is wrong with a regular expression. */
  public constructor(public readonly label: string, public readonly operator: MatchOperator, public readonly value: string) {
    if (operator === '=' || operator === '!=') return;
    const counts = [...value.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Math.max(Number(most || least), 1));
    const expanded = value.length * Math.min(counts.reduce((product, count) => product * count, 1), 1000);
    if (expanded > MAX_EXPANDED) throw new Error(`the regular expression grows to about ${expanded} steps; at most ${MAX_EXPANDED} are taken`);
    this.regex = RE2JS.compile(value, RE2JS.DOTALL);
  }

  /** Whether it selects series that do not have the label. */
  public get matchesAbsent(): boolean {
    return this.matches('');
  }

  public matches(text: string, work?: Work): boolean {
    if (!this.regex) return (text === this.value) === (this.operator === '=');
    let found = this.results.get(text);
    if (found === undefined) {
      work?.add(this.regex.programSize() * (text.length + 1));
      this.results.set(text, found = this.regex.matches(text));
    }
    return found === (this.operator === '=~');
  }
}

export function matchesAll(matchers: readonly Matcher[], labels: Labels, work?: Work): boolean {
  return matchers.every((matcher) => matcher.matches(labels.get(matcher.label) ?? '', work));
}
