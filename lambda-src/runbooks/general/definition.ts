import { collect } from './collect';
import { factsOf, type GeneralFacts } from './facts';
import { changed, flapping, inconclusive, outOfTheOrdinary, recovered, usualAtThisTime } from './rules';
import type { RunbookDefinition } from '../framework/definition';

/** The first look at an alarm that no other runbook knows. */
export const general: RunbookDefinition<GeneralFacts> = {
  name: 'general',
  collect,
  facts: factsOf,
  book: {
    rules: [changed, outOfTheOrdinary, flapping, usualAtThisTime, recovered, inconclusive],
    precedence: ['GE-01', 'GE-03', 'GE-04'],
    frames: ['GE-02'],
    recovered: 'GE-05',
    inconclusive: 'GE-00',
  },
};
