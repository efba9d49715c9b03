import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { type Deployed, type Resources, textOf } from './tokens';
import { readTable, type RunbookTable } from '../../lambda-src/runbook-executor/table';
import { isObject } from '../../lambda-src/shared/is-object';
import { TABLE_PATH, type TableChunk } from '../../src/private/shared/runbook-table';
import { UsageError } from '../command';
import { readJson } from '../read-json';

interface Parameter { readonly Name: string; readonly Value: string }

/** The runbook table of an app that was synthesised, from the parameters that its templates make. */
export async function tableOfApp(folder: string, deployed: Deployed, prefix?: string): Promise<RunbookTable> {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}: synthesise the app first (npx aws-cdk@2 synth)`);
  const templates = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json')).sort();
  if (templates.length === 0) throw new UsageError(`${folder} holds no template: it should be the output of cdk synth`);
  const parameters = templates.flatMap((file) => parametersOf(readJson(join(folder, file)), deployed));
  return tableOfParameters(parameters, folder, prefix);
}

/** The same from a file: what `aws ssm get-parameters-by-path --recursive` printed, or `{runbooks, alarms, foreign, targets}`. */
export async function tableOfFile(path: string, prefix?: string): Promise<RunbookTable> {
  const json = readJson(path);
  if (isObject(json) && Array.isArray(json.Parameters)) return tableOfParameters(json.Parameters as Parameter[], path, prefix);
  const { runbooks, alarms = [], foreign = [], targets = [] } = (isObject(json) ? json : {}) as TableChunk;
  if (!Array.isArray(runbooks)) {
    throw new UsageError(`${path} is no runbook table: expected {"runbooks": [...], "alarms": [...], "foreign": [...], "targets": [...]} or the answer of aws ssm get-parameters-by-path`);
  }
  return { runbooks, alarms, foreign, targets, links: {} };
}

function parametersOf(template: unknown, deployed: Deployed): Parameter[] {
  const resources = (isObject(template) && isObject(template.Resources) ? template.Resources : {}) as Resources;
  return Object.values(resources).filter(({ Type }) => Type === 'AWS::SSM::Parameter')
    .map(({ Properties = {} }) => ({ Name: textOf(Properties.Name, resources, deployed), Value: textOf(Properties.Value, resources, deployed) }));
}

async function tableOfParameters(all: readonly Parameter[], source: string, wanted?: string): Promise<RunbookTable> {
  const prefixes = [...new Set(all.flatMap(({ Name }) => new RegExp(`^(.*)/${TABLE_PATH}/(?:runbooks|alarms|foreign|targets)/`).exec(Name)?.[1] ?? []))];
  if (prefixes.length === 0) throw new UsageError(`${source} holds no runbook table: no parameter lies under <prefix>/${TABLE_PATH}/, as those of ServerlessMonitoring do`);
  if (wanted !== undefined && !prefixes.includes(wanted)) throw new UsageError(`${source} holds no runbook table under ${wanted}, but under ${prefixes.join(', ')}`);
  if (wanted === undefined && prefixes.length > 1) throw new UsageError(`${source} holds several runbook tables: choose one with --prefix (${prefixes.join(', ')})`);
  const prefix = wanted ?? prefixes[0];
  const Parameters = all.filter(({ Name }) => Name.startsWith(`${prefix}/`));
  // Read by the executor's own reader, so that both see the same.
  return readTable({ send: async () => ({ Parameters }) } as unknown as SSMClient, prefix, (parameter, error) => {
    throw new UsageError(`${source}: the parameter ${parameter} is no JSON: ${(error as Error).message}`);
  });
}
