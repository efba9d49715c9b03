import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tally } from './tally';

/** Runs the tests of the example handlers that are not TypeScript, and synthesises the app that deploys each. */
export function testExampleHandlers(tally: Tally, root: string): void {
  const folder = join(root, 'examples', 'handlers');
  tally.add('python: example handler', unittest(join(folder, 'python')));
  tally.add('go: example handler', goTest(join(folder, 'go')));
  tally.check('go: vet finds nothing', () => execFileSync('go', ['vet', './...'], { cwd: join(folder, 'go'), stdio: 'inherit' }));
  for (const language of ['typescript', 'python', 'go']) {
    tally.check(`${language}: the example handler's app synthesises`, () => synthesise(root, folder, language));
  }
}

/** Python counts its tests at the end of what it prints. */
function unittest(cwd: string) {
  const { stderr } = spawnSync('python3', ['-m', 'unittest'], { cwd, encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  const [, ran] = /^Ran (\d+) tests?/m.exec(stderr) ?? [];
  if (!ran || ran === '0' || !/^(OK|FAILED)/m.test(stderr)) throw new Error(`python3 -m unittest did not run: ${stderr}`);
  const [, list = ''] = /^FAILED \((.*)\)/m.exec(stderr) ?? [];
  const failed = [...list.matchAll(/(?:failures|errors)=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  if (failed > 0) console.error(stderr);
  return { passed: Number(ran) - failed, failed };
}

/** Go tells each test's end as a line of JSON. */
function goTest(cwd: string) {
  // Uncached: what is counted has run.
  const { stdout, stderr, status } = spawnSync('go', ['test', '-json', '-count=1', './...'], { cwd, encoding: 'utf8' });
  const events = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { Action: string; Test?: string; Output?: string });
  const ended = events.filter(({ Action, Test }) => Test && ['pass', 'fail'].includes(Action));
  // A test that is made of others is not counted beside them.
  const tests = ended.filter(({ Test }) => !ended.some((other) => other.Test!.startsWith(`${Test}/`)));
  const failed = tests.filter(({ Action }) => Action === 'fail').length;
  if (failed > 0) console.error(events.map(({ Output = '' }) => Output).join(''));
  if (tests.length === 0 || (status !== 0 && failed === 0)) throw new Error(`go test did not run: ${stdout}${stderr}`);
  return { passed: tests.length - failed, failed };
}

/** Go builds its program while it is at it. */
function synthesise(root: string, folder: string, language: string): void {
  const out = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    execFileSync(join(root, 'node_modules', '.bin', 'tsx'), ['--tsconfig', join(root, 'tsconfig.dev.json'), 'app.ts'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ language }) },
    });
    if (!existsSync(join(out, 'Payments.template.json'))) throw new Error('there is no template');
  } finally {
    rmSync(out, { recursive: true, force: true });
    rmSync(join(folder, 'go', 'dist'), { recursive: true, force: true });
  }
}
