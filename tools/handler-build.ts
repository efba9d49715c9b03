import type { BuildOptions } from 'esbuild';

/** How a handler is bundled, for the package and for the benchmark. */
export const HANDLER_BUILD: BuildOptions = {
  bundle: true,
  // What a handler imports only where a request needs it (`await import(...)`) becomes a file of its own, read when the first such request comes.
  splitting: true,
  entryNames: 'index',
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Without it esbuild prefers the CommonJS half of dual packages: twice the size, and `require` at import.
  mainFields: ['module', 'main'],
  // The few CommonJS packages inside still call require for Node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  logLevel: 'warning',
};

/** What runs on the machine of whoever uses the library: one file each, for the oldest Node.js that the package takes. */
const TOOL_BUILD: BuildOptions = { bundle: true, minify: true, platform: 'node', target: 'node20', mainFields: ['module', 'main'], logLevel: 'warning' };

/** How the command-line tool is bundled. */
export const CLI_BUILD: BuildOptions = { ...TOOL_BUILD, format: 'esm', banner: HANDLER_BUILD.banner };

/** How the scenario kit is bundled: as CommonJS, which both kinds of module can load. Its text is short, and a stack trace in it should be readable. */
export const KIT_BUILD: BuildOptions = { ...TOOL_BUILD, format: 'cjs', minify: false };
