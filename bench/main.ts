import { cpus, totalmem } from 'node:os';
import { bundleFigures } from './bundle-figures';
import { partFigures } from './part-figures';
import { synthFigures } from './synth-figures';

/** One figure; `bar` is what it must not exceed, `floor` what it must reach; without either it is only reported. */
export interface Figure {
  readonly key: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: number;
  readonly floor?: number;
}

/** A figure's bar and whether it is met, for the eye. */
function judged({ value, bar, floor }: Figure): string {
  const limit = bar ?? floor;
  if (limit === undefined) return '';
  const missedBy = bar === undefined ? limit - value : value - limit;
  return `  (bar ${bar === undefined ? 'at least ' : ''}${limit}: ${missedBy <= 0 ? 'met' : `MISSED by ${Number(missedBy.toFixed(2))}`})`;
}

/**
 * Prints the benchmark's figures: medians of several runs, with the bar beside those that have one.
 *
 * `--json` prints one JSON object and nothing else.
 */
async function main() {
  const figures = [...await partFigures(), ...await bundleFigures(), ...await synthFigures()];
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, memoryGiB: Math.round(totalmem() / 2 ** 30) };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ ...Object.fromEntries(figures.map(({ key, value }) => [key, value])), machine }));
    return;
  }
  console.log(`on ${machine.cpus} x ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}`);
  for (const figure of figures) {
    console.log(`${figure.key.padEnd(20)} ${String(figure.value).padStart(8)} ${figure.unit}${judged(figure)}`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
