import type { Listed } from './bursts';
import { groupedText } from './grouped-text';
import type { GroupMessage } from './own-message';
import type { Processed } from './process-event';
import { send } from './send';
import { Services } from './services';
import { CONTRACT_VERSION, SEVERITIES } from '../../src/private/shared/contract';
import { BURST_DAYS, burstKey, burstPk, ttlAfter } from '../shared/incident-items';

/** SNS takes 256 KB for all copies together, and a list of all that a storm brings can be longer. */
const MOST_LISTED = 200;

/** Tells in one message what a minute has listed. */
export async function publishGroup(services: Services, { minute }: GroupMessage): Promise<Processed> {
  const { store } = services;
  const sent = burstKey(minute, 'SENT');
  if ((await store.get<{ published: boolean }>(sent))?.published) return 'DUPLICATE';
  const ttl = ttlAfter(services.now().toISOString(), BURST_DAYS);
  // Closed before it is read: what is listed from now on is told by itself.
  await store.put(sent, { published: false, ttl });
  const listed = (await store.list<Listed>(burstPk(minute))).filter(({ incident }) => incident !== undefined);
  if (listed.length > 0) await publishListed(services, listed, minute);
  await store.put(sent, { published: true, ttl });
  return 'DONE';
}

async function publishListed(services: Services, listed: readonly Listed[], minute: string): Promise<void> {
  const severity = SEVERITIES.find((each) => listed.some((one) => one.severity === each))!;
  const incidents = listed.slice(0, MOST_LISTED)
    .map(({ incident: id, alarm, severity: own, state, verdict }) => ({ id, alarm, severity: own, state, verdict }));
  const notListed = listed.length - incidents.length;
  const json = JSON.stringify({ schemaVersion: CONTRACT_VERSION, event: 'GROUPED', incidents, ...(notListed > 0 && { notListed }) });
  await send(services, { json, ...groupedText(listed, severity) }, { event: 'GROUPED', severity }, `storm-${minute}`);
}
