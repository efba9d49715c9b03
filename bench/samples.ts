/** Made-up metrics that are the same in every run: figures differ by the code, not by the luck of the draw. */

/** Lehmer's generator of random numbers in (0, 1); `seed` is at least 1. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
}

export const METRICS = ['cpu', 'memory', 'latency', 'queueDepth', 'requests', 'errors', 'connections', 'diskUsed'];
export const LINE_INTERVAL = 10_000;

/** Gives one metric's values, one after the other. */
type Values = () => number;

const twoDecimals = (value: number) => Math.round(value * 100) / 100;

/** How values may go, from what packs well to what does not. */
export const SHAPES = {
  /** Two decimals, each at most one unit away from the one before. */
  randomWalk: (random: Values): Values => {
    let value = 20 + 60 * random();
    return () => twoDecimals(value += 2 * random() - 1);
  },
  /** Two decimals, anywhere in a hundred. */
  uniform: (random: Values): Values => () => twoDecimals(100 * random()),
  /** Counts below a thousand. */
  integers: (random: Values): Values => () => Math.floor(1_000 * random()),
  /** Nearly always the same, and now and then a thousand times that. */
  spikes: (random: Values): Values => () => (random() < 0.01 ? twoDecimals(100_000 * random()) : 12.5),
  /** All digits that float64 has: nothing to pack. */
  full: (random: Values): Values => random,
} as const;
export type Shape = keyof typeof SHAPES;

/** The values of one service, line by line: eight metrics a line. In sparse lines each metric is there once in ten lines. */
export function* documentsOf(seed: number, shape: Shape = 'randomWalk', sparse = false): Generator<Record<string, number>, never, void> {
  const random = randomFrom(seed);
  const values = METRICS.map(() => SHAPES[shape](random));
  for (let line = 0; ; line++) {
    const metrics: Record<string, number> = {};
    METRICS.forEach((metric, i) => {
      const value = values[i]();
      if (!sparse || (line + i) % 10 === 0) metrics[metric] = value;
    });
    yield metrics;
  }
}

/** One service's samples by metric, as its log lines carry them: a line every 10 s. */
export function columnsOf(lines: number, start: number, documents: Iterator<Record<string, number>, never>) {
  const columns = new Map<string, { timestamps: number[]; values: number[] }>();
  for (let line = 0; line < lines; line++) {
    for (const [metric, value] of Object.entries(documents.next().value)) {
      const column = columns.get(metric) ?? { timestamps: [], values: [] };
      column.timestamps.push(start + line * LINE_INTERVAL);
      column.values.push(value);
      columns.set(metric, column);
    }
  }
  return columns;
}

/** The log files that some services write: one file of all of them for each span of time, a line of each service every 10 s. */
export class LogWriter {
  private readonly services: { readonly name: string; readonly documents: Iterator<Record<string, number>, never> }[];

  constructor(services: number) {
    this.services = Array.from({ length: services }, (_, i) => ({ name: `service-${String(i).padStart(2, '0')}`, documents: documentsOf(i + 1) }));
  }

  /** The lines of `[from, from + length)`, in milliseconds. */
  public lines(from: number, length: number): string[] {
    const lines: string[] = [];
    for (let time = from; time < from + length; time += LINE_INTERVAL) {
      const timestamp = new Date(time).toISOString();
      for (const { name, documents } of this.services) lines.push(JSON.stringify({ service: name, timestamp, metrics: documents.next().value }));
    }
    return lines;
  }
}
