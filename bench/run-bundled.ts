import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { handlerBuild } from '../tools/handler-build';

interface Run {
  readonly args?: readonly string[];
  /** What the program reads from its standard input. */
  readonly input?: Uint8Array;
  /** Whether classes keep the names that the source gives them. */
  readonly keepNames?: boolean;
}

/** Runs a program of this folder in a process of its own, bundled as a handler is, and returns the JSON that it prints: what else a process holds would be measured, too. */
export async function runBundled(program: string, { args = [], input, keepNames }: Run): Promise<any> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const options = handlerBuild(join('bench', `${program}.ts`), folder);
    await build({ ...options, output: { ...options.output, keepNames } });
    return JSON.parse(execFileSync(process.execPath, [join(folder, 'index.mjs'), ...args], { input, encoding: 'utf8', maxBuffer: 2 ** 28 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
