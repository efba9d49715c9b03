import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { differencesOf, readScenario, requestOf } from './run-scenario';
import { World } from './world';
import type { RunbookRequest, RunbookResult } from '../../src/private/shared/contract';
import { DEFINITIONS } from '../runbooks';
import type { Port } from '../runbooks/framework/port';
import { runRunbook } from '../runbooks/framework/run';
import { validateResult } from '../shared/contract-validation';

/**
 * The scenario kit: runs scenario files against the built-in runbooks or against a handler of one's own, without AWS.
 *
 * This file is the whole of `cdk-serverless-monitoring/scenarios`. Its declarations are published as they stand, so they
 * name nothing but the contract and the port.
 */

/** The cloud that a scenario describes. A handler may ask it in AWS's place. */
export interface ScenarioWorld extends Port {
  /** The present of the scenario, in epoch milliseconds: the clock to hold `deadline` against. */
  readonly now: number;
  /** When the alarm changed its state, in epoch milliseconds. */
  readonly alarmAt: number;
}

/** A handler that speaks contract v1. One that asks nobody but the request needs no `world`. */
export type ScenarioHandler = (request: RunbookRequest, world: ScenarioWorld) => RunbookResult | Promise<RunbookResult>;

/** How scenarios are run. */
export interface ScenarioOptions {
  /** What is tried. Default: the built-in runbook that the scenario names. */
  readonly handler?: ScenarioHandler;
}

/** How `testScenarios` registers its tests. */
export interface TestOptions extends ScenarioOptions {
  /** The test runner's function. Default: the global `test` of jest, vitest and others, or else the global `it`. */
  readonly test?: (name: string, run: () => Promise<void>) => unknown;
}

/** What a scenario came to. */
export interface ScenarioOutcome {
  /** The scenario's own title. */
  readonly title: string;
  /** The runbook it is about. */
  readonly runbook: string;
  /** Whether the result is as the scenario expects. */
  readonly holds: boolean;
  /** Each way in which it is not, in one sentence. */
  readonly differences: string[];
  /** What the handler was asked. */
  readonly request: RunbookRequest;
  /** What it answered; absent where it failed, or answered what is no result. */
  readonly result?: RunbookResult;
}

/**
 * Runs one scenario.
 *
 * @param source path of a YAML file, or an object of the same shape
 * @throws Error where the source is no scenario, or names a runbook that is not built in while there is no handler
 */
export async function runScenario(source: string | object, options: ScenarioOptions = {}): Promise<ScenarioOutcome> {
  const scenario = readScenario(source);
  const { title, runbook } = scenario;
  const handler = options.handler ?? builtIn(runbook, typeof source === 'string' ? source : 'the scenario');
  const world = new World(scenario);
  const request = requestOf(scenario, world);
  const { result, differences } = await answerOf(handler, request, world);
  const all = result ? differencesOf(scenario, result) : differences;
  return { title, runbook, holds: all.length === 0, differences: all, request, ...(result && { result }) };
}

/**
 * Makes a test of every scenario under a folder.
 *
 * @param path a folder, with all that is under it, or one file
 * @throws Error where there is no scenario: a folder that was moved would otherwise test nothing, and pass
 */
export function testScenarios(path: string, options: TestOptions = {}): void {
  const test = options.test ?? globalTest();
  for (const file of findScenarios(path)) {
    test(relative(path, file) || file, async () => {
      const { differences } = await runScenario(file, options);
      if (differences.length > 0) throw new Error(`${file} does not hold:\n  ${differences.join('\n  ')}`);
    });
  }
}

/**
 * The scenario files under a folder, sorted; or the file itself.
 *
 * @throws Error where there is none
 */
export function findScenarios(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file)).sort();
  if (files.length === 0) throw new Error(`${path} holds no scenario: expected files that end in .yaml or .yml`);
  return files.map((file) => join(path, file));
}

function builtIn(runbook: string, source: string): ScenarioHandler {
  const definition = DEFINITIONS[runbook];
  if (!definition) {
    throw new Error(`${source} names the runbook ${runbook}, which is not built in (${Object.keys(DEFINITIONS).join(', ')}). Give its handler as the option \`handler\``);
  }
  return async (request, world) => runRunbook(definition, request, world, () => world.now);
}

/** Answers are judged as the executor judges them: by what they are as JSON. */
async function answerOf(
  handler: ScenarioHandler, request: RunbookRequest, world: ScenarioWorld,
): Promise<{ result?: RunbookResult; differences: string[] }> {
  let answer: unknown;
  try {
    answer = await handler(request, world);
  } catch (error) {
    return { differences: [`the handler failed: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const checked = validateResult(JSON.stringify(answer) ?? 'null', request.runId);
  return checked.valid ? { result: checked.result, differences: [] } : { differences: [`the answer is no valid result: ${checked.reason}`] };
}

function globalTest(): NonNullable<TestOptions['test']> {
  const { test, it } = globalThis as unknown as Record<'test' | 'it', TestOptions['test']>;
  const found = test ?? it;
  if (!found) throw new Error('testScenarios found neither a global `test` nor `it`. Give your test runner\'s function as the option `test`');
  return found;
}
