import { collect } from './collect';
import { factsOf, type ThrottlingFacts } from './facts';
import { burst, scalingLag, underProvisioned } from './rules/capacity';
import { backfill, indexBackPressure } from './rules/indexes';
import { hotKey, hotRange } from './rules/keys';
import { accountQuota, ownCap } from './rules/limits';
import { configurationChange, trafficStep } from './rules/load';
import { inconclusive, notThrottled, throttlesInWords } from './rules/outcome';
import type { RunbookDefinition } from '../framework/definition';

/** Why a table is throttled: by the reasons that DynamoDB gives, its capacity, and its keys. */
export const dynamodbThrottling: RunbookDefinition<ThrottlingFacts> = {
  name: 'dynamodb-throttling',
  collect,
  facts: factsOf,
  book: {
    rules: [
      hotKey, hotRange, underProvisioned, burst, scalingLag, ownCap, accountQuota, indexBackPressure, backfill, trafficStep,
      configurationChange, notThrottled, inconclusive,
    ],
    precedence: ['DT-07', 'DT-06', 'DT-11', 'DT-09', 'DT-08', 'DT-05', 'DT-01', 'DT-02', 'DT-03', 'DT-04', 'DT-10'],
    recovered: 'DT-12',
    inconclusive: 'DT-00',
    figures: throttlesInWords,
  },
};
