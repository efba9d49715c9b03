import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CLI_BUILD, HANDLER_BUILD, KIT_BUILD } from './handler-build';
import { kitDeclarations } from './kit-declarations';
import { BUILT_IN_RUNBOOKS } from '../src/private/shared/runbook-table';

/**
 * Bundles every Lambda handler into `assets/<name>/index.mjs`, the command-line tool into `assets/cli.mjs`, and the scenario
 * kit into `scenarios/`.
 *
 * A handler is a file `lambda-src/<name>/handler.ts`; a built-in runbook's is `lambda-src/runbooks/<name>/handler.ts`, and
 * its asset is called `runbook-<name>`. The SDK is bundled too: that imports three times faster than the runtime's own.
 */
const root = join(__dirname, '..');
const assets = join(root, 'assets');
const kit = join(root, 'scenarios');

function handlers(): { name: string; entry: string }[] {
  const functions = readdirSync(join(root, 'lambda-src'))
    .map((name) => ({ name, entry: join(root, 'lambda-src', name, 'handler.ts') }))
    .filter(({ entry }) => existsSync(entry));
  const runbooks = BUILT_IN_RUNBOOKS.map((name) => ({ name: `runbook-${name}`, entry: join(root, 'lambda-src', 'runbooks', name, 'handler.ts') }));
  return [...functions, ...runbooks];
}

async function main() {
  const entries = handlers();
  // What an earlier state of the sources left behind would be packed and published.
  for (const folder of [assets, kit]) rmSync(folder, { recursive: true, force: true });
  await Promise.all([
    ...entries.map(({ name, entry }) => build({ entryPoints: [entry], outdir: join(assets, name), ...HANDLER_BUILD })),
    build({ entryPoints: [join(root, 'cli', 'main.ts')], outfile: join(assets, 'cli.mjs'), ...CLI_BUILD }),
    build({ entryPoints: [join(root, 'lambda-src', 'scenarios', 'kit.ts')], outfile: join(kit, 'index.js'), ...KIT_BUILD }),
  ]);
  for (const [name, text] of Object.entries(kitDeclarations())) writeFileSync(join(kit, name), text);
  console.log(`bundled ${entries.length} handlers and the command-line tool into assets/, and the scenario kit into scenarios/`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
