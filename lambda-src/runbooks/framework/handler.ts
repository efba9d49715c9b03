import { Logger } from '@aws-lambda-powertools/logger';
import { awsPort } from './aws/port';
import type { RunbookDefinition } from './definition';
import { runRunbook } from './run';
import type { RunbookRequest, RunbookResult } from '../../../src/private/shared/contract';

const logger = new Logger();

/** The Lambda handler of a built-in runbook: the contract that every handler speaks. */
export function builtInHandler<F>(definition: RunbookDefinition<F>): (request: RunbookRequest) => Promise<RunbookResult> {
  return async (request) => {
    logger.appendKeys({ runbook: definition.name, runId: request.runId, incidentId: request.incidentId });
    const result = await runRunbook(definition, request, awsPort(request));
    logger.info('investigated', { status: result.status, verdict: result.verdict, notChecked: result.notChecked, metrics: result.metrics });
    return result;
  };
}
