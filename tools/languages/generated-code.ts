import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Tally } from './tally';

const LANGUAGES: { target: string; proof: string }[] = [
  { target: 'python', proof: 'src/cdk_serverless_monitoring/__init__.py' },
  { target: 'java', proof: 'src/main/java/io/github/cdkserverlessmonitoring/ServerlessMonitoring.java' },
  { target: 'dotnet', proof: 'CdkServerlessMonitoring/CdkServerlessMonitoring/ServerlessMonitoring.cs' },
  { target: 'go', proof: 'cdkserverlessmonitoring/ServerlessMonitoring.go' },
];

/** Generates the library for the other languages, as the release does before it compiles there: a name or a type that is unusable in one fails here. */
export function generateCode(tally: Tally, root: string, out: string): void {
  // One run for all: the assembly is loaded, and its samples are translated, once.
  execFileSync(join(root, 'node_modules', '.bin', 'jsii-pacmak'), [
    '--code-only', '--outdir', out, ...LANGUAGES.flatMap(({ target }) => ['--target', target]),
  ], { cwd: root, stdio: 'inherit' });
  for (const { target, proof } of LANGUAGES) {
    tally.check(`${target}: generated`, () => {
      if (!existsSync(join(out, target, proof))) throw new Error(`${proof} was not generated; found ${readdirSync(join(out, target)).join(', ')}`);
    });
  }
}
