import { cpus, totalmem } from 'node:os';
import { bundleFigures } from './bundle-figures';
import { synthFigures } from './synth-figures';

/** One figure; `bar` is what it must not exceed, absent where it is only reported. */
export interface Figure {
  readonly key: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: number;
}

/**
 * Prints the benchmark's figures: medians of several runs, with the bar beside those that have one.
 *
 * `--json` prints one JSON object and nothing else.
 */
async function main() {
  const figures = [...await bundleFigures(), ...await synthFigures()];
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, memoryGiB: Math.round(totalmem() / 2 ** 30) };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ ...Object.fromEntries(figures.map(({ key, value }) => [key, value])), machine }));
    return;
  }
  console.log(`on ${machine.cpus} x ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}`);
  for (const { key, value, unit, bar } of figures) {
    const judged = bar === undefined ? '' : value <= bar ? `  (bar ${bar}: met)` : `  (bar ${bar}: MISSED by ${(value - bar).toFixed(1)})`;
    console.log(`${key.padEnd(20)} ${String(value).padStart(8)} ${unit}${judged}`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
