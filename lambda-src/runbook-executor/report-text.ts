import { ascii, clock, cut, duration, MOST_SMS, sections } from './lines';
import { isExecutorRule } from './outcomes';
import type { Copies } from './send';
import { targetName } from './targets';
import type { AlarmFacts, Evidence, RunbookResult, Target, Verdict } from '../../src/private/shared/contract';
import { ALARM_KEY_TAG } from '../../src/private/shared/runbook-table';
import { Links } from '../runbooks/framework/links';
import { IncidentItem, type IncidentState } from '../shared/incident-items';
import { forPeople } from '../shared/redaction';

/** What a report is made of. */
export interface Report {
  readonly incident: IncidentItem;
  readonly alarm: AlarmFacts;
  readonly targets: readonly Target[];
  readonly runbook: string;
  readonly result: RunbookResult;
  /** The written runbook, as its SSM parameter says now; empty where there is none. */
  readonly link: string;
  /** The verdict of the first look, which this one takes the place of. */
  readonly before?: Verdict;
}

const MOST_EVIDENCE = 3;
const MOST_ENTRIES = 6;
/** One entry of a list: more than that, nobody reads on a phone. */
const MOST_LINE = 280;

/** Severity, what, where. */
export function subjectOf(report: Report): string {
  const { incident, alarm, targets } = report;
  return ascii(`${incident.severity}: ${headline(report)} - ${where(incident, alarm, targets)}`);
}

/** The mail: read on a phone at 03:00, from the verdict down. Whatever strangers may have written in it is harmless. */
export function reportText(report: Report): string {
  const { incident, alarm, targets, result } = report;
  const { verdict } = result;
  return sections([
    [
      `${incident.severity}: ${forPeople(headline(report))}`,
      ...(incident.drill ? ['This is a drill: somebody set the alarm to see whether reports arrive. Nothing is wrong.'] : []),
      `Confidence ${verdict.confidence}, ${forPeople(verdict.ruleId)}, ${verdict.category}${result.status === 'SUCCEEDED' ? '' : `, run ${result.status}`}`,
      `Where: ${forPeople(where(incident, alarm, targets))}`,
      `Since: ${clock(incident.opened)}`,
      ...(report.before ? [`Second look: the first said ${forPeople(report.before.title)} (${forPeople(report.before.ruleId)}, confidence ${report.before.confidence})`] : []),
    ],
    [forPeople(result.summary, 400), ...otherFindings(result)],
    ['What happened', `Alarm ${forPeople(alarm.name)} went to ${alarm.state} at ${clock(alarm.stateTimestamp)}.`, forPeople(alarm.reason, 400)],
    list('Evidence', strongest(result).map((evidence, index) => evidenceLine(evidence, index)), result.evidence.length),
    list('Ruled out', result.ruledOut.map(({ ruleId, why }) => `- ${forPeople(`${ruleId}: ${why}`, MOST_LINE)}`)),
    list('Not checked', result.notChecked.map(({ what, status, fix }) => `- ${forPeople(what)} (${status}). Fix: ${forPeople(fix, MOST_LINE)}`)),
    list('Next steps', result.proposedActions.map((action, index) => `${index + 1}. ${forPeople(action, MOST_LINE)}`)),
    [
      ...(report.link ? [`Written runbook: ${documentation(report)}`] : []),
      `Alarm: ${new Links(alarm.region).alarm(alarm.name)}`,
      `Incident: ${incident.id} (runbook ${forPeople(report.runbook)}, run ${forPeople(result.runId)})`,
    ],
  ]);
}

export function shortText(report: Report): string {
  const { incident, alarm, targets } = report;
  return cut(`${incident.severity} ${forPeople(headline(report))} - ${forPeople(where(incident, alarm, targets))}. Incident ${incident.id}`, MOST_SMS);
}

/** What the end of an incident is called, and what is said of it. */
const ENDS: Record<Exclude<IncidentState, 'OPEN'>, { word: string; sentence: string }> = {
  RESOLVED: { word: 'RESOLVED', sentence: 'is OK again' },
  ALARM_GONE: { word: 'CLOSED', sentence: 'is watched no more: the alarm does not exist any more' },
  STALE: { word: 'CLOSED', sentence: 'has been in ALARM for too long to be news. It is still in ALARM; its next change opens a new incident' },
};

/** The same people hear that it is over. */
export function resolvedText(incident: IncidentItem, alarm: AlarmFacts): Omit<Copies, 'json'> {
  const place = where(incident, alarm, []);
  const lasted = duration(Date.parse(incident.closed ?? incident.opened) - Date.parse(incident.opened));
  const { word, sentence } = ENDS[incident.state === 'OPEN' ? 'RESOLVED' : incident.state];
  const title = `${incident.drill ? 'DRILL ' : ''}${word}`;
  const { verdict } = incident;
  return {
    subject: ascii(`${title} (${incident.severity}): ${place} after ${lasted}`),
    sms: cut(`${title} ${forPeople(place)} after ${lasted}. Incident ${incident.id}`, MOST_SMS),
    email: sections([
      [`${title}: ${forPeople(place)} ${sentence}`, `Lasted ${lasted}: ${clock(incident.opened)} to ${clock(incident.closed ?? incident.opened)}`],
      [verdict ? `Verdict was: ${forPeople(verdict.title)} (${forPeople(verdict.ruleId)}, confidence ${verdict.confidence})` : 'No runbook came to a verdict.'],
      [forPeople(alarm.reason, 400)],
      [`Alarm: ${new Links(alarm.region).alarm(alarm.name)}`, `Incident: ${incident.id} (severity ${incident.severity}; changes of the alarm: ${incident.counts.events})`],
    ]),
  };
}

function headline({ incident, result: { status, verdict }, before }: Report): string {
  const title = status === 'FAILED' && !isExecutorRule(verdict.ruleId) ? `Runbook failed: ${verdict.title}` : verdict.title;
  return `${incident.drill ? 'DRILL: ' : ''}${before ? 'Second look: ' : ''}${title}`;
}

function where(incident: IncidentItem, alarm: AlarmFacts, targets: readonly Target[]): string {
  const what = incident.service ? [`service ${incident.service}`] : targets.slice(0, 2).map((target) => targetName(target).replace(':', ' '));
  return [...what, `${alarm.tags[ALARM_KEY_TAG] ?? alarm.name} (${alarm.region})`].join(', ');
}

/** What the verdict rests on comes first, then what other findings rest on, then what was seen at all. */
function strongest({ verdict, findings, evidence }: RunbookResult): Evidence[] {
  const cited = (own: boolean) =>
    new Set(findings.filter(({ ruleId }) => (ruleId === verdict.ruleId) === own).flatMap((finding) => finding.evidence));
  const [verdicts, others] = [cited(true), cited(false)];
  const rank = ({ id, status }: Evidence) => (verdicts.has(id) ? 0 : others.has(id) ? 2 : 4) + (status === 'OK' ? 0 : 1);
  return [...evidence].sort((left, right) => rank(left) - rank(right)).slice(0, MOST_EVIDENCE);
}

function evidenceLine({ kind, status, summary, link }: Evidence, index: number): string {
  const line = `${index + 1}. ${kind} (${status}): ${forPeople(summary, MOST_LINE)}`;
  if (!link) return line;
  return `${line}\n   ${isConsole(link) ? link : forPeople(link)}`;
}

function otherFindings({ verdict, findings }: RunbookResult): string[] {
  return findings.filter(({ ruleId }) => ruleId !== verdict.ruleId).slice(0, MOST_ENTRIES)
    .map(({ ruleId, summary }) => `Also${ruleId ? ` ${forPeople(ruleId)}` : ''}: ${forPeople(summary, MOST_LINE)}`);
}

/** The section of the very rule, where the page is one of ours and nobody chose a section already. */
function documentation({ link, result }: Report): string {
  const clean = link.replace(/\s/g, '');
  const packaged = /\/docs\/runbooks\/[a-z-]+\.md$/.test(clean);
  return packaged && !isExecutorRule(result.verdict.ruleId) && /^[A-Z]{2}-\d+$/.test(result.verdict.ruleId)
    ? `${clean}#${result.verdict.ruleId.toLowerCase()}` : clean;
}

/** A handler's link stays a link only where it leads into the AWS console. */
function isConsole(link: string): boolean {
  return /^https:\/\/([a-z0-9-]+\.)?console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\/[\x21-\x7e]{0,2000}$/.test(link)
    && !/[<>"]/.test(link);
}

function list(title: string, lines: string[], total = lines.length): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_ENTRIES);
  return [title, ...shown, ...(total > shown.length ? [`(${total - shown.length} more in the incident)`] : [])];
}
