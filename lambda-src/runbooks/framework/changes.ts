import type { Change, Span } from './port';
import { MINUTE, SECOND } from './time';
import type { Windows } from './windows';

/** What happened longer before the onset did not bring it about at once. */
export const CHANGE_BEFORE_ONSET = 30 * MINUTE;

/** Calls that leave behaviour as it was, though they write. */
const HARMLESS = /^(Tag|Untag|AddTags|RemoveTags|Get|List|Describe|Head|Search|Lookup|Invoke|StartQuery|CreateLogStream|CreateLogGroup|PutRetentionPolicy)/;

/** The span in which a change counts: 30 min before the onset, to one period after it began. */
export function changeSpan(windows: Windows): Span {
  return { start: windows.onset - CHANGE_BEFORE_ONSET, end: windows.onset + windows.period * SECOND + 1 };
}

/** The successful, mutating calls on the resource itself, shortly before the onset; the newest first. */
export function changesBeforeOnset(changes: Change[], resource: string, windows: Windows): Change[] {
  const { start, end } = changeSpan(windows);
  return changes
    .filter((change) => isMutation(change) && isAbout(change, resource) && change.at >= start && change.at < end)
    .sort((a, b) => b.at - a.at);
}

export function isMutation(change: Change): boolean {
  return !change.readOnly && change.errorCode === undefined && !HARMLESS.test(change.event);
}

/** CloudTrail files a resource by name, ARN or both. */
function isAbout(change: Change, resource: string): boolean {
  return change.resource === resource || change.resource.endsWith(`:${resource}`) || change.resource.endsWith(`/${resource}`);
}

/** The API's version at the end of an event's name says nothing to people: `UpdateFunctionCode20150331v2`. */
export const eventName = (change: Pick<Change, 'event'>) => change.event.replace(/20\d{6}(v\d+)?$/, '');
