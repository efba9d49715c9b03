export interface Patience {
  /** What is waited for, as the error names it. */
  readonly what: string;
  /** @default 30 s */
  readonly timeoutMs?: number;
  /** Pause between two looks. @default 100 ms */
  readonly pauseMs?: number;
}

/**
 * Asks until there is an answer: `look` returns undefined, or throws, as long as it is not there yet.
 *
 * What was seen last is in the error, because "timed out" alone explains nothing.
 */
export async function eventually<T>(look: () => Promise<T | undefined>, patience: Patience): Promise<T> {
  const { what, timeoutMs = 30_000, pauseMs = 100 } = patience;
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await look();
      if (answer !== undefined) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= deadline) {
      const seen = lastError ? ` The last look failed: ${lastError instanceof Error ? lastError.message : String(lastError)}` : '';
      throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}.${seen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
