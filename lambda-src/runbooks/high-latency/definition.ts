import { collect } from './collect';
import { factsOf, type LatencyFacts } from './facts';
import { change } from './rules/change';
import { coldStarts } from './rules/cold-starts';
import { tailOrShift } from './rules/frame';
import { gatewayOverhead } from './rules/gateway';
import { load } from './rules/load';
import { memory } from './rules/memory';
import { inconclusive, percentilesInWords, recovered } from './rules/outcome';
import { queueing } from './rules/queueing';
import { timeoutCliff } from './rules/timeout';
import type { RunbookDefinition } from '../framework/definition';

/** Why an API or a function is slow: which calls, and on which part of their way. */
export const highLatency: RunbookDefinition<LatencyFacts> = {
  name: 'high-latency',
  collect,
  facts: factsOf,
  book: {
    rules: [tailOrShift, gatewayOverhead, coldStarts, memory, load, queueing, timeoutCliff, change, recovered, inconclusive],
    precedence: ['HL-09', 'HL-08', 'HL-02', 'HL-03', 'HL-04', 'HL-10', 'HL-07'],
    frames: ['HL-01'],
    recovered: 'HL-11',
    inconclusive: 'HL-00',
    figures: percentilesInWords,
  },
};
