import { changesBeforeOnset, changeSpan, eventName } from './changes';
import type { Context } from './definition';
import type { Item } from './evidence';
import { CHANGE_LAG } from './lag';
import type { Change, ChangeQuery, Look } from './port';
import { changeableOf } from './targets';
import { clockTime } from './time';

/** What a CHANGE evidence item holds: the changes that count, and how many recorded calls do not. */
export interface ChangeFacts {
  readonly resource: string;
  readonly type: ChangeQuery['type'];
  /** Newest first; without request parameters, which may hold secrets. */
  readonly changes: Omit<Change, 'request' | 'readOnly' | 'errorCode'>[];
  readonly others: number;
}

/** The same for everything the request is about. */
export async function collectAllChanges(context: Context): Promise<void> {
  const resources = changeableOf(context.request);
  await Promise.all(resources.map(({ type, resource }) => collectChanges(context, type, resource)));
  if (resources.length > 0 || context.request.targets.some(({ type }) => type === 'service')) return;
  context.evidence.add({
    id: 'changes',
    kind: 'CHANGE',
    what: 'changes',
    look: { status: 'NOT_AVAILABLE', reason: 'the resource is not registered with the monitoring construct' },
    says: () => '',
    fix: "Register the alarm's resource with the monitoring construct (monitorApi, monitorFunction, monitorTable).",
  });
}

/** What was changed on one resource shortly before the onset. */
export async function collectChanges(
  { port, windows, evidence, links }: Context, type: ChangeQuery['type'], resource: string,
): Promise<Item<ChangeFacts>> {
  const span = changeSpan(windows);
  const look = await port.changes({ type, resource, span });
  return evidence.add({
    id: `changes.${resource}`,
    kind: 'CHANGE',
    what: `changes of ${resource}`,
    look: settled(look, span.end > windows.now - CHANGE_LAG),
    data: (seen): ChangeFacts => {
      const changes = changesBeforeOnset(seen, resource, windows);
      return {
        resource,
        type,
        changes: changes.map(({ at, event, user }) => ({ at, event, resource, ...(user && { user }) })),
        others: seen.length - changes.length,
      };
    },
    says: (seen) => {
      const changes = changesBeforeOnset(seen, resource, windows);
      const list = changes.slice(0, 5).map((change) => `${eventName(change)} at ${clockTime(change.at)}${change.user ? ` by ${change.user}` : ''}`);
      return changes.length > 0 ? list.join(', ') : 'none shortly before the onset';
    },
    link: links.changes(resource),
  });
}

/** No recorded call may mean that it is not recorded yet. */
function settled(look: Look<Change[]>, insideLag: boolean): Look<Change[]> {
  if (look.status !== 'OK' && look.status !== 'NO_DATA') return look;
  const seen = look.data ?? [];
  return { status: insideLag && seen.length === 0 ? 'INCOMPLETE' : 'OK', data: seen };
}
