import { noteOutcome, pauseOf } from './breaker';
import { passGuards } from './guards';
import { invokeHandler } from './invoke';
import { Outcome, OutcomeDetails, resultFor } from './outcomes';
import { Services } from './services';
import { RunbookTable } from './table';
import { resolveTargets, targetName } from './targets';
import { windowOf } from './window';
import { AlarmFacts, CONTRACT_VERSION, RunbookRequest, RunMode, Target } from '../../src/private/shared/contract';
import { Candidate, matchRunbooks } from '../../src/private/shared/matcher';
import { AlarmEntry, RunbookEntry } from '../../src/private/shared/runbook-table';
import { resultOf, runIdOf, type TimelineItem } from '../shared/incident-items';
import { redactDeep } from '../shared/redaction';

/** The executor needs so long after a run to store and to report. */
const RESERVE_MS = 15_000;
/** What reports call the runbook where none is registered. */
const NO_RUNBOOK = 'none';

/** Everything that a run of this event needs to know. */
export interface Investigation {
  readonly incident: string;
  readonly event: string;
  readonly mode: RunMode;
  readonly alarm: AlarmFacts;
  readonly entry?: AlarmEntry;
  readonly table: RunbookTable;
  /** When this executor will be stopped, in epoch milliseconds. */
  readonly stopsAt: number;
}

/** A run that is about to begin; without a handler there is nothing to call, and its result is stored already. */
export interface PlannedRun {
  readonly request: RunbookRequest;
  readonly handlerArn?: string;
}

/** Chooses the runbooks, asks the guards, and writes down every run before it begins. */
export async function planRuns(services: Services, investigation: Investigation): Promise<PlannedRun[]> {
  const { alarm, entry, table } = investigation;
  const targets = resolveTargets(alarm, entry, table.targets);
  if (entry?.own) {
    return [await skip(services, investigation, targets, entry.runbook ?? NO_RUNBOOK, 'OWN_ALARM', {
      reason: 'the executor does not investigate itself', fix: 'look at the executor\'s log and dead-letter queue',
    })];
  }
  const match = matchRunbooks(table.runbooks, alarm, entry);
  await tellLeftOut(services, investigation, match.candidates.filter(({ outcome }) => outcome === 'TOO_MANY'));
  if (match.runbooks.length === 0) {
    return [await skip(services, investigation, targets, NO_RUNBOOK, 'NO_RUNBOOK', {
      reason: `${table.runbooks.length} runbooks are registered, and none fits`, fix: 'register one with AlarmMatcher.any()',
    })];
  }
  const runs: PlannedRun[] = [];
  for (const runbook of match.runbooks) {
    const run = await plan(services, investigation, targets, runbook);
    if (run) runs.push(run);
  }
  return runs;
}

/** Runs side by side; each ends in a stored result, whatever its handler does. */
export async function runAll(services: Services, incident: string, runs: readonly PlannedRun[]): Promise<void> {
  await Promise.all(runs.map(async ({ request, handlerArn }) => {
    if (!handlerArn) return;
    const result = await invokeHandler(services, handlerArn, request);
    const now = services.now();
    services.log.info('runbook ran', { incident, runbook: request.runbook.name, runId: request.runId, status: result.status, rule: result.verdict.ruleId });
    await services.incidents.storeResult(incident, redactDeep(result), now.toISOString());
    await noteOutcome(services.store, request.runbook.name, result, now, services.settings.breakerPause);
  }));
}

/**
 * Writes down the runs that repeat those of a first look. Cooldown and cap do not count, for the first look has passed them; but a
 * handler that failed too often meanwhile is left alone.
 */
export async function planSecondLook(services: Services, investigation: Investigation, runbooks: readonly string[]): Promise<PlannedRun[]> {
  const { alarm, entry, table } = investigation;
  const targets = resolveTargets(alarm, entry, table.targets);
  const runs: PlannedRun[] = [];
  for (const runbook of table.runbooks.filter((each) => handlerArnOf(each) && runbooks.includes(each.name))) {
    const paused = await pauseOf(services.store, runbook.name, services.now());
    if (paused) {
      const text = `no second look: ${runbook.name} is paused until ${paused.until}`;
      await tellRefused(services, investigation, runbook.name, { time: services.now().toISOString(), reason: 'paused', text });
      continue;
    }
    runs.push(await begin(services, investigation, targets, runbook));
  }
  return runs;
}

/** After an executor died: its handlers may have run, so they are not called again; what is lost is told. */
export async function buryLostRuns(services: Services, incident: string, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) {
    const lost = await services.incidents.readRun(incident, runId);
    if (!lost || resultOf(lost)) continue;
    const result = resultFor('EXECUTOR_DIED', runId, {
      reason: `it began at ${lost.started}, and its result is lost`, fix: 'look at the executor\'s log for a timeout or an error; the alarm\'s next change runs the runbook again',
    });
    await services.incidents.storeResult(incident, result, services.now().toISOString());
  }
}

async function plan(services: Services, investigation: Investigation, targets: Target[], runbook: RunbookEntry): Promise<PlannedRun | undefined> {
  const { incident, event, alarm, mode } = investigation;
  if (!handlerArnOf(runbook)) {
    return skip(services, investigation, targets, runbook.name, 'MANUAL', { reason: 'nothing was looked at', fix: 'follow the written runbook' }, runbook);
  }
  const runId = runIdOf(alarm.arn, event, runbook.name);
  const target = targets.map(targetName).sort().join('+') || alarm.arn;
  // A drill shows that a runbook runs, however often it did lately; and it keeps no other run waiting.
  const refusal = mode === 'DRILL' ? undefined : await passGuards(services.store, runbook, target, runId, services.now());
  if (refusal) {
    await tellRefused(services, investigation, runbook.name, { time: alarm.stateTimestamp, ...refusal });
    services.log.info('run refused', { incident, runbook: runbook.name, reason: refusal.reason });
    return undefined;
  }
  return begin(services, investigation, targets, runbook);
}

async function begin(services: Services, investigation: Investigation, targets: Target[], runbook: RunbookEntry): Promise<PlannedRun> {
  const request = await requestFor(services, investigation, targets, runbook.name, runbook);
  await services.incidents.startRun(request, services.now().toISOString());
  return { request, handlerArn: handlerArnOf(runbook) };
}

function handlerArnOf({ functionArn, stateMachineArn }: RunbookEntry): string | undefined {
  return functionArn ?? stateMachineArn;
}

/** A run that has nothing to call: its result is there at once. */
async function skip(
  services: Services, investigation: Investigation, targets: Target[], name: string, outcome: Outcome, details: OutcomeDetails,
  runbook?: RunbookEntry,
): Promise<PlannedRun> {
  const request = await requestFor(services, investigation, targets, name, runbook);
  const time = services.now().toISOString();
  await services.incidents.startRun(request, time);
  await services.incidents.storeResult(investigation.incident, resultFor(outcome, request.runId, details), time);
  return { request };
}

async function requestFor(
  services: Services, { incident, event, mode, alarm, table, stopsAt }: Investigation, targets: Target[], name: string, runbook?: RunbookEntry,
): Promise<RunbookRequest> {
  const now = services.now();
  const deadline = Math.min(now.getTime() + (runbook?.timeout ?? 0) * 1000, stopsAt - RESERVE_MS);
  return {
    schemaVersion: CONTRACT_VERSION,
    incidentId: incident,
    runId: runIdOf(alarm.arn, event, name),
    runbook: { name, parameters: runbook?.parameters ?? {} },
    mode,
    alarm,
    window: windowOf(alarm, now),
    targets,
    context: { previousIncidents: await services.incidents.previous(alarm.arn, incident), documentationUrl: table.links[name] ?? '' },
    deadline: new Date(deadline).toISOString(),
  };
}

async function tellLeftOut(services: Services, investigation: Investigation, leftOut: readonly Candidate[]): Promise<void> {
  for (const { runbook, reason } of leftOut) {
    const text = `${runbook}: ${reason}`;
    await tellRefused(services, investigation, runbook, { time: investigation.alarm.stateTimestamp, reason: 'too many runbooks', text });
  }
}

/** Why a runbook does not run is a line of the incident's timeline, the same line however often it is told. */
async function tellRefused(
  { incidents }: Services, { incident, event }: Investigation, runbook: string, why: Pick<TimelineItem, 'time' | 'reason' | 'text'>,
): Promise<void> {
  await incidents.tell(incident, `${event}${runbook}`, { type: 'REFUSED', runbook, ...why });
}
