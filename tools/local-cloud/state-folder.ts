import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the local cloud keeps between runs (its installation, its logs); git-ignored, and safe to delete. */
export const STATE_FOLDER = join(__dirname, '..', '..', '.local-cloud');

/** The project, for paths in messages and as the place that `node_modules` lies in. */
export const PROJECT_FOLDER = join(__dirname, '..', '..');

/** An entry of the state folder, which exists afterwards. */
export function inStateFolder(name: string): string {
  mkdirSync(STATE_FOLDER, { recursive: true });
  return join(STATE_FOLDER, name);
}

/** Removes the logs of sessions that nobody asks about any more. */
export function removeOldLogs() {
  const yesterday = Date.now() - 86_400_000;
  for (const name of readdirSync(inStateFolder('.')).filter((entry) => /^\d+\./.test(entry))) {
    if (statSync(inStateFolder(name)).mtimeMs < yesterday) rmSync(inStateFolder(name), { force: true });
  }
}

/**
 * Makes a folder once for all sessions, and whole or not at all.
 *
 * It is filled under another name and then renamed: a session that was broken off leaves no half installation behind, and of
 * two sessions that install at the same time one simply wins.
 */
export async function makeOnce(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = inStateFolder(name);
  if (existsSync(folder)) return folder;
  const temporary = mkdtempSync(`${folder}.`);
  try {
    await fill(temporary);
    if (!existsSync(folder)) renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}
