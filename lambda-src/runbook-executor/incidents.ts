import { ItemStore } from './item-store';
import { Decision, OpenState, StateChange, transition } from './transition';
import type { AlarmFacts, PreviousIncident, RunbookRequest, RunbookResult } from '../../src/private/shared/contract';
import {
  incidentKey, IncidentItem, listKey, listPk, openKey, random, REFUSED_DAYS, refusedKey, RefusedItem, resultOf, RunItem, runKey, TimelineItem,
  timelineKey, ttlAfter,
} from '../shared/incident-items';
import { redact, redactDeep } from '../shared/redaction';

/** So often two executors may change the same alarm between our read and our write. */
const MOST_ATTEMPTS = 10;
const MOST_BODY = 1000;

/** Reads and writes of incidents. Every write but that of `OPEN` may be repeated and changes nothing then. */
export class Incidents {
  constructor(private readonly store: ItemStore, private readonly retentionDays: number) {}

  /** Decides what an event leads to, and changes the alarm's state, at once or not at all. */
  async decide(change: StateChange): Promise<Decision> {
    const key = openKey(change.alarmArn);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const open = await this.store.get<OpenState>(key);
      const { decision, next } = transition(open, change);
      if (!next) return decision;
      const unchanged = open
        ? { expression: '#v = :v', values: { ':v': open.v } }
        : { expression: 'attribute_not_exists(pk)' };
      if (await this.store.put(key, next, unchanged)) return decision;
    }
    throw new Error(`${key.pk}: changed by others ${MOST_ATTEMPTS} times in a row; the message is tried again`);
  }

  /** Writes what a decision means for the incident: its item, the list, the timeline. */
  async record(alarm: AlarmFacts, decision: Decision, change: StateChange): Promise<void> {
    const ref = decision.incident;
    if (!ref) return;
    const ttl = ttlAfter(ref.opened, this.retentionDays);
    // Whatever order the writes come in, the latest decision's stands.
    await this.store.set(incidentKey(ref.id), {
      id: ref.id,
      state: ref.state,
      alarm: alarm.name,
      alarmArn: alarm.arn,
      accountId: alarm.accountId,
      region: alarm.region,
      service: ref.service,
      severity: ref.severity,
      opened: ref.opened,
      closed: ref.closed,
      drill: ref.drill,
      counts: { events: ref.events, investigations: ref.investigations },
      v: decision.v,
      ttl,
    }, { expression: 'attribute_not_exists(#v) OR #v <= :before', values: { ':before': decision.v } });
    await this.store.put(listKey(ref.opened, ref.id), { id: ref.id, ttl });
    const type = { OPEN: 'OPENED', CLOSE: 'RESOLVED', RERUN: 'EVENT', APPEND: 'EVENT', NOTE: 'EVENT' } as const;
    await this.tell(ref.id, decision.event, {
      time: change.at, type: type[decision.action], text: `${change.state}: ${decision.reason}. ${alarm.reason}`,
    });
  }

  /** Adds to an incident's timeline; `about` tells entries of one time and type apart, and makes a repetition the same. */
  async tell(id: string, about: string, entry: TimelineItem): Promise<void> {
    const clean = { ...entry, text: redact(entry.text) };
    await this.store.put(timelineKey(id, entry.time, entry.type, about), { ...clean, ttl: ttlAfter(entry.time, this.retentionDays) });
  }

  /** The same, for what happens anew each time. */
  async tellOnce(id: string, entry: TimelineItem): Promise<void> {
    await this.tell(id, random(), entry);
  }

  async read(id: string): Promise<IncidentItem | undefined> {
    return this.store.get<IncidentItem>(incidentKey(id));
  }

  async readAll(ids: readonly string[]): Promise<IncidentItem[]> {
    return this.store.getAll<IncidentItem>(ids.map(incidentKey));
  }

  /** Earlier incidents of the alarm: a handler that knows them can tell a new fault from an old one. */
  async previous(alarmArn: string, except: string): Promise<PreviousIncident[]> {
    const open = await this.store.get<OpenState>(openKey(alarmArn));
    const ids = [open?.latest?.id, ...open?.previous ?? []].filter((id): id is string => id !== undefined && id !== except);
    const items = await Promise.all(ids.map(async (id) => this.read(id)));
    return items.filter((item) => item !== undefined).map(({ id, opened, closed, verdict }) =>
      ({ id, opened, closed, ruleId: verdict?.ruleId, title: verdict?.title }));
  }

  async readRun(id: string, runId: string): Promise<RunItem | undefined> {
    return this.store.get<RunItem>(runKey(id, runId));
  }

  /** Before the handler is called: whoever finds this without a result knows that a run was about to begin. */
  async startRun(request: RunbookRequest, now: string): Promise<void> {
    const { incidentId: id, runId, runbook } = request;
    const started = (await this.readRun(id, runId))?.started ?? now;
    const run: RunItem = { runId, runbook: runbook.name, step: 'STARTED', started, request: JSON.stringify(redactDeep(request)) };
    await this.store.put(runKey(id, runId), { ...run, ttl: ttlAfter(started, this.retentionDays) },
      { expression: 'attribute_not_exists(#result)' });
    await this.tell(id, runId, { time: started, type: 'RUN_STARTED', runbook: runbook.name, runId, text: `${runbook.name} begins` });
  }

  /** Stores a result before anybody hears of it; the first one stays. */
  async storeResult(id: string, result: RunbookResult, finished: string): Promise<void> {
    const { evidence, ...rest } = result;
    await this.store.set(runKey(id, result.runId), {
      step: 'STORED', finished, evidence: JSON.stringify(evidence), result: JSON.stringify(rest),
    }, { expression: '#step = :started', values: { ':started': 'STARTED' } });
  }

  /** Tells the incident about a stored result. Of several runs, the one that finished last has the word. */
  async recordResult(id: string, run: RunItem): Promise<void> {
    const { status, summary, verdict } = resultOf(run)!;
    const finished = run.finished!;
    if (status !== 'SKIPPED') {
      await this.store.set(incidentKey(id), { verdict: { ...verdict }, verdictAt: finished },
        { expression: 'attribute_not_exists(#verdictAt) OR #verdictAt <= :at', values: { ':at': finished } });
    }
    await this.tell(id, run.runId, {
      time: finished, type: 'RESULT', runbook: run.runbook, runId: run.runId, text: `${run.runbook}: ${status}. ${summary}`,
    });
  }

  async reported(id: string, run: RunItem, time: string, how: string): Promise<void> {
    await this.store.set(runKey(id, run.runId), { step: 'REPORTED' });
    await this.tellOnce(id, { time, type: 'REPORTED', runbook: run.runbook, runId: run.runId, text: `${run.runbook}: ${how}` });
  }

  /** Ids of the incidents that opened on a day, `YYYY-MM-DD`. */
  async openedOn(day: string): Promise<string[]> {
    return (await this.store.list<{ id: string }>(listPk(day))).map(({ id }) => id);
  }

  /** Keeps a message that belongs to no incident, for whoever wonders why nothing happened. */
  async refuse(time: string, reason: string, body: string, alarm?: string): Promise<void> {
    const item: RefusedItem = { time, reason, alarm, body: redact(body.slice(0, MOST_BODY)) };
    await this.store.put(refusedKey(time, body), { ...item, ttl: ttlAfter(time, REFUSED_DAYS) });
  }
}
