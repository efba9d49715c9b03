import { cannotExecute } from './failure';

/**
 * Two seconds of a whole processor, at two nanoseconds a step. A function of 256 MB has a seventh of one, and the answer must be there
 * before API Gateway gives up after 29 s.
 */
export const MAX_WORK = 1_000_000_000;

/** What things take, in steps: as they were measured with Node 24, and where that depends on the numbers, about what the worst take. */
export const COST = {
  /** Of a column or group: its labels and its arrays. */
  column: 1500,
  /** Of a column's value at one time. */
  newest: 20,
  window: 50,
  changed: 15,
  power: 50,
  /** Of numbers far apart, it is found bit by bit. */
  remainder: 500,
  /** Of a sample in a window. */
  sample: 2,
  deviation: 7,
  /** Of a group at one time, and of each of its values then. */
  fold: 15,
  folded: 12,
  offered: 20,
  /** Of a place in a heap. */
  moved: 10,
  /** Of a label: equal or not, or held against a regular expression, and then for each of its instructions and characters. */
  compared: 10,
  matched: 1000,
  instruction: 3,
  classInstruction: 30,
} as const;

/** What it costs to sort so many numbers. */
export function sorting(count: number): number {
  return count * (10 + 3 * Math.log2(count));
}

/**
 * Counts the steps that a query takes, and ends it at a limit: a short query can ask for any amount of work.
 *
 * Steps and not seconds, so that the same query over the same data always answers the same.
 */
export class Work {
  /** How many there were so far. */
  public done = 0;

  public constructor(private readonly limit = MAX_WORK) {}

  public add(steps: number): void {
    this.done += steps;
    if (this.done > this.limit) {
      throw cannotExecute(`The query takes more than ${this.limit} steps of calculation. Take fewer series, a shorter range, a longer step or shorter windows.`);
    }
  }
}
