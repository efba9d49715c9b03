import { Logger } from '@aws-lambda-powertools/logger';
import { awsPort, openClients } from './aws/port';
import type { RunbookDefinition } from './definition';
import { runRunbook } from './run';
import { SECOND } from './time';
import type { RunbookRequest, RunbookResult } from '../../../src/private/shared/contract';

const logger = new Logger();
const clients = openClients();

/** Calls end this long before the deadline, so that what they brought can still be judged and sent home. */
const RESERVE = 2 * SECOND;

/** The Lambda handler of a built-in runbook: the contract that every handler speaks. */
export function builtInHandler<F>(definition: RunbookDefinition<F>): (request: RunbookRequest) => Promise<RunbookResult> {
  return async (request) => {
    logger.appendKeys({ runbook: definition.name, runId: request.runId, incidentId: request.incidentId });
    const result = await runRunbook(definition, request, awsPort(clients, Date.parse(request.deadline) - RESERVE));
    const { status, verdict, notChecked, metrics } = result;
    logger.info('investigated', { status, verdict, notChecked, metrics });
    return result;
  };
}
