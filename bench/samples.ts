/** Made-up metrics that are the same in every run: figures differ by the code, not by the luck of the draw. */

/** Lehmer's generator of random numbers in (0, 1); `seed` is at least 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
}

const METRICS = ['cpu', 'memory', 'latency', 'queueDepth', 'requests', 'errors', 'connections', 'diskUsed'];
const LINE_INTERVAL = 10_000;

/**
 * One service's samples as its log lines carry them: eight metrics a line, a line every 10 s, each value two decimals and
 * at most one unit away from the one before.
 */
export function randomWalk(lines: number, start: number, seed: number): Map<string, { timestamps: number[]; values: number[] }> {
  const random = randomFrom(seed);
  return new Map(METRICS.map((metric) => {
    let value = 20 + 60 * random();
    const values = Array.from({ length: lines }, () => {
      value += 2 * random() - 1;
      return Math.round(value * 100) / 100;
    });
    return [metric, { timestamps: values.map((_, i) => start + i * LINE_INTERVAL), values }];
  }));
}
