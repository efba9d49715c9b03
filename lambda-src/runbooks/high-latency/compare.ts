import type { FunctionFacts, LatencyFacts, Reading, Times } from './facts';
import type { Percentile } from './series';
import { DOUBLED, EXPLAINS, UP } from './thresholds';
import { type Judgement, ruledOut, unknown } from '../framework/decide';

/** What the alarm is about: the API's latency where it is measured, else the durations of its slowest function. */
export interface Subject {
  readonly name: string;
  readonly times: Times;
}

export function subjectOf({ api, functions }: LatencyFacts): Subject | undefined {
  if (api && isMeasured(api.latency)) return { name: api.name, times: api.latency };
  const measured = functions.filter(({ duration }) => isMeasured(duration));
  const [slowest] = measured.sort((a, b) => (growthOf(b.duration.p99) ?? 0) - (growthOf(a.duration.p99) ?? 0));
  return slowest && { name: slowest.name, times: slowest.duration };
}

const isMeasured = ({ p50, p99 }: Times) => p50.now !== undefined && p99.now !== undefined;

/** By how many milliseconds it is above the time before. */
export function growthOf({ now, before }: Reading): number | undefined {
  return now === undefined || before === undefined ? undefined : now - before;
}

export function isUp({ now, before }: Reading, factor = UP): boolean | undefined {
  return now === undefined || before === undefined ? undefined : now > 0 && now >= before * factor;
}

/**
 * A tail (few calls are slow), a shift (all are), something between the two, or nothing. The doubled p99 is held against the
 * same time last week, because tails come with nightly jobs; a shift against the minutes before.
 */
export function shapeOf({ p50, p99 }: Times): 'TAIL' | 'SHIFT' | 'SOME' | 'NONE' | undefined {
  const [middle, tail] = [isUp(p50), isUp(p99)];
  if (middle === undefined || tail === undefined) return undefined;
  if (middle && tail) return 'SHIFT';
  if (!middle && p99.now! >= p99.usual! * DOUBLED && p99.now! > p99.before!) return 'TAIL';
  return middle || tail ? 'SOME' : 'NONE';
}

/** Slower than just before, but this is how slow it is at this time. */
export function isAsUsual({ p99 }: Times): boolean {
  return isUp(p99) === true && p99.now! < p99.usual! * UP;
}

/** Where the time went, at the percentile that shows it. Each part is what it grew by, in milliseconds; absent is unknown. */
export interface Parts {
  readonly at: Percentile;
  readonly total: number;
  /** Between the caller's request and the integration: authorisers, mappings, validation. */
  readonly gateway?: number;
  /** Between the integration and the function: waiting for a free execution, and cold starts. */
  readonly between?: number;
  readonly function?: { readonly name: string; readonly growth: number };
}

export function partsOf(facts: LatencyFacts): Parts | undefined {
  const subject = subjectOf(facts);
  const shape = subject && shapeOf(subject.times);
  if (!subject || !shape || shape === 'NONE') return undefined;
  const at = shape === 'SHIFT' || (shape === 'SOME' && isUp(subject.times.p50)) ? 'p50' : 'p99';
  const total = growthOf(subject.times[at])!;
  const integration = facts.api && growthOf(facts.api.integration[at]);
  const known = facts.functions.flatMap(({ name, duration }) => {
    const growth = growthOf(duration[at]);
    return growth === undefined ? [] : [{ name, growth }];
  }).sort((a, b) => b.growth - a.growth);
  const isApi = subject.times === facts.api?.latency;
  return {
    at,
    total,
    ...(isApi && integration !== undefined && { gateway: total - integration }),
    // With one function unknown the time may be its.
    ...(isApi && integration !== undefined && known.length > 0 && known.length === facts.functions.length
      && { between: integration - known[0].growth }),
    ...(known.length > 0 && { function: known[0] }),
  };
}

/** Whether a part's growth is enough to be the cause. */
export function explains(part: number | undefined, { total }: Parts): boolean | undefined {
  return part === undefined ? undefined : total > 0 && part >= EXPLAINS * total;
}

/** Whether the function takes as much longer as the alarm's subject does. */
export function slowsDown({ duration }: FunctionFacts, parts: Parts): boolean | undefined {
  return explains(growthOf(duration[parts.at]), parts);
}

/** What a rule about the API's parts answers where nothing has grown: there is nothing to divide. */
export function whenFast(times: Times): Judgement {
  return shapeOf(times) === 'NONE' ? ruledOut('the API is as fast as before') : unknown;
}

/** `120 ms`, `2.1 s`. */
export function inTime(ms: number | undefined): string {
  if (ms === undefined) return 'unknown';
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}

/** `p99 2.1 s (before 300 ms)`. */
export function compared(at: Percentile | 'longest', { now, before }: Reading): string {
  return `${at} ${inTime(now)} (before ${inTime(before)})`;
}
