import { ownMessage } from './own-message';
import { processEvent, type Processed } from './process-event';
import { publishGroup } from './publish-group';
import { endIncident, reconcile } from './reconcile';
import { secondLook } from './second-look';
import { Services } from './services';

/**
 * Does what a queue message asks for: takes an alarm's change from message to report, or goes on with something that the
 * executor left for later. It may be called again with the same message at any time, after a crash at any point.
 *
 * @param stopsAt when this executor will be stopped, in epoch milliseconds
 * @throws LeaseHeldError where another executor works on the same event
 */
export async function processMessage(services: Services, body: string, stopsAt: number): Promise<Processed> {
  const own = ownMessage(body);
  switch (own?.executor) {
    case undefined: return processEvent(services, body, stopsAt);
    case 'SECOND_LOOK': return secondLook(services, own, stopsAt);
    case 'GROUP': return publishGroup(services, own);
    case 'RECONCILE': return reconcile(services);
    case 'END': return endIncident(services, own, stopsAt);
  }
}
