import { readFileSync } from 'node:fs';
import { lengthOf } from './relative-time';
import { parseScenario, type Scenario } from './schema';
import { World } from './world';
import { CONTRACT_VERSION, type RunbookRequest, type RunbookResult } from '../../src/private/shared/contract';
import { windowOf } from '../runbook-executor/window';
import type { RunbookDefinition } from '../runbooks/framework/definition';
import { runRunbook } from '../runbooks/framework/run';
import { iso, MINUTE } from '../runbooks/framework/time';

/** What a scenario came to. */
export interface ScenarioOutcome {
  readonly scenario: Scenario;
  readonly request: RunbookRequest;
  readonly result: RunbookResult;
  /** How the result differs from what the scenario expects; empty if it does not. */
  readonly differences: string[];
}

/** Runs a scenario file, or an object of the same shape, against a runbook. */
export async function runScenario(source: string | object, definition: RunbookDefinition<any>): Promise<ScenarioOutcome> {
  const scenario = readScenario(source);
  const world = new World(scenario);
  const request = requestOf(scenario, world);
  const result = await runRunbook(definition, request, world, () => world.now);
  return { scenario, request, result, differences: differencesOf(scenario, result) };
}

/** A scenario from its file, or from an object of the same shape. */
export function readScenario(source: string | object): Scenario {
  return typeof source === 'string' ? parseScenario(readFileSync(source, 'utf8'), source) : parseScenario(source);
}

/** The request that the executor would send. */
export function requestOf({ alarm, runbook, parameters, targets, now, title }: Scenario, { alarmAt, now: at }: World): RunbookRequest {
  const { at: _at, metric, plus, namespace, dimensions, statistic, period, name, region, ...rest } = alarm;
  const alarmName = name ?? `${metric}-alarm`;
  const stateTimestamp = iso(alarmAt);
  return {
    schemaVersion: CONTRACT_VERSION,
    incidentId: 'scenario',
    runId: 'scenario-run',
    runbook: { name: runbook, parameters },
    mode: lengthOf(now) >= 10 * MINUTE ? 'SECOND_LOOK' : 'INVESTIGATE',
    alarm: {
      ...rest,
      period,
      arn: `arn:aws:cloudwatch:${region}:123456789012:alarm:${alarmName}`,
      name: alarmName,
      type: 'METRIC',
      state: 'ALARM',
      stateTimestamp,
      reason: title,
      metrics: [metric, ...plus].map((one) => ({ namespace, name: one, dimensions, statistic, period })),
      children: [],
      tags: {},
      accountId: '123456789012',
      region,
    },
    window: windowOf({ period, evaluationPeriods: rest.evaluationPeriods, stateTimestamp }, new Date(at)),
    targets,
    context: { previousIncidents: [], documentationUrl: 'https://example.com/runbook' },
    deadline: iso(at + MINUTE),
  };
}

/** Compares a result with what the scenario expects. */
export function differencesOf({ expect, world }: Scenario, result: RunbookResult): string[] {
  const { verdict, findings, evidence, notChecked } = result;
  const [leading, ...others] = findings;
  const cited = (leading?.evidence ?? []).map((id) => evidence.find((item) => item.id === id)?.kind ?? `unknown id ${id}`);
  const unknownIds = findings.flatMap((finding) => finding.evidence).filter((id) => !evidence.some((item) => item.id === id));
  const open = notChecked.map(({ what, status, fix }) => `${what} ${status} ${fix}`.toLowerCase());
  const people = JSON.stringify([result.summary, verdict, findings, result.proposedActions]).toLowerCase();
  const whole = JSON.stringify(result);
  const missing = (kind: string, wanted: readonly string[], present: readonly string[]) =>
    wanted.filter((one) => !present.includes(one)).map((one) => `${kind}: expected ${one}, found ${present.join(', ') || 'none'}`);
  return [
    ...[expect.rule, ...expect.alsoAccept].includes(verdict.ruleId) ? [] : [`rule: expected ${expect.rule}, found ${verdict.ruleId} (${result.summary})`],
    ...!expect.confidence || expect.confidence === verdict.confidence ? [] : [`confidence: expected ${expect.confidence}, found ${verdict.confidence}`],
    ...missing('cites', expect.cites, cited),
    ...unknownIds.map((id) => `a finding cites ${id}, which is no evidence of this result`),
    ...missing('rulesOut', expect.rulesOut, result.ruledOut.map(({ ruleId }) => ruleId)),
    ...missing('alsoMention', expect.alsoMention, others.flatMap(({ ruleId }) => ruleId ?? [])),
    ...(expect.notChecked ?? []).filter((one) => !open.some((text) => text.includes(one.toLowerCase())))
      .map((one) => `notChecked: expected ${one}, found ${open.join('; ') || 'none'}`),
    ...expect.notChecked?.length === 0 && open.length > 0 ? [`notChecked: expected none, found ${open.join('; ')}`] : [],
    ...expect.says.filter((one) => !people.includes(one.toLowerCase())).map((one) => `says: expected "${one}" in ${people}`),
    ...expect.never.filter((one) => people.includes(one.toLowerCase())).map((one) => `never: found "${one}"`),
    ...plainKeys(world).filter((key) => whole.includes(key)).map((key) => `the plain table key ${key} is in the result`),
  ];
}

function plainKeys({ tables }: Scenario['world']): string[] {
  return Object.values(tables).flatMap((table) => [table, ...Object.values(table.indexes)]).flatMap(({ contributorInsights: insights }) =>
    [...insights?.throttledKeys ?? [], ...insights?.accessedKeys ?? []].map(({ key }) => key));
}
