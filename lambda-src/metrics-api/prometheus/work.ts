import { cannotExecute } from './failure';

/**
 * About two seconds of a whole processor. A function of 256 MB has a seventh of one, and the answer must be there before API Gateway gives
 * up after 29 s.
 */
export const MAX_WORK = 500_000_000;

/**
 * Counts the steps that a query takes, and ends it at a limit: a short query can ask for any amount of work.
 *
 * Steps and not seconds, so that the same query over the same data always answers the same.
 */
export class Work {
  private done = 0;

  public constructor(private readonly limit = MAX_WORK) {}

  public add(steps: number): void {
    this.done += steps;
    if (this.done > this.limit) {
      throw cannotExecute(`The query takes more than ${this.limit} steps of calculation. Take fewer series, a shorter range or a longer step.`);
    }
  }
}
