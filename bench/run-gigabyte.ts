import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { HANDLER_BUILD } from '../tools/handler-build';

/** Bundles and runs gigabyte.ts, and returns what it tells. */
export async function runGigabyte(what: 'peak' | 'compare'): Promise<any> {
  const folder = mkdtempSync(join(tmpdir(), 'gigabyte-'));
  try {
    const outfile = join(folder, 'gigabyte.mjs');
    // The table in memory tells commands by the names of their classes.
    await build({ ...HANDLER_BUILD, keepNames: true, entryPoints: [join(__dirname, 'gigabyte.ts')], outfile });
    return JSON.parse(execFileSync(process.execPath, [outfile, what], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
