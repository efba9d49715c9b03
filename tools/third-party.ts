import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Those that ask for no more than their text be handed on. */
const LICENSES: readonly string[] = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
const LICENSE_FILE = /^(licen[cs]e|notice)(\.(md|txt))?$/i;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its licence and, where it has one, its notice. */
  readonly text?: string;
}

/**
 * The licences of all packages that these modules are of, each text once, under the packages that it is of: who is given a bundle must be given them.
 *
 * @throws where a package has a licence that asks for more
 */
export function thirdPartyLicenses(modules: Iterable<string>): string {
  const folders = new Set([...modules].filter((id) => id.includes('/node_modules/')).map((id) => dirname(id)));
  const packages = [...new Set([...folders].map(packageFolder))].map(packageIn);
  const byText = new Map<string, Package[]>();
  for (const bundled of packages) {
    // Some packages of the SDK come without the text that all others of it bring.
    const text = bundled.text ?? packages.find(({ license, text: other }) => license === bundled.license && other)?.text;
    if (text === undefined) throw new Error(`${bundled.name} is licensed under ${bundled.license}, and neither it nor another bundled package brings that text. Ask its authors for it, or take another package.`);
    byText.set(text, [...byText.get(text) ?? [], bundled]);
  }
  const parts = [...byText].map(([text, of]) => `${of.map(({ name, version, license }) => `${name} ${version} (${license})`).sort().join('\n')}\n\n${text}`);
  return ['The files in assets/, bin/ and scenarios/ contain code of the packages below, under their licenses.', ...parts.sort()].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n';
}

/** The package's own, not one within that only says which kind of modules it holds. */
function packageFolder(folder: string): string {
  while (!existsSync(join(folder, 'package.json')) || read(folder).version === undefined) folder = dirname(folder);
  return folder;
}

function packageIn(folder: string): Package {
  const { name, version, license } = read(folder);
  if (!LICENSES.includes(license)) throw new Error(`${name} is licensed under ${license}; what is bundled may be under ${LICENSES.join(', ')}. Take another package, or see whether the licence fits and add it.`);
  const texts = readdirSync(folder).filter((file) => LICENSE_FILE.test(file)).sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { name, version, license, text: texts.join('\n\n') || undefined };
}

const read = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
