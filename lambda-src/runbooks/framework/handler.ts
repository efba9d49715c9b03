import { awsPort, openClients } from './aws/port';
import type { RunbookDefinition } from './definition';
import { runRunbook } from './run';
import { SECOND } from './time';
import type { RunbookRequest, RunbookResult } from '../../../src/private/shared/contract';
import { log } from '../../shared/log';

const clients = openClients();

/** Calls end this long before the deadline, so that what they brought can still be judged and sent home. */
const RESERVE = 2 * SECOND;

/** The Lambda handler of a built-in runbook: the contract that every handler speaks. */
export function builtInHandler<F>(definition: RunbookDefinition<F>): (request: RunbookRequest) => Promise<RunbookResult> {
  return async (request) => {
    const result = await runRunbook(definition, request, awsPort(clients, Date.parse(request.deadline) - RESERVE));
    const { status, verdict, notChecked, metrics } = result;
    log.info('investigated', { runbook: definition.name, runId: request.runId, incidentId: request.incidentId, status, verdict, notChecked, metrics });
    return result;
  };
}
