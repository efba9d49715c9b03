import type { LogFacts } from '../../framework/collect-logs';
import type { Judgement } from '../../framework/decide';
import type { ErrorKind } from '../../framework/error-kinds';
import type { Item } from '../../framework/evidence';
import { figures, ofSeveral } from '../../framework/judging';
import type { Pattern } from '../../framework/patterns';
import { figuresOf } from '../../framework/series';
import { throttling } from '../../framework/throttles';
import type { FunctionFacts, LambdaFacts } from '../facts';

export { figures, idsOf, inWords, percent } from '../../framework/judging';

/** What the rules have in common. */

/** A rule about one function, asked of each. */
export function ofEach(judge: (fn: FunctionFacts) => Judgement): (facts: LambdaFacts) => Judgement {
  return ({ functions }) => ofSeveral(functions.map((fn) => ({ name: fn.name, judgement: judge(fn) })));
}

/** Whether throttles explain the failures; undefined: they were not seen. */
export function throttlesOf({ series }: FunctionFacts): ReturnType<typeof throttling> {
  const none = figuresOf([]);
  return throttling(figures(series.errors) ?? none, figures(series.throttles) ?? none);
}

/** How much of what has risen in the log is of these kinds, 0 to 1: the loudest line may have been there always. */
export function shareOf(log: Item<LogFacts> | undefined, kinds: readonly ErrorKind[]): number | undefined {
  // A log that was read and has no error line has no share of anything.
  if (!log?.data) return log?.status === 'NO_DATA' ? 0 : undefined;
  const risen = log.data.differences.filter(({ rise }) => rise > 0);
  const sum = (some: typeof risen) => some.reduce((total, { rise }) => total + rise, 0);
  return risen.length === 0 ? 0 : sum(risen.filter(({ pattern }) => isOf(pattern, kinds))) / sum(risen);
}

/** The pattern of these kinds that has risen most. */
export function topOf(log: Item<LogFacts> | undefined, kinds: readonly ErrorKind[]): Pattern | undefined {
  return log?.data?.differences.find(({ pattern, rise }) => rise > 0 && isOf(pattern, kinds))?.pattern;
}

const isOf = ({ kind }: Pattern, kinds: readonly ErrorKind[]) => kind !== undefined && kinds.includes(kind);
