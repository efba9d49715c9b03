import { fromAttributes } from '../../shared/attributes';
import type { IncidentItem } from '../../shared/incident-items';
import { isExpired, type Item } from '../../shared/items';

/** An incident as the API tells it: these members, and nothing else that the table has of it. */
export function incidentBody({ id, state, alarm, service, severity, opened, closed, verdict }: IncidentItem) {
  return { id, state, alarm, service: service ?? null, severity, opened, closed: closed ?? null, verdict: verdict ?? null };
}

/** The incident of an item that was read, unless it has expired: DynamoDB leaves such items there for days. */
export function incidentOf(item: Item | undefined, now: number): IncidentItem | undefined {
  return item === undefined || isExpired(item, now) ? undefined : fromAttributes<IncidentItem>(item);
}
