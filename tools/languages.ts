import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testExampleHandlers } from './languages/example-handlers';
import { generateCode } from './languages/generated-code';
import { tryPythonApp } from './languages/python-app';
import { Tally } from './languages/tally';

/**
 * What is not TypeScript: the example handlers in other languages, the library as the other languages get it, and an app in
 * Python. Needs a compiled library (`npm run build`, or `npx projen compile`), Python and Go.
 */
const root = join(__dirname, '..');

const NEEDED: [there: boolean, missing: string][] = [
  [existsSync(join(root, '.jsii')), 'The library is not compiled: there is no .jsii. Run "npm run build" first.'],
  [runs('python3', '-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))'), 'Python 3.11 or newer with venv is needed, and "python3" is missing or older.'],
  [runs('go', 'version'), 'Go 1.26 or newer is needed, and there is no "go" on the PATH.'],
];

function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

const missing = NEEDED.filter(([there]) => !there);
if (missing.length > 0) {
  missing.forEach(([, sentence]) => console.error(sentence));
  process.exit(1);
}
const tally = new Tally();
const out = mkdtempSync(join(tmpdir(), 'languages-'));
try {
  testExampleHandlers(tally, root);
  generateCode(tally, root, out);
  tryPythonApp(tally, root, out);
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exitCode = tally.end();
