/** A question would need more samples in memory at once than may be held. */
export class TooManySamples extends Error {
  public constructor(public readonly limit: number) {
    super(`more than ${limit} samples`);
  }
}

/** Counts the samples that all series of a question hold together. */
export class HeldSamples {
  private count = 0;

  public constructor(private readonly limit: number) {}

  public hold(): void {
    this.count += 1;
    if (this.count > this.limit) throw new TooManySamples(this.limit);
  }

  public release(count: number): void {
    this.count -= count;
  }
}
