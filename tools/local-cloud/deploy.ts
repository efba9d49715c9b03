import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Tell } from './installation';
import { LocalCloud } from './local-cloud';
import { onExit, run } from './processes';
import { PROJECT_FOLDER } from './state-folder';

export interface DeployOptions {
  /** The app's folder: its cdk.json counts. */
  readonly folder: string;
  /** The command that runs the app. @default - `app.ts`, run by tsx, `cdk-serverless-monitoring` being our src */
  readonly app?: string;
  /** Told how long each step took. @default - nobody */
  readonly tell?: Tell;
}

/** Outputs of every stack: stack name -> output name -> value. */
export type Outputs = Record<string, Record<string, string>>;

const installed = createRequire(__filename);
const CLI = join(dirname(installed.resolve('aws-cdk/package.json')), 'bin', 'cdk');
const APP_FROM_SOURCE = `node ${installed.resolve('tsx/cli')} --tsconfig ${join(PROJECT_FOLDER, 'tsconfig.dev.json')} app.ts`;

/** What costs time or network and says nothing here. */
const QUIET = ['--ci', '--no-color', '--no-notices', '--no-version-reporting', '--no-path-metadata', '--no-asset-metadata'];

/** Deploys an app by the real CDK CLI, bootstrap included, and returns its outputs. */
export async function deploy(cloud: LocalCloud, options: DeployOptions): Promise<Outputs> {
  const tell = options.tell ?? (() => undefined);
  const temporary = mkdtempSync(join(tmpdir(), 'local-cloud-app-'));
  const remove = () => rmSync(temporary, { recursive: true, force: true });
  const removed = onExit(remove);
  const env = environment(cloud);
  const cdk = (what: string, args: string[]) => run(process.execPath, [CLI, ...args, ...QUIET], {
    what, env, cwd: options.folder,
  });
  try {
    const assembly = join(temporary, 'cdk.out');
    const outputs = join(temporary, 'outputs.json');
    const timed = async (name: string, work: Promise<unknown>) => {
      const start = Date.now();
      await work;
      tell(`${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
    };
    await Promise.all([
      timed('cdk bootstrap', cdk('cdk bootstrap', ['bootstrap', `aws://${cloud.account}/${cloud.region}`, '--app', ''])),
      timed('cdk synth', cdk('cdk synth', ['synth', '--quiet', '--app', options.app ?? APP_FROM_SOURCE, '--output', assembly])),
    ]);
    await timed('cdk deploy', cdk('cdk deploy', [
      'deploy', '--all', '--app', assembly, '--method', 'direct', '--require-approval', 'never', '--outputs-file', outputs,
    ]));
    // Without any output the CLI writes no file.
    return existsSync(outputs) ? JSON.parse(readFileSync(outputs, 'utf8')) : {};
  } finally {
    removed();
    remove();
  }
}

function environment(cloud: LocalCloud): NodeJS.ProcessEnv {
  return {
    ...cloud.env,
    CDK_DEFAULT_ACCOUNT: cloud.account,
    CDK_DEFAULT_REGION: cloud.region,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: '1',
    // The CDK's own validator takes most of a synth's time; `npm test` runs it.
    CDK_VALIDATION: 'false',
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1',
  };
}
