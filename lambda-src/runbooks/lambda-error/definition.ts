import { collect } from './collect';
import { factsOf, type LambdaFacts } from './facts';
import { dependency, permission } from './rules/access';
import { badDeploy, initBroken, outOfMemory, timeout } from './rules/code';
import { asyncLoss, notActive, poisonRecord, recursion } from './rules/delivery';
import { failureFigures, inconclusive, recovered } from './rules/outcome';
import { accountLimit, reservedLimit, scaleRate, switchedOff } from './rules/throttles';
import type { RunbookDefinition } from '../framework/definition';

/** Why a function fails: by the type of its failures, its throttles, its time-outs, and what was changed. */
export const lambdaError: RunbookDefinition<LambdaFacts> = {
  name: 'lambda-error',
  collect,
  facts: factsOf,
  book: {
    rules: [
      reservedLimit, accountLimit, scaleRate, switchedOff, timeout, outOfMemory, initBroken, badDeploy, permission, poisonRecord,
      asyncLoss, notActive, recursion, dependency, recovered, inconclusive,
    ],
    precedence: ['LE-11', 'LE-04', 'LE-12', 'LE-13', 'LE-07', 'LE-08', 'LE-01', 'LE-02', 'LE-03', 'LE-09', 'LE-06', 'LE-05', 'LE-10', 'LE-14'],
    recovered: 'LE-15',
    inconclusive: 'LE-00',
    figures: failureFigures,
  },
};
