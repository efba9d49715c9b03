import { runBundled } from './run-bundled';

/** Runs gigabyte.ts, and returns what it tells. */
export async function runGigabyte(what: 'peak' | 'compare'): Promise<any> {
  // The table in memory tells commands by the names of their classes.
  return runBundled('gigabyte', { args: [what], keepNames: true });
}
