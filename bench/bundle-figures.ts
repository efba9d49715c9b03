import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type OutputChunk, type RolldownOutput } from 'rolldown';
import type { Figure } from './main';
import { medianOf } from './median';
import { Env } from '../src/private/shared/environment';
import { handlerBuild } from '../tools/handler-build';
import { nodeForFunctions } from '../tools/local-cloud/installation';

const root = process.cwd();
/** What the handler reads when it is imported. */
const CONFIGURATION = {
  [Env.METRICS_TABLE]: 'metrics',
  [Env.SAMPLE_RETENTION_DAYS]: '63',
  [Env.ROLLUP_RETENTION_DAYS]: '455',
  [Env.LIBRARY_VERSION]: '0.0.0',
  AWS_REGION: 'eu-west-1',
};

/**
 * Size of the API handler's own code, without the SDK and without what only few requests load, and the time to import it on the Node.js that runs the functions. The
 * import is of the code alone too: the SDK is imported before, and a client made, whose first making compiles a good part of the SDK.
 */
export async function bundleFigures(): Promise<Figure[]> {
  // In the checkout, so that the import finds the SDK beside it.
  const out = mkdtempSync(join(root, 'node_modules', '.bench-'));
  try {
    const bundled = await build({ ...handlerBuild(join(root, 'lambda-src', 'metrics-api', 'handler.ts'), out), external: /^@(aws-sdk|smithy)\// });
    const outfile = join(out, 'index.mjs');
    const importTime = `const [{ DynamoDBClient }] = await Promise.all(['@aws-sdk/client-dynamodb','@aws-sdk/client-cloudwatch','@aws-sdk/client-ssm'].map((sdk) => import(sdk)));
      new DynamoDBClient({});
      const start = process.hrtime.bigint(); await import(${JSON.stringify(outfile)}); console.log(Number(process.hrtime.bigint() - start) / 1e6);`;
    const folder = await nodeForFunctions((text) => console.error(text));
    const node = folder === undefined ? process.execPath : join(folder, 'node');
    const options: ExecFileSyncOptionsWithStringEncoding = { cwd: root, encoding: 'utf8', env: { ...process.env, ...CONFIGURATION } };
    const importMs = await medianOf(15, () => Number(execFileSync(node, ['--input-type=module', '-e', importTime], options)));
    return [
      { key: 'apiBundleKB', value: Math.round(bytesAtStart(bundled) / 102.4) / 10, unit: 'KB', bar: 80 },
      { key: 'apiImportMs', value: Math.round(importMs * 10) / 10, unit: 'ms', bar: 15 },
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The handler and what it imports at once, without what it imports when a request needs it. */
function bytesAtStart({ output }: RolldownOutput): number {
  const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
  const started = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of started) for (const chunk of chunks) if (imports.includes(chunk.fileName)) started.add(chunk);
  return [...started].reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
}
