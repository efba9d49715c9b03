import { cpus, totalmem } from 'node:os';
import { bundleFigures } from './bundle-figures';
import { ingestFigures } from './ingest-figures';
import { partFigures } from './part-figures';
import { readFigures } from './read-figures';
import { synthFigures } from './synth-figures';
import { writeFigures } from './write-figures';

/** One figure; a key with dots lies in objects within objects. `bar` is what it must not exceed, `floor` what it must reach; without either it is only reported. */
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

/** `a.b` becomes a member of `a`. */
function nested(figures: readonly Figure[]): object {
  const root: Record<string, unknown> = {};
  for (const { key, value } of figures) {
    const path = key.split('.');
    const last = path.pop()!;
    let at = root;
    for (const name of path) at = (at[name] ??= {}) as Record<string, unknown>;
    at[last] = value;
  }
  return root;
}

/**
 * Prints the benchmark's figures: medians of several runs, with the bar beside those that have one.
 *
 * `--json` prints one JSON object and nothing else.
 */
async function main() {
  const figures: Figure[] = [];
  // One after the other: what runs beside a measurement is measured, too.
  for (const measure of [partFigures, ingestFigures, writeFigures, readFigures, bundleFigures, synthFigures]) figures.push(...await measure());
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, memoryGiB: Math.round(totalmem() / 2 ** 30) };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ ...nested(figures), machine }));
    return;
  }
  console.log(`on ${machine.cpus} x ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}`);
  const width = Math.max(...figures.map(({ key }) => key.length));
  for (const figure of figures) {
    console.log(`${figure.key.padEnd(width)} ${String(figure.value).padStart(8)} ${figure.unit}${judged(figure)}`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
