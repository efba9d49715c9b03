import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { required, requiredNumber } from './config';
import { openStore, type Store } from './store';
import { countingWriteThrottles } from './write-throttles';
import { Env } from '../../src/private/shared/environment';

/** The metrics table of a function's configuration, for a function that writes it. */
export function storeOfEnvironment(): Store {
  const table = required(Env.METRICS_TABLE);
  return openStore({
    client: countingWriteThrottles(new DynamoDBClient({}), table),
    table,
    sampleRetentionDays: requiredNumber(Env.SAMPLE_RETENTION_DAYS),
    rollupRetentionDays: requiredNumber(Env.ROLLUP_RETENTION_DAYS),
  });
}
