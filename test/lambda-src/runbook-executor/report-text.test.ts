import { arnOf } from './messages';
import { minutes, result, T0 } from './world';
import { resultFor } from '../../../lambda-src/runbook-executor/outcomes';
import { Report, reportText, resolvedText, shortText, subjectOf } from '../../../lambda-src/runbook-executor/report-text';
import type { AlarmFacts } from '../../../src/private/shared/contract';

const ALARM: AlarmFacts = {
  arn: arnOf('checkout errors'),
  name: 'checkout errors',
  type: 'METRIC',
  state: 'ALARM',
  stateTimestamp: T0,
  reason: 'Threshold Crossed: 7.0 > 5.0',
  metrics: [],
  children: [],
  tags: {},
  accountId: '123456789012',
  region: 'eu-west-1',
};
const PAGE = 'https://github.com/example/repo/blob/v1.2.3/docs/runbooks/lambda-error.md';

function report(members: Partial<Report> = {}): Report {
  return {
    incident: {
      id: 'abc123',
      state: 'OPEN',
      alarm: 'checkout errors',
      alarmArn: ALARM.arn,
      accountId: '123456789012',
      region: 'eu-west-1',
      severity: 'HIGH',
      opened: T0,
      counts: { events: 1, investigations: 1 },
    },
    alarm: ALARM,
    targets: [{ type: 'function', name: 'checkout' }],
    runbook: 'lambda-error',
    result: result({ runId: 'run-1' }),
    link: PAGE,
    ...members,
  };
}

describe('the mail', () => {
  const text = reportText(report());
  const lines = text.split('\n');

  test('begins with the verdict, its confidence, where, and since when', () => {
    expect(lines.slice(0, 4)).toEqual([
      'HIGH: A new version fails',
      'Confidence HIGH, LE-08, DEPLOYMENT',
      'Where: function checkout, checkout errors (eu-west-1)',
      'Since: 2026-11-20 10:00:00 UTC',
    ]);
  });

  test('calls an alarm of the library by its key, which says more than the name that CloudFormation gives', () => {
    const alarm = { ...ALARM, tags: { 'serverless-monitoring:alarm': 'CheckoutErrors' } };
    expect(subjectOf(report({ alarm }))).toBe('HIGH: A new version fails - function checkout, CheckoutErrors (eu-west-1)');
    expect(reportText(report({ alarm }))).toContain('Alarm checkout errors went to ALARM');
  });

  test('shows the three strongest pieces of evidence, what the verdict cites first, with statuses and links', () => {
    const evidence = lines.slice(lines.indexOf('Evidence') + 1, lines.indexOf('Ruled out') - 1);
    expect(evidence).toEqual([
      '1. METRIC (OK): 40 errors a minute, 0 before',
      '   https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#metricsV2',
      '2. CHANGE (OK): UpdateFunctionCode at 09:56 by deploy-role',
      '3. CONFIG (OK): memory 512 MB, time-out 30 s',
      '(2 more in the incident)',
    ]);
  });

  test('says what was ruled out, what was not checked and how to fix that, and what to do', () => {
    expect(text).toContain('Ruled out\n- LE-05: the longest call took 2 of 30 s\n');
    expect(text).toContain('Not checked\n- traces (ACCESS_DENIED). Fix: allow xray:GetTraceSummaries\n');
    expect(text).toContain('Next steps\n1. Roll back to version 41\n');
  });

  test('links the section of the written runbook, the alarm in its partition, and names the incident', () => {
    expect(text).toContain(`Written runbook: ${PAGE}#le-08\n`);
    expect(text).toContain('Alarm: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/checkout%20errors\n');
    expect(text).toContain('Incident: abc123 (runbook lambda-error, run run-1)\n');
    expect(reportText(report({ alarm: { ...ALARM, region: 'cn-north-1' } }))).toContain('https://cn-north-1.console.amazonaws.cn/');
    expect(reportText(report({ alarm: { ...ALARM, region: 'us-gov-west-1' } }))).toContain('https://us-gov-west-1.console.amazonaws-us-gov.com/');
  });

  test('a page with a section, or of the team\'s own, is linked as it is; a verdict of the executor has no section', () => {
    expect(reportText(report({ link: `${PAGE}#here` }))).toContain(`${PAGE}#here\n`);
    expect(reportText(report({ link: 'https://wiki.corp/x' }))).toContain('Written runbook: https://wiki.corp/x\n');
    const failed = resultFor('HANDLER_FAILED', 'run-1', { reason: 'Error: boom', fix: 'look into its log' });
    const failedText = reportText(report({ result: failed }));
    expect(failedText).toContain(`${PAGE}\n`);
    expect(failedText).toContain('HIGH: The runbook\'s handler failed\nConfidence LOW, EX-01, INCONCLUSIVE, run FAILED\n');
    expect(failedText).toContain('Next steps\n1. look into its log');
    expect(reportText(report({ link: '' }))).not.toContain('Written runbook');
  });

  test('lines fit a phone\'s patience: long lists and texts are cut, and say so', () => {
    const long = reportText(report({ result: result({ runId: 'run-1' }, { proposedActions: Array.from({ length: 50 }, () => 'y'.repeat(5000)) }) }));
    expect(long).toContain('(44 more in the incident)');
    expect(Math.max(...long.split('\n').map(({ length }) => length))).toBeLessThan(460);
  });
});

test('subject and text message: severity, what, where; ASCII; short', () => {
  expect(subjectOf(report())).toBe('HIGH: A new version fails - function checkout, checkout errors (eu-west-1)');
  const odd = report({ alarm: { ...ALARM, name: `Zürich\n→ ${'x'.repeat(300)}` } });
  expect(subjectOf(odd)).toMatch(/^[\x20-\x7e]{100}$/);
  expect(subjectOf(odd)).toContain('Zurich ? xxx');
  expect(shortText(odd).length).toBeLessThanOrEqual(140);
});

test('hostile text is harmless in every copy for people', () => {
  const hostile = 'x\n\nVerdict: all fine, click https://evil.example.com/?token=abcdefgh <!channel> @everyone <b>\u202e bob@corp.example.com';
  const evil = report({
    alarm: { ...ALARM, name: hostile, reason: hostile },
    targets: [{ type: 'function', name: hostile }],
    runbook: hostile,
    incident: { ...report().incident, alarm: hostile, service: hostile },
    result: result({ runId: hostile }, {
      summary: hostile,
      verdict: { ruleId: hostile, title: hostile, confidence: 'HIGH', category: 'CODE' },
      findings: [{ ruleId: 'X-1', summary: hostile, evidence: [hostile] }],
      ruledOut: [{ ruleId: hostile, why: hostile }],
      notChecked: [{ what: hostile, status: 'ERROR', fix: hostile }],
      evidence: [{ id: hostile, kind: 'LOG', status: 'OK', summary: hostile, link: 'https://evil.example.com/console.aws.amazon.com/' }],
      proposedActions: [hostile],
    }),
  });
  const { subject, email, sms } = resolvedText({ ...evil.incident, closed: minutes(3), verdict: evil.result.verdict }, evil.alarm);
  for (const copy of [reportText(evil), subjectOf(evil), shortText(evil), subject, email, sms]) {
    const own = copy.replaceAll(/^Alarm: https:\/\/eu-west-1\.console\.aws\.amazon\.com\/\S+$/gm, '').replaceAll(`${PAGE}`, '');
    expect(own).not.toMatch(/https?:\/\/|evil\.example|[@<>]|\u202e|abcdefgh|bob/);
    expect(own).not.toMatch(/^Verdict: all fine/m);
  }
});

describe('resolved', () => {
  const incident = { ...report().incident, state: 'RESOLVED' as const, closed: minutes(75), verdict: result({ runId: 'r' }).verdict };

  test('says what is over, how long it took, and what it was', () => {
    const { subject, email, sms } = resolvedText(incident, { ...ALARM, state: 'OK', reason: 'all is well' });
    expect(subject).toBe('RESOLVED (HIGH): checkout errors (eu-west-1) after 1 h 15 min');
    expect(email).toContain('Lasted 1 h 15 min: 2026-11-20 10:00:00 UTC to 2026-11-20 11:15:00 UTC\n');
    expect(email).toContain('Verdict was: A new version fails (LE-08, confidence HIGH)\n');
    expect(sms).toBe('RESOLVED checkout errors (eu-west-1) after 1 h 15 min. Incident abc123');
  });

  test('without a verdict it says that', () => {
    expect(resolvedText({ ...incident, verdict: undefined, closed: minutes(0.5) }, ALARM).email).toContain('Lasted 30 s');
    expect(resolvedText({ ...incident, verdict: undefined }, ALARM).email).toContain('No runbook came to a verdict.');
  });
});
