import * as path from 'path';

/** What the library knows about itself, from its own package.json: the one place that .projenrc.ts writes it to. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const manifest = require(path.join(__dirname, '..', '..', 'package.json')) as {
  version: string; repository: { url: string };
};

/** The library's version; 0.0.0 in the repository itself. */
export const LIBRARY_VERSION = manifest.version;

/** The repository's address, without a trailing slash. */
const REPOSITORY_URL = manifest.repository.url.replace(/\.git$/, '');

/** Address of a file of exactly this version in the repository. */
export function repositoryFileUrl(file: string): string {
  const ref = LIBRARY_VERSION === '0.0.0' ? 'main' : `v${LIBRARY_VERSION}`;
  return `${REPOSITORY_URL}/blob/${ref}/${file}`;
}

/** Folder of a bundled handler. The path is right from src, lib, a consumer's node_modules and the jsii kernel's cache. */
export function assetPath(name: string): string {
  return path.join(__dirname, '..', '..', 'assets', name);
}
