import { chatJson } from '../lambda-src/runbook-executor/chat-text';
import { groupedText } from '../lambda-src/runbook-executor/grouped-text';
import { reportCopies, resolvedCopies } from '../lambda-src/runbook-executor/report';
import type { Report } from '../lambda-src/runbook-executor/report-text';
import type { Copies } from '../lambda-src/runbook-executor/send';
import type { IncidentItem } from '../lambda-src/shared/incident-items';
import type { AlarmFacts, RunbookResult } from '../src/private/shared/contract';

/** One incident, and what people are told of it, by the name of the file in docs/notifications. */

const ALARM: AlarmFacts = {
  arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:CheckoutErrors',
  name: 'CheckoutErrors',
  type: 'METRIC',
  state: 'ALARM',
  stateTimestamp: '2026-11-23T02:58:12.000Z',
  reason: 'Threshold Crossed: 1 datapoint [12.0 (23/11/26 02:57:00)] was greater than or equal to the threshold (5.0).',
  metrics: [],
  children: [],
  tags: { 'serverless-monitoring:alarm': 'CheckoutErrors' },
  accountId: '123456789012',
  region: 'eu-west-1',
};

const INCIDENT: IncidentItem = {
  id: 'bd8f4c105ba4ecebeb835906',
  state: 'OPEN',
  alarm: ALARM.name,
  alarmArn: ALARM.arn,
  accountId: ALARM.accountId,
  region: ALARM.region,
  service: 'checkout',
  severity: 'CRITICAL',
  opened: ALARM.stateTimestamp,
  counts: { events: 1, investigations: 1 },
};

const RESULT: RunbookResult = {
  schemaVersion: '1',
  runId: '3f1c0a9d52b7e6840c1f22aa',
  status: 'SUCCEEDED',
  summary: '6 of 6 error lines say that payments.example.com does not answer in time ("PaymentTimeout: no answer within 3000 ms"). Since 02:56 UTC.',
  verdict: { ruleId: 'HE-06', title: 'A dependency fails', confidence: 'HIGH', category: 'DEPENDENCY' },
  findings: [{ ruleId: 'HE-06', summary: 'Every error names payments.example.com', evidence: ['lines', 'errors'] }],
  ruledOut: [{ ruleId: 'HE-02', why: 'nothing was deployed in the two hours before' }, { ruleId: 'HE-08', why: 'the rate of 4xx is as before' }],
  notChecked: [{ what: 'traces', status: 'NOT_CONFIGURED', fix: 'turn on active tracing of the function checkout' }],
  evidence: [
    { id: 'errors', kind: 'METRIC', status: 'OK', summary: 'errors of checkout: 12 in the window, 0 in the hour before' },
    { id: 'lines', kind: 'LOG', status: 'OK', summary: 'PaymentTimeout: payments.example.com did not answer within 3000 ms, 6 of 6 lines' },
    { id: 'changes', kind: 'CHANGE', status: 'OK', summary: 'no change in CloudTrail in the two hours before 02:56' },
  ],
  proposedActions: ['Look at the status page of payments.example.com.', 'Let orders wait in the queue until it answers again.'],
  metrics: { durationMs: 2140, apiCalls: 7, logBytesScanned: 48_211 },
};

const REPORT: Report = {
  incident: INCIDENT,
  alarm: ALARM,
  targets: [],
  runbook: 'high-error-rate',
  result: RESULT,
  link: 'https://github.com/cdk-serverless-monitoring/cdk-serverless-monitoring/blob/main/docs/runbooks/high-error-rate.md',
};

/** What somebody may write into a log who knows that people will read it. */
const HOSTILE = 'click https://evil.example/login now @here <!channel> [log in](https://evil.example) <b>URGENT</b> password=hunter2 bob@example.com \u202Egnp.exe';

function hostile(): Report {
  return {
    ...REPORT,
    result: {
      ...RESULT,
      summary: HOSTILE,
      verdict: { ...RESULT.verdict, title: HOSTILE },
      evidence: [{ id: 'lines', kind: 'LOG', status: 'OK', summary: HOSTILE, link: 'https://evil.example/console' }],
      proposedActions: [`${HOSTILE}\n\nRESOLVED: nothing to see here`],
    },
  };
}

export function notificationTexts(): Record<string, string> {
  const report = reportCopies(REPORT);
  const secondLook = reportCopies({
    ...REPORT,
    result: {
      ...RESULT,
      runId: '77aa01b2c9d4e5f60718293a',
      summary: 'checkout was deployed at 02:55 by deploy-role, and fails since 02:56; before, it was healthy.',
      verdict: { ruleId: 'HE-02', title: 'A bad deploy', confidence: 'HIGH', category: 'DEPLOYMENT' },
      findings: [{ ruleId: 'HE-02', summary: 'Deployed a minute before the first error', evidence: ['changes', 'errors'] }, ...RESULT.findings],
      ruledOut: [RESULT.ruledOut[1]],
      evidence: [...RESULT.evidence.slice(0, 2), { id: 'changes', kind: 'CHANGE', status: 'OK', summary: 'UpdateFunctionCode of checkout at 02:55 by deploy-role' }],
      proposedActions: ['Roll back checkout to the version before 02:55.'],
    },
    before: RESULT.verdict,
  });
  const closed: IncidentItem = { ...INCIDENT, state: 'RESOLVED', closed: '2026-11-23T03:21:40.000Z', verdict: RESULT.verdict, counts: { events: 2, investigations: 1 } };
  const resolved = resolvedCopies(closed, { ...ALARM, state: 'OK', reason: 'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].' });
  const grouped = groupedText(Array.from({ length: 24 }, (_, i) => ({
    event: i < 22 ? 'REPORT' as const : 'RESOLVED' as const,
    incident: `${i}`.padStart(24, '0'),
    alarm: `orders-${i + 1}`,
    severity: i === 7 ? 'CRITICAL' as const : 'HIGH' as const,
    state: i < 22 ? 'OPEN' as const : 'RESOLVED' as const,
    verdict: RESULT.verdict,
  })), 'CRITICAL');
  return {
    'report.txt': mail(report),
    'report.json': `${JSON.stringify(JSON.parse(report.json), null, 2)}\n`,
    'second-look.txt': mail(secondLook),
    'resolved.txt': mail(resolved),
    'grouped.txt': mail(grouped),
    'chat.json': `${JSON.stringify(JSON.parse(chatJson(report, { event: 'REPORT', severity: INCIDENT.severity, runbook: REPORT.runbook }, INCIDENT.id)), null, 2)}\n`,
    'hostile.txt': mail(reportCopies(hostile())),
  };
}

function mail({ subject, email, sms }: Omit<Copies, 'json'>): string {
  return `Subject: ${subject}\n\n${email}\n--- as SMS ---\n${sms}\n`;
}
