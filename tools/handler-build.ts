import type { BuildOptions } from 'esbuild';

/** How a handler is bundled, for the package and for the benchmark. */
export const HANDLER_BUILD: BuildOptions = {
  bundle: true,
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
