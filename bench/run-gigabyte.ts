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
    // The table in memory tells commands by the names of their classes.
    await build({ ...HANDLER_BUILD, keepNames: true, entryPoints: [join('bench', 'gigabyte.ts')], outdir: folder });
    return JSON.parse(execFileSync(process.execPath, [join(folder, 'index.mjs'), what], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
