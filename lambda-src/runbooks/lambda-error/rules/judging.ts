import { eventName } from '../../framework/changes';
import type { ChangeFacts } from '../../framework/collect-changes';
import type { LogFacts } from '../../framework/collect-logs';
import { type Holds, type Judgement, unknown } from '../../framework/decide';
import type { ErrorKind } from '../../framework/error-kinds';
import type { Item } from '../../framework/evidence';
import type { Pattern } from '../../framework/patterns';
import { type Figures, figuresOf, type SeriesFacts } from '../../framework/series';
import { throttling } from '../../framework/throttles';
import { clockTime } from '../../framework/time';
import type { FunctionFacts, LambdaFacts } from '../facts';

/** What the rules have in common. */

/** A rule about one function, asked of each: most alarms watch one, a composite or a service may stand for several. */
export function ofEach(judge: (fn: FunctionFacts) => Judgement): (facts: LambdaFacts) => Judgement {
  return ({ functions }) => {
    const judged = functions.map((fn) => ({ fn, judgement: judge(fn) }));
    const held = judged.flatMap(({ fn, judgement }) => judgement.is === 'HOLDS' ? [{ fn, judgement }] : []);
    if (held.length > 0) return together(held);
    const first = (is: Judgement['is']) => judged.find(({ judgement }) => judgement.is === is)?.judgement;
    // It is ruled out only if it is for every function.
    return first('TOLD') ?? first('UNKNOWN') ?? first('RULED_OUT') ?? unknown;
  };
}

function together(held: { fn: FunctionFacts; judgement: Holds }[]): Judgement {
  const [{ judgement: first }, ...others] = held;
  if (others.length === 0) return first;
  return {
    ...first,
    says: `${first.says} The same holds for ${others.map(({ fn }) => fn.name).join(', ')}.`,
    cites: [...new Set(held.flatMap(({ judgement }) => judgement.cites))],
    actions: [...new Set(held.flatMap(({ judgement }) => judgement.actions ?? []))],
  };
}

/** A series' figures in the incident, if it has any. */
export function figures(item: Item<SeriesFacts> | undefined): Figures | undefined {
  return item?.data && item.data.incident.points > 0 ? item.data.incident : undefined;
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

/** `80 %`. */
export const percent = (share: number) => `${Math.round(share * 100)} %`;

/** `PutFunctionConcurrency at 09:46 UTC by alice`. */
export function inWords({ event, at, user }: Pick<ChangeFacts['changes'][number], 'event' | 'at' | 'user'>): string {
  return `${eventName({ event })} at ${clockTime(at)}${user ? ` by ${user}` : ''}`;
}

/** Ids of the items that were seen, for `cites`. */
export const idsOf = (...items: (Item<unknown> | undefined)[]) => items.flatMap((item) => item?.data === undefined ? [] : [item.id]);
