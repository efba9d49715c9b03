import { jsonOf, type Operation } from './operation';

const VERDICT = { ruleId: 'HE-06', title: 'A dependency fails', confidence: 'HIGH', category: 'DEPENDENCY' };
const INCIDENT = {
  id: '6f1b0c2d9e8a7f6b5c4d3e2f',
  state: 'RESOLVED',
  alarm: 'checkout-errors',
  service: 'checkout',
  severity: 'CRITICAL',
  opened: '2026-11-23T02:30:00.000Z',
  closed: '2026-11-23T02:41:00.000Z',
  verdict: VERDICT,
};
const RUN = { runId: '0a1b2c3d4e5f60718293a4b5', runbook: 'high-error-rate' };
const FINISHED = '2026-11-23T02:30:09.000Z';
const SUMMARY = 'payments did not answer in time: 41 of 52 errors are PaymentTimeout.';

/** The routes of incidents, for who calls them. */
export const INCIDENT_OPERATIONS = {
  'GET /incidents': {
    id: 'getIncidents',
    summary: 'The incidents that opened in a time range, the newest first.',
    successes: { 200: { description: 'Incidents by the time of their opening.', content: jsonOf('Incidents', { incidents: [INCIDENT], cursor: null }) } },
    problems: [400],
  },
  'GET /incidents/{id}': {
    id: 'getIncident',
    summary: 'One incident: its runs, what the last of them found, and its timeline.',
    pathParameters: { id: { description: 'The incident, as lists and reports name it.', schema: { type: 'string', minLength: 1 }, example: INCIDENT.id } },
    successes: {
      200: {
        description: 'The incident.',
        content: jsonOf('Incident', {
          ...INCIDENT,
          runs: [{ ...RUN, started: INCIDENT.opened, finished: FINISHED, status: 'SUCCEEDED', verdict: VERDICT }],
          result: {
            schemaVersion: '1',
            runId: RUN.runId,
            status: 'SUCCEEDED',
            summary: SUMMARY,
            verdict: VERDICT,
            findings: [{ summary: 'No deployment in the hour before.', evidence: ['E2'] }],
            ruledOut: [{ ruleId: 'HE-02', why: 'Nothing was deployed.' }],
            notChecked: [{ what: 'traces', status: 'NOT_CONFIGURED', fix: 'Turn on active tracing of the function.' }],
            evidence: [{ id: 'E1', kind: 'LOG', status: 'OK', summary: '41 lines with PaymentTimeout' }, { id: 'E2', kind: 'CHANGE', status: 'OK', summary: 'no change' }],
            proposedActions: ['Look at the status page of payments.'],
            metrics: { durationMs: 8_400, apiCalls: 14, logBytesScanned: 1_048_576 },
          },
          timeline: [
            { time: INCIDENT.opened, type: 'OPENED', text: 'ALARM: the alarm fired. Threshold Crossed' },
            { time: INCIDENT.opened, type: 'RUN_STARTED', text: 'high-error-rate begins', ...RUN },
            { time: FINISHED, type: 'RESULT', text: `high-error-rate: SUCCEEDED. ${SUMMARY}`, ...RUN },
            { time: INCIDENT.closed, type: 'RESOLVED', text: 'OK: the alarm is OK again. Threshold not crossed' },
          ],
          cursor: null,
        }),
      },
    },
    problems: [400, 404],
  },
} satisfies Record<string, Operation>;
