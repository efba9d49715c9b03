import { ChildProcess, spawn, SpawnOptions } from 'node:child_process';

/**
 * Child processes that never outlive us by accident.
 *
 * Each child leads a process group of its own, so that its own children (a function's `node`, the app under `cdk`) end with
 * it; and every way in which this process ends, Ctrl-C included, passes through one `exit` handler.
 */
type Cleanup = () => void;

const cleanups = new Set<Cleanup>();
let hooked = false;

function hookExit() {
  if (hooked) return;
  hooked = true;
  process.on('exit', () => cleanups.forEach((cleanup) => cleanup()));
  const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
  for (const [signal, code] of Object.entries(signals)) process.once(signal, () => process.exit(code));
}

/** Runs `cleanup` (synchronously) when this process ends; the returned function takes that back. */
export function onExit(cleanup: Cleanup): () => void {
  hookExit();
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

/** Ends a process and all that it started; one that is gone already is fine. */
export function killGroup(pid: number) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export interface Group {
  readonly child: ChildProcess;
  /** Ends the group now. */
  stop(): void;
  /** Lets the group live on after this process. */
  release(): void;
}

export function spawnGroup(command: string, args: string[], options: SpawnOptions): Group {
  const child = spawn(command, args, { ...options, detached: true });
  const kill = () => { if (child.pid) killGroup(child.pid); };
  const release = onExit(kill);
  child.once('exit', release);
  return { child, release, stop: () => { release(); kill(); } };
}

export interface RunOptions {
  /** What the command is for, as an error names it: `installing MiniStack`. */
  readonly what: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Told every line as it comes, of both outputs. */
  readonly onLine?: (line: string) => void;
}

/** Runs a command to its end and returns what it printed; a failure carries the last lines. */
export async function run(command: string, args: string[], options: RunOptions): Promise<string> {
  const { child } = spawnGroup(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let unfinished = '';
  const read = (chunk: Buffer) => {
    output += chunk;
    const lines = (unfinished + chunk).split('\n');
    unfinished = lines.pop()!;
    lines.forEach((line) => options.onLine?.(line));
  };
  child.stdout!.on('data', read);
  child.stderr!.on('data', read);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${options.what}: cannot run ${command}: ${error.message}`)));
    child.once('close', resolve);
  });
  if (code !== 0) {
    const tail = output.trim().split('\n').slice(-25).join('\n');
    throw new Error(`${options.what} failed: ${command} ended with code ${code}. Its last lines:\n${tail}`);
  }
  return output;
}
