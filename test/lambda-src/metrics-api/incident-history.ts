import { Incidents } from '../../../lambda-src/runbook-executor/incidents';
import { ItemStore } from '../../../lambda-src/runbook-executor/item-store';
import type { StateChange } from '../../../lambda-src/runbook-executor/transition';
import { hash, type TimelineItem } from '../../../lambda-src/shared/incident-items';
import type { StoreTable } from '../../../lambda-src/shared/store';
import type { AlarmFacts, RunbookRequest, RunbookResult } from '../../../src/private/shared/contract';
import { ACCOUNT, arnOf, REGION } from '../runbook-executor/messages';

export const RETENTION_DAYS = 400;

/** A change of an alarm's state, about the alarm `checkout-errors` unless a test says otherwise. */
export type Change = Partial<Pick<StateChange, 'alarm' | 'severity' | 'service'>> & Pick<StateChange, 'state' | 'at'>;

export interface RunFacts {
  readonly runbook: string;
  readonly started: string;
  /** Still going on where it is left out. */
  readonly finished?: string;
  readonly result?: Partial<RunbookResult>;
}

export const VERDICT = { ruleId: 'HE-02', title: 'A dependency times out', confidence: 'HIGH', category: 'DEPENDENCY' } as const;

/** Incidents as the executor writes them, by its very own functions. */
export class IncidentHistory {
  private readonly incidents: Incidents;

  public constructor({ client, table }: StoreTable) {
    this.incidents = new Incidents(new ItemStore(client, table), RETENTION_DAYS);
  }

  /** What a change of an alarm's state leads to; the id of its incident. */
  public async change({ alarm = 'checkout-errors', severity = 'HIGH', service, state, at }: Change): Promise<string> {
    const change: StateChange = { event: `E#${state}#${at}#-`, alarmArn: arnOf(alarm), alarm, state, at, severity, service };
    const decision = await this.incidents.decide(change);
    await this.incidents.record(factsOf(change), decision, change);
    return decision.incident!.id;
  }

  /** The same, for an incident with nothing to tell of. */
  public open(at: string, facts: Partial<Change> = {}): Promise<string> {
    return this.change({ state: 'ALARM', at, alarm: `alarm-${hash(at)}`, ...facts });
  }

  /** A run of a runbook, and its result; the run's id. */
  public async run(incidentId: string, { runbook, started, finished, result }: RunFacts): Promise<string> {
    const runId = hash(`${incidentId} ${runbook} ${started}`);
    await this.incidents.startRun({ incidentId, runId, runbook: { name: runbook, parameters: { token: 'of-the-request' } } } as unknown as RunbookRequest, started);
    if (finished === undefined) return runId;
    await this.incidents.storeResult(incidentId, { ...resultOf(runId), ...result }, finished);
    await this.incidents.recordResult(incidentId, (await this.incidents.readRun(incidentId, runId))!);
    return runId;
  }

  public async tell(id: string, entry: TimelineItem): Promise<void> {
    await this.incidents.tellOnce(id, entry);
  }
}

export function resultOf(runId: string): RunbookResult {
  return {
    schemaVersion: '1',
    runId,
    status: 'SUCCEEDED',
    summary: 'payments did not answer in time',
    verdict: VERDICT,
    findings: [{ summary: 'nothing was deployed', evidence: ['E1'] }],
    ruledOut: [{ ruleId: 'HE-01', why: 'nothing was deployed' }],
    notChecked: [{ what: 'traces', status: 'NOT_CONFIGURED', fix: 'turn on tracing' }],
    evidence: [{ id: 'E1', kind: 'LOG', status: 'OK', summary: '41 lines', data: { lines: [1, null, { a: 'b' }] } }],
    proposedActions: ['Call the provider.'],
    metrics: { durationMs: 8_400, apiCalls: 14, logBytesScanned: 1_048_576 },
  };
}

function factsOf({ alarm, alarmArn, state, at }: StateChange): AlarmFacts {
  return {
    arn: alarmArn, name: alarm, type: 'METRIC', state, stateTimestamp: at, reason: `Threshold Crossed: ${state}`, metrics: [], children: [], tags: {}, accountId: ACCOUNT, region: REGION,
  };
}
