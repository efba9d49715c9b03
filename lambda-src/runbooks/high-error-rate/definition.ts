import { collect } from './collect';
import { factsOf, type HighErrorRateFacts } from './facts';
import { dependency } from './rules/dependency';
import { badDeploy } from './rules/deploy';
import { throttled, timeouts } from './rules/functions';
import { gatewayOnly } from './rules/gateway';
import { inconclusive, rateInWords, recovered, serviceMetric } from './rules/outcome';
import { clientErrors, lowTraffic } from './rules/traffic';
import type { RunbookDefinition } from '../framework/definition';

/** An API, a function or a service fails more often than before. */
export const highErrorRate: RunbookDefinition<HighErrorRateFacts> = {
  name: 'high-error-rate',
  collect,
  facts: factsOf,
  book: {
    rules: [lowTraffic, badDeploy, gatewayOnly, throttled, timeouts, dependency, clientErrors, recovered, serviceMetric, inconclusive],
    precedence: ['HE-02', 'HE-04', 'HE-05', 'HE-06', 'HE-03', 'HE-08'],
    frames: ['HE-01', 'HE-11'],
    recovered: 'HE-10',
    inconclusive: 'HE-00',
    figures: rateInWords,
  },
};
