import { joinsGroup } from './bursts';
import { type Copies, send } from './send';
import { Services } from './services';
import type { IncidentItem } from '../shared/incident-items';

/** A message about one incident. */
export interface Message {
  readonly event: 'REPORT' | 'RESOLVED';
  readonly incident: IncidentItem;
  readonly runbook?: string;
  readonly runId?: string;
  readonly copies: Copies;
}

/** Publishes a message, by itself or, in a storm, with others; answers how, for the timeline. */
export async function publish(services: Services, { event, incident, runbook, runId, copies }: Message): Promise<'reported' | 'reported with others'> {
  const { id, alarm, severity, state, service, verdict } = incident;
  if (await joinsGroup(services, { event, incident: id, runId, alarm, severity, state, verdict })) return 'reported with others';
  await send(services, copies, { event, severity, service, runbook }, id);
  return 'reported';
}
