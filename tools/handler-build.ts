import type { BuildOptions } from 'rolldown';

/** How a handler is bundled, for the package and for the benchmark: `index.mjs` in the folder, and a file for each thing that is imported only where a request needs it (`await import(...)`). */
export function handlerBuild(entry: string, folder: string): BuildOptions {
  return {
    input: entry,
    ...forNode('node24'),
    // What such a file shares with the handler stays in index.mjs, which lends it: in files of their own, a start would read them all, at 1 to 2 ms each.
    preserveEntrySignatures: 'allow-extension',
    output: { dir: folder, format: 'esm', entryFileNames: 'index.mjs', chunkFileNames: '[name]-[hash].mjs', minify: true },
  };
}

/** How the command-line tool is bundled: one file, for the oldest Node.js that the package takes, since it runs on the machine of whoever uses the library. */
export function cliBuild(entry: string, file: string): BuildOptions {
  return { input: entry, ...forNode('node20'), output: { file, format: 'esm', codeSplitting: false, minify: true } };
}

/** How the scenario kit is bundled: as the command-line tool, but as CommonJS, which both kinds of module can load. Its text is short, and a stack trace in it should be readable. */
export function kitBuild(entry: string, file: string): BuildOptions {
  return { input: entry, ...forNode('node20'), output: { file, format: 'cjs', codeSplitting: false } };
}

function forNode(target: string): BuildOptions {
  return {
    platform: 'node',
    // Without it the CommonJS half of dual packages is preferred: larger, and `require` at import.
    resolve: { mainFields: ['module', 'main'] },
    transform: { target },
    logLevel: 'warn',
  };
}
