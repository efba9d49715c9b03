import { isExecutorRule } from './outcomes';
import { publish } from './publish';
import { Report, reportText, resolvedText, shortText, subjectOf } from './report-text';
import { Copies } from './send';
import { Services } from './services';
import { AlarmFacts, CONTRACT_VERSION, RunbookResult, Verdict } from '../../src/private/shared/contract';
import { IncidentItem, requestOf, resultOf, type RunItem, runKey } from '../shared/incident-items';

/** The JSON copy is at most this long: SNS takes 256 KB for all copies together, escapes included. */
const MOST_JSON_BYTES = 64 * 1024;

/** Address of each runbook's written page. */
type RunbookLinks = Readonly<Record<string, string>>;

/** Publishes each run's result. What is stored counts: a report may go out twice, with the same run id, but is never lost. */
export async function publishResults(services: Services, incidentId: string, runIds: readonly string[], links: RunbookLinks): Promise<void> {
  for (const runId of runIds) {
    const run = await services.incidents.readRun(incidentId, runId);
    if (run) await publishResult(services, incidentId, run, links);
  }
}

/** Publishes the results of a second look that differ from those of the first. */
export async function publishChanged(
  services: Services, incidentId: string, runIds: readonly string[], first: readonly RunItem[], links: RunbookLinks,
): Promise<void> {
  for (const runId of runIds) {
    const run = await services.incidents.readRun(incidentId, runId);
    const before = run && first.find(({ runbook }) => runbook === run.runbook);
    if (!run?.result || !before) continue;
    const [was, is] = [resultOf(before)!.verdict, resultOf(run)!.verdict];
    const { state } = (await services.incidents.read(incidentId))!;
    // That it is over, people have been told by its end.
    const isNews = was.ruleId !== is.ruleId && !isExecutorRule(is.ruleId) && (state === 'OPEN' || is.category !== 'RECOVERED');
    if (isNews) {
      await publishResult(services, incidentId, run, links, was);
    } else {
      await services.incidents.tell(incidentId, runId, {
        time: run.finished!, type: 'RESULT', runbook: run.runbook, runId, text: `${run.runbook}: a second look came to ${is.ruleId}; ${was.ruleId} stands`,
      });
    }
  }
}

/** @param before the verdict that it takes the place of */
async function publishResult(services: Services, incidentId: string, run: RunItem, links: RunbookLinks, before?: Verdict): Promise<void> {
  const result = resultOf(run);
  if (!result || run.step === 'REPORTED') return;
  await services.incidents.recordResult(incidentId, run);
  const incident = (await services.incidents.read(incidentId))!;
  const { alarm, targets, context } = requestOf(run);
  const report: Report = { incident, alarm, targets, runbook: run.runbook, result, link: links[run.runbook] ?? context.documentationUrl, before };
  const how = await publish(services, { event: 'REPORT', incident, runbook: run.runbook, runId: run.runId, copies: reportCopies(report) });
  await services.incidents.reported(incidentId, run, services.now().toISOString(), how);
}

/** Tells the same people that the incident is over, and how long it took. */
export async function publishResolved(services: Services, incidentId: string, alarm: AlarmFacts): Promise<void> {
  const incident = (await services.incidents.read(incidentId))!;
  await publish(services, { event: 'RESOLVED', incident, copies: resolvedCopies(incident, alarm) });
}

export function reportCopies(report: Report): Copies {
  return { subject: subjectOf(report), json: reportJson(report), email: reportText(report), sms: shortText(report) };
}

export function resolvedCopies(incident: IncidentItem, alarm: AlarmFacts): Copies {
  const json = JSON.stringify({ schemaVersion: CONTRACT_VERSION, event: 'RESOLVED', incident: incidentJson(incident) });
  return { json, ...resolvedText(incident, alarm) };
}

/** The copy for machines. A result too long for it stays in the incident table, and the copy says where. */
function reportJson({ incident, runbook, result, before }: Report): string {
  const json = (shown: object) =>
    JSON.stringify({ schemaVersion: CONTRACT_VERSION, event: 'REPORT', incident: incidentJson(incident), runbook, before, result: shown });
  const whole = json(result);
  if (Buffer.byteLength(whole) <= MOST_JSON_BYTES) return whole;
  const short: RunbookResult = { ...result, findings: [], ruledOut: [], notChecked: [], evidence: [], proposedActions: [] };
  return json({ ...short, stored: runKey(incident.id, result.runId) });
}

/** The incident as the API shows it too, and how long it lasted. */
function incidentJson(incident: IncidentItem): object {
  const { id, state, alarm, alarmArn, accountId, region, service, severity, opened, closed, drill, verdict, counts } = incident;
  const durationSeconds = closed ? Math.round((Date.parse(closed) - Date.parse(opened)) / 1000) : undefined;
  return { id, state, alarm, alarmArn, accountId, region, service, severity, opened, closed, durationSeconds, drill, verdict, counts };
}
