import { eventName } from './changes';
import type { ChangeFacts } from './collect-changes';
import { type Holds, type Judgement, unknown } from './decide';
import type { Item } from './evidence';
import type { Figures, SeriesFacts } from './series';
import { clockTime } from './time';

/** What rules have in common. */

/** One judgement from those about several things: most alarms watch one, a composite or a service may stand for several. */
export function ofSeveral(judged: { readonly name: string; readonly judgement: Judgement }[]): Judgement {
  const held = judged.flatMap(({ name, judgement }) => judgement.is === 'HOLDS' ? [{ name, judgement }] : []);
  if (held.length > 0) return together(held);
  const first = (is: Judgement['is']) => judged.find(({ judgement }) => judgement.is === is)?.judgement;
  // It is ruled out only if it is for each of them.
  return first('TOLD') ?? first('UNKNOWN') ?? first('RULED_OUT') ?? unknown;
}

function together(held: { name: string; judgement: Holds }[]): Judgement {
  const [{ judgement: first }, ...others] = held;
  if (others.length === 0) return first;
  return {
    ...first,
    says: `${first.says} The same holds for ${others.map(({ name }) => name).join(', ')}.`,
    cites: [...new Set(held.flatMap(({ judgement }) => judgement.cites))],
    actions: [...new Set(held.flatMap(({ judgement }) => judgement.actions ?? []))],
  };
}

/** A series' figures in the incident, if it has any. */
export function figures(item: Item<SeriesFacts> | undefined): Figures | undefined {
  return item?.data && item.data.incident.points > 0 ? item.data.incident : undefined;
}

/** `80 %`. */
export const percent = (share: number) => `${Math.round(share * 100)} %`;

/** `PutFunctionConcurrency at 09:46 UTC by alice`. */
export function inWords({ event, at, user }: Pick<ChangeFacts['changes'][number], 'event' | 'at' | 'user'>): string {
  return `${eventName({ event })} at ${clockTime(at)}${user ? ` by ${user}` : ''}`;
}

/** Ids of the items that were seen, for `cites`. */
export const idsOf = (...items: (Item<unknown> | undefined)[]) => items.flatMap((item) => item?.data === undefined ? [] : [item.id]);
