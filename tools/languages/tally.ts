/** Counts what passed and what failed, over tests in several languages, and tells it as jest does: `.ci/run` sums such lines. */
export class Tally {
  private passed = 0;
  private failed = 0;

  /** One thing to prove: it failed if it throws. Returns whether it passed. */
  public check(name: string, prove: () => void): boolean {
    try {
      prove();
    } catch (error) {
      console.error(`FAILED ${name}: ${(error as Error).message}`);
      this.failed += 1;
      return false;
    }
    console.log(`ok ${name}`);
    this.passed += 1;
    return true;
  }

  /** A run that counts its own tests. */
  public add(name: string, { passed, failed }: { passed: number; failed: number }): void {
    console.log(`${failed > 0 ? 'FAILED' : 'ok'} ${name}: ${passed} passed, ${failed} failed`);
    this.passed += passed;
    this.failed += failed;
  }

  /** Tells the sum; returns the exit code. */
  public end(): number {
    console.log(`Tests: ${this.failed} failed, ${this.passed} passed, ${this.failed + this.passed} total`);
    return this.failed > 0 ? 1 : 0;
  }
}
