import { CURSOR, list, members, ref, TIME } from './schemas';
import {
  CONFIDENCES, CONTRACT_VERSION, EVIDENCE_KINDS, EVIDENCE_STATUSES, MAX_SUMMARY_LENGTH, RUN_STATUSES, SEVERITIES, VERDICT_CATEGORIES,
} from '../../../src/private/shared/contract';
import { INCIDENT_STATES, TIMELINE_TYPES } from '../../shared/incident-items';
import { MAX_INCIDENTS, MAX_RUNS, MAX_TIMELINE_ENTRIES } from '../limits';
import type { Schema } from '../parameters';

const TEXT: Schema = { type: 'string' };
const NULLABLE_TIME: Schema = { ...TIME, type: ['string', 'null'] };
const oneOf = (values: readonly string[]): Schema => ({ enum: [...values] });
const orNull = (schema: Schema, description: string): Schema => ({ anyOf: [schema, { type: 'null' }], description });

const INCIDENT: Record<string, Schema> = {
  id: { type: 'string', pattern: '^[0-9a-f]{24}$' },
  state: { ...oneOf(INCIDENT_STATES), description: 'STALE: open for too long, and given up. ALARM_GONE: the alarm was deleted.' },
  alarm: { type: 'string', description: 'Name of the alarm.' },
  service: { type: ['string', 'null'], description: 'Null where the alarm is of none.' },
  severity: oneOf(SEVERITIES),
  opened: TIME,
  closed: { ...NULLABLE_TIME, description: 'Null while it is open.' },
  verdict: orNull(ref('Verdict'), 'Of the last run that ended with one; null before.'),
};

/** The bodies of answers about incidents. */
export const INCIDENT_SCHEMAS = {
  Incidents: members({ incidents: list(members(INCIDENT), { maxItems: MAX_INCIDENTS, description: 'The newest first.' }), cursor: CURSOR }),
  Incident: members({
    ...INCIDENT,
    runs: list(ref('Run'), { maxItems: MAX_RUNS, description: 'The newest first.' }),
    result: orNull(ref('Result'), 'Of the run that ended last; null before. A run that was skipped counts only where all were.'),
    timeline: list(ref('TimelineEntry'), { maxItems: MAX_TIMELINE_ENTRIES, description: 'The oldest first.' }),
    cursor: { ...CURSOR, description: 'Leads to the later entries of the timeline; null where none are left.' },
  }),
  Verdict: members({ ruleId: TEXT, title: TEXT, confidence: oneOf(CONFIDENCES), category: oneOf(VERDICT_CATEGORIES) }),
  Run: members({
    runId: TEXT,
    runbook: TEXT,
    started: TIME,
    finished: { ...NULLABLE_TIME, description: 'Null while it goes on.' },
    status: { enum: [...RUN_STATUSES, null], description: 'Null while it goes on.' },
    verdict: orNull(ref('Verdict'), 'Null while it goes on.'),
  }),
  Result: {
    ...members({
      schemaVersion: { const: CONTRACT_VERSION },
      runId: TEXT,
      status: oneOf(RUN_STATUSES),
      summary: { type: 'string', maxLength: MAX_SUMMARY_LENGTH },
      verdict: ref('Verdict'),
      findings: list(members({ 'ruleId?': TEXT, 'summary': TEXT, 'evidence': list(TEXT, { description: 'Ids of the evidence it rests on.' }) })),
      ruledOut: list(members({ ruleId: TEXT, why: TEXT })),
      notChecked: list(members({ what: TEXT, status: oneOf(EVIDENCE_STATUSES), fix: TEXT })),
      evidence: list(ref('Evidence')),
      proposedActions: list(TEXT, { description: 'What a person might do next; nothing is done by itself.' }),
      metrics: members({ durationMs: { type: 'number', minimum: 0 }, apiCalls: { type: 'number', minimum: 0 }, logBytesScanned: { type: 'number', minimum: 0 } }),
    }),
    description: 'What a runbook found: result v1 of the handlers\' contract.',
  },
  Evidence: members({
    'id': TEXT,
    'kind': oneOf(EVIDENCE_KINDS),
    'status': { ...oneOf(EVIDENCE_STATUSES), description: 'NO_DATA is never zero.' },
    'summary': TEXT,
    'link?': { type: 'string', description: 'To the console.' },
    'data?': { description: 'Any JSON.' },
  }),
  TimelineEntry: members({
    'time': TIME,
    'type': oneOf(TIMELINE_TYPES),
    'text': { type: 'string', description: 'One sentence for people.' },
    'reason?': { type: 'string', description: 'Why a message or a run was refused.' },
    'runbook?': TEXT,
    'runId?': TEXT,
  }),
} satisfies Record<string, Schema>;
