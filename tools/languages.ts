import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Generates the library for the other languages, as the release does before it compiles there. A name or a type that is
 * unusable in one of them fails here. Needs a compiled library (`npm run build`, or `npx projen compile`).
 */
const root = join(__dirname, '..');

const LANGUAGES: { target: string; proof: string }[] = [
  { target: 'python', proof: 'src/cdk_serverless_monitoring/__init__.py' },
  { target: 'java', proof: 'src/main/java/io/github/cdkserverlessmonitoring/ServerlessMonitoring.java' },
  { target: 'dotnet', proof: 'CdkServerlessMonitoring/CdkServerlessMonitoring/ServerlessMonitoring.cs' },
  { target: 'go', proof: 'cdkserverlessmonitoring/ServerlessMonitoring.go' },
];

if (!existsSync(join(root, '.jsii'))) {
  console.error('The library is not compiled: there is no .jsii. Run "npm run build" first.');
  process.exit(1);
}
const out = mkdtempSync(join(tmpdir(), 'languages-'));
try {
  // One run for all: the assembly is loaded, and its samples are translated, once.
  execFileSync(join(root, 'node_modules', '.bin', 'jsii-pacmak'), [
    '--code-only', '--outdir', out, ...LANGUAGES.flatMap(({ target }) => ['--target', target]),
  ], { cwd: root, stdio: 'inherit' });
  for (const { target, proof } of LANGUAGES) {
    if (!existsSync(join(out, target, proof))) {
      throw new Error(`${target}: ${proof} was not generated; found ${readdirSync(join(out, target)).join(', ')}`);
    }
    console.log(`${target}: generated`);
  }
  // Python needs no toolchain of its own to be checked for syntax.
  execFileSync('python3', ['-m', 'compileall', '-q', join(out, 'python', 'src')], { stdio: 'inherit' });
  console.log('python: compiles');
} finally {
  rmSync(out, { recursive: true, force: true });
}
