import { sendLater } from './own-message';
import { Services } from './services';
import type { Severity, Verdict } from '../../src/private/shared/contract';
import { BURST_DAYS, burstKey, type IncidentState, ttlAfter } from '../shared/incident-items';

/**
 * Storms of reports. SNS stops an e-mail subscription that gets more than ten messages a second, and nobody reads five hundred mails: after
 * the first few of a minute, reports are listed, and told in one when the minute is over.
 */
const GROUP_DELAY_SECONDS = 60;

/** A report as its group lists it. */
export interface Listed {
  readonly event: 'REPORT' | 'RESOLVED';
  readonly incident: string;
  readonly runId?: string;
  readonly alarm: string;
  readonly severity: Severity;
  readonly state: IncidentState;
  readonly verdict?: Verdict;
}

/** Whether a report is told with others; if so it is listed. One that is asked for again gets the same answer, or is told by itself. */
export async function joinsGroup(services: Services, listed: Listed): Promise<boolean> {
  const { store, settings } = services;
  const time = services.now().toISOString();
  const minute = time.slice(0, 16);
  const ttl = ttlAfter(time, BURST_DAYS);
  const name = `${listed.event}#${listed.incident}#${listed.runId ?? '-'}`;
  const told = await store.add(burstKey(minute, 'COUNT'), 'told', name, { ttl }, {
    expression: 'attribute_not_exists(#told) OR size(#told) < :most OR contains(#told, :name)', values: { ':most': settings.reportsPerMinute, ':name': name },
  });
  if (told) return false;
  await store.put(burstKey(minute, name), { ...listed, ttl });
  if (!await store.get(burstKey(minute, 'QUEUED'))) {
    // Sent before it is noted: after a crash it is sent twice, and never not at all.
    await sendLater(services, { executor: 'GROUP', minute }, GROUP_DELAY_SECONDS);
    await store.put(burstKey(minute, 'QUEUED'), { ttl });
  }
  // A group that was closed meanwhile may not have this report in it.
  return await store.get(burstKey(minute, 'SENT')) === undefined;
}
