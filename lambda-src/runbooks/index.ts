import { dynamodbThrottling } from './dynamodb-throttling/definition';
import type { RunbookDefinition } from './framework/definition';
import { general } from './general/definition';
import { highErrorRate } from './high-error-rate/definition';
import { highLatency } from './high-latency/definition';
import { lambdaError } from './lambda-error/definition';

/** The built-in runbooks by name, for scenarios, replay and tests. A handler imports its own alone. */
export const DEFINITIONS: Readonly<Record<string, RunbookDefinition<any>>> = Object.fromEntries([
  general,
  lambdaError,
  highErrorRate,
  highLatency,
  dynamodbThrottling,
].map((definition) => [definition.name, definition]));
