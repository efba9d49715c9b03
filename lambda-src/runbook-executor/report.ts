import { PublishCommand } from '@aws-sdk/client-sns';
import { Report, reportText, resolvedText, shortText, subjectOf } from './report-text';
import { Services } from './services';
import { AlarmFacts, CONTRACT_VERSION, RunbookResult } from '../../src/private/shared/contract';
import { IncidentItem, requestOf, resultOf, runKey } from '../shared/incident-items';

/** The JSON copy is at most this long: SNS takes 256 KB for all copies together, escapes included. */
const MOST_JSON_BYTES = 64 * 1024;

/** One message in its copies, and what subscribers may filter it by. */
interface Message {
  readonly event: 'REPORT' | 'RESOLVED';
  readonly incident: IncidentItem;
  readonly runbook?: string;
  readonly subject: string;
  readonly json: string;
  readonly email: string;
  readonly sms: string;
}

/** Publishes each run's result. What is stored counts: a report may go out twice, with the same run id, but is never lost. */
export async function publishResults(
  services: Services, incidentId: string, runIds: readonly string[], links: Readonly<Record<string, string>>,
): Promise<void> {
  for (const runId of runIds) {
    const run = await services.incidents.readRun(incidentId, runId);
    const result = run && resultOf(run);
    if (!result || run.step === 'REPORTED') continue;
    await services.incidents.recordResult(incidentId, run);
    const incident = (await services.incidents.read(incidentId))!;
    const { alarm, targets, context } = requestOf(run);
    const report: Report = { incident, alarm, targets, runbook: run.runbook, result, link: links[run.runbook] ?? context.documentationUrl };
    await publish(services, {
      event: 'REPORT',
      incident,
      runbook: run.runbook,
      subject: subjectOf(report),
      json: reportJson(report),
      email: reportText(report),
      sms: shortText(report),
    });
    await services.incidents.reported(incidentId, run, services.now().toISOString());
  }
}

/** Tells the same people that the incident is over, and how long it took. */
export async function publishResolved(services: Services, incidentId: string, alarm: AlarmFacts): Promise<void> {
  const incident = (await services.incidents.read(incidentId))!;
  const json = JSON.stringify({ schemaVersion: CONTRACT_VERSION, event: 'RESOLVED', incident: incidentJson(incident) });
  await publish(services, { event: 'RESOLVED', incident, json, ...resolvedText(incident, alarm) });
}

async function publish(services: Services, { event, incident, runbook, subject, json, email, sms }: Message): Promise<void> {
  const attributes = Object.entries({ event, severity: incident.severity, service: incident.service, runbook });
  await services.sns.send(new PublishCommand({
    TopicArn: services.topicArn,
    Subject: subject,
    MessageStructure: 'json',
    Message: JSON.stringify({ default: json, email, sms }),
    // SNS refuses an attribute without a value.
    MessageAttributes: Object.fromEntries(attributes.filter(([, value]) => value)
      .map(([name, value]) => [name, { DataType: 'String', StringValue: value }])),
  }));
  services.log.info('published', { event, incident: incident.id, runbook });
}

/** The copy for machines. A result too long for it stays in the incident table, and the copy says where. */
function reportJson({ incident, runbook, result }: Report): string {
  const json = (shown: object) =>
    JSON.stringify({ schemaVersion: CONTRACT_VERSION, event: 'REPORT', incident: incidentJson(incident), runbook, result: shown });
  const whole = json(result);
  if (Buffer.byteLength(whole) <= MOST_JSON_BYTES) return whole;
  const short: RunbookResult = { ...result, findings: [], ruledOut: [], notChecked: [], evidence: [], proposedActions: [] };
  return json({ ...short, stored: runKey(incident.id, result.runId) });
}

/** The incident as the API shows it too, and how long it lasted. */
function incidentJson({ id, state, alarm, alarmArn, accountId, region, service, severity, opened, closed, verdict, counts }: IncidentItem): object {
  const durationSeconds = closed ? Math.round((Date.parse(closed) - Date.parse(opened)) / 1000) : undefined;
  return { id, state, alarm, alarmArn, accountId, region, service, severity, opened, closed, durationSeconds, verdict, counts };
}
