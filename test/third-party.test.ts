import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thirdPartyLicenses } from '../tools/third-party';

const folder = mkdtempSync(join(tmpdir(), 'third-party-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module of a package that is installed for this, two folders deep. */
function moduleOf(name: string, license: string, files: Record<string, string> = {}): string {
  const home = join(folder, 'node_modules', name);
  mkdirSync(join(home, 'dist', 'es'), { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
  writeFileSync(join(home, 'dist', 'package.json'), '{"type":"module"}');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(home, file), text);
  return join(home, 'dist', 'es', 'index.js');
}

test('each text once, under the packages that it is of; a notice goes with its license, and our own modules have none', () => {
  const told = thirdPartyLicenses([
    moduleOf('b', 'MIT', { 'LICENSE.md': 'Copyright B' }), moduleOf('@a/one', 'Apache-2.0', { LICENSE: 'Apache text' }), moduleOf('@a/two', 'Apache-2.0', { LICENSE: 'Apache text' }),
    moduleOf('@a/bare', 'Apache-2.0'), moduleOf('c', 'Apache-2.0', { LICENSE: 'Apache text', NOTICE: 'C of Company' }), join(folder, 'ours.ts'), '\0rolldown/runtime.js',
  ]);
  const [, ...parts] = told.split(/\n+-{80}\n+/);
  expect(parts.map((part) => part.trim())).toEqual([
    '@a/bare 1.2.3 (Apache-2.0)\n@a/one 1.2.3 (Apache-2.0)\n@a/two 1.2.3 (Apache-2.0)\n\nApache text', 'b 1.2.3 (MIT)\n\nCopyright B', 'c 1.2.3 (Apache-2.0)\n\nApache text\n\nC of Company',
  ]);
});

test.each([
  ['GPL-3.0', {}, /^strict is licensed under GPL-3.0; what is bundled may be under .*Apache-2.0.*Take another package/],
  ['ISC', {}, /^strict is licensed under ISC, and neither it nor another bundled package brings that text/],
])('%s: stops the build, and says what to do', (license, files, message) => {
  expect(() => thirdPartyLicenses([moduleOf('strict', license, files)])).toThrow(message);
});
