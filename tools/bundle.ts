import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type OutputOptions } from 'rolldown';
import { cliBuild, handlerBuild, kitBuild } from './handler-build';
import { kitDeclarations } from './kit-declarations';
import { thirdPartyLicenses } from './third-party';
import { BUILT_IN_RUNBOOKS } from '../src/private/shared/runbook-table';

/**
 * Bundles every Lambda handler into `assets/<name>/index.mjs`, the command-line tool into `bin/cli.mjs`, and the scenario kit
 * into `scenarios/`; the licenses of what is in them go into `THIRD_PARTY_LICENSES`.
 *
 * A handler is a file `lambda-src/<name>/handler.ts`; a built-in runbook's is `lambda-src/runbooks/<name>/handler.ts`, and
 * its asset is called `runbook-<name>`. The SDK is bundled too: that imports three times faster than the runtime's own.
 */
const root = join(__dirname, '..');
const assets = join(root, 'assets');
const bin = join(root, 'bin');
const kit = join(root, 'scenarios');

function handlers(): { name: string; entry: string }[] {
  const functions = readdirSync(join(root, 'lambda-src'))
    .map((name) => ({ name, entry: join(root, 'lambda-src', name, 'handler.ts') }))
    .filter(({ entry }) => existsSync(entry));
  const runbooks = BUILT_IN_RUNBOOKS.map((name) => ({ name: `runbook-${name}`, entry: join(root, 'lambda-src', 'runbooks', name, 'handler.ts') }));
  return [...functions, ...runbooks];
}

function removeOthers(folder: string, kept: ReadonlySet<string>): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(path)) rmSync(path);
  }
}

async function main() {
  const entries = handlers();
  const builds = [
    ...entries.map(({ name, entry }) => handlerBuild(entry, join(assets, name))),
    cliBuild(join(root, 'cli', 'main.ts'), join(bin, 'cli.mjs')),
    kitBuild(join(root, 'lambda-src', 'scenarios', 'kit.ts'), join(kit, 'index.js')),
  ];
  const outputs = await Promise.all(builds.map((options) => build(options)));
  const written = builds.flatMap(({ output }, i) => {
    const { dir, file } = output as OutputOptions;
    return outputs[i].output.map(({ fileName }) => file ?? join(dir!, fileName));
  });
  const modules = outputs.flatMap(({ output }) => output.flatMap((file) => file.type === 'chunk' ? file.moduleIds : []));
  writeFileSync(join(root, 'THIRD_PARTY_LICENSES'), thirdPartyLicenses(modules));
  for (const [name, text] of Object.entries(kitDeclarations())) {
    written.push(join(kit, name));
    writeFileSync(join(kit, name), text);
  }
  // What an earlier state of the sources left behind would be packed and published. Removed last, so that who reads meanwhile finds all there is.
  for (const folder of [assets, bin, kit]) removeOthers(folder, new Set(written));
  console.log(`bundled ${entries.length} handlers into assets/, the command-line tool into bin/, and the scenario kit into scenarios/`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
