import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Answer, type Command, UsageError } from './command';
import { counted, wrapped } from './text';
import { findScenarios, runScenario, type ScenarioHandler } from '../lambda-src/scenarios/kit';
import type { Verdict } from '../src/private/shared/contract';

/** What became of one file. */
export interface FileOutcome {
  readonly file: string;
  /** Absent where the file is no scenario. */
  readonly title?: string;
  readonly runbook?: string;
  readonly holds: boolean;
  readonly verdict?: Verdict;
  readonly summary?: string;
  readonly differences: readonly string[];
}

export const scenarios: Command = {
  name: 'scenarios',
  summary: 'Runs scenario files and tells how each differs from what it expects',
  positionals: '<file or folder>...',
  options: {
    handler: { takes: '<module>', help: 'try this module\'s `handler` (or default export) instead of the built-in runbooks' },
  },
  notes: ['Exit code 1 where a scenario does not hold. How to write one: docs/scenarios.md of the library.'],
  run: async ({ positionals, one }) => {
    if (positionals.length === 0) throw new UsageError('give a scenario file, or a folder with scenario files');
    const module = one('handler');
    const handler = module === undefined ? undefined : await load(module);
    const outcomes: FileOutcome[] = [];
    for (const file of positionals.flatMap(filesOf)) outcomes.push(await outcomeOf(file, handler));
    return answerOf(outcomes);
  },
};

/** A file that is no scenario must not keep the others from being run. */
async function outcomeOf(file: string, handler: ScenarioHandler | undefined): Promise<FileOutcome> {
  try {
    const { title, runbook, holds, differences, result } = await runScenario(file, { handler });
    return { file, title, runbook, holds, differences, verdict: result?.verdict, summary: result?.summary };
  } catch (error) {
    return { file, holds: false, differences: [(error as Error).message] };
  }
}

export function answerOf(outcomes: readonly FileOutcome[]): Answer {
  const held = outcomes.filter(({ holds }) => holds).length;
  const column = Math.max(...outcomes.map(({ file }) => file.length)) + 2;
  const lines = outcomes.flatMap(({ file, holds, verdict, differences }) => [
    `${holds ? 'holds  ' : 'DIFFERS'}  ${file.padEnd(column)}${verdict ? `${verdict.ruleId} ${verdict.confidence}` : ''}`.trimEnd(),
    ...differences.flatMap((difference) => wrapped(difference, 71).map((line, index) => `         ${index === 0 ? '' : '  '}${line}`)),
  ]);
  const differing = outcomes.length - held;
  const total = `${counted(outcomes.length, 'scenario')}: ${differing === 0 ? 'all hold' : `${held} ${held === 1 ? 'holds' : 'hold'}, ${differing} ${differing === 1 ? 'differs' : 'differ'}`}`;
  return { ok: differing === 0, json: { holds: differing === 0, scenarios: outcomes }, lines: [...lines, '', total] };
}

function filesOf(path: string): string[] {
  try {
    return findScenarios(path);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function load(path: string): Promise<ScenarioHandler> {
  let module: { handler?: unknown; default?: unknown };
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new UsageError(`${path} cannot be loaded: ${(error as Error).message}`);
  }
  // Of a CommonJS module, Node.js may see the exports as the default export only.
  const handler = module.handler ?? (module.default as { handler?: unknown } | undefined)?.handler ?? module.default;
  if (typeof handler !== 'function') throw new UsageError(`${path} exports no function \`handler\`; it exports ${Object.keys(module).join(', ') || 'nothing'}`);
  return handler as ScenarioHandler;
}
