import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Described, EventFile } from './event';
import { isUnresolved } from './tokens';
import { readAlarm } from '../../lambda-src/runbook-executor/alarm-facts';
import { alarmEntry, type RunbookTable } from '../../lambda-src/runbook-executor/table';
import { resolveTargets, targetName } from '../../lambda-src/runbook-executor/targets';
import type { AlarmFacts, Target } from '../../src/private/shared/contract';
import { type Candidate, matchRunbooks } from '../../src/private/shared/matcher';
import type { AlarmEntry } from '../../src/private/shared/runbook-table';

/** Which runbooks would run for an alarm, and why not the others. */
export interface Explanation {
  readonly alarm: AlarmFacts;
  /** What the deployment says of the alarm; absent where it does not know it. */
  readonly entry?: AlarmEntry;
  readonly targets: readonly Target[];
  readonly candidates: readonly Candidate[];
  /** Why nothing runs, whatever matches. */
  readonly stopped?: string;
  /** What this explanation does not know. */
  readonly notes: readonly string[];
}

/** The alarm as the executor reads it, from what the file tells instead of CloudWatch. */
export async function alarmOf({ described, name }: EventFile, tags: Record<string, string>): Promise<AlarmFacts> {
  const { drill, previousState, ...alarm } = (await readAlarm(offline(described), { name }))!;
  return { ...alarm, tags };
}

export function explanationOf(alarm: AlarmFacts, table: RunbookTable, notes: readonly string[]): Explanation {
  const entry = alarmEntry(table, alarm);
  const targets = resolveTargets(alarm, entry, table.targets);
  const stopped = entry?.own ? 'it is on the alert path itself: reported, never investigated'
    : alarm.state !== 'ALARM' ? `its state is ${alarm.state}: only ALARM starts a runbook` : undefined;
  return {
    alarm,
    entry,
    targets,
    candidates: matchRunbooks(table.runbooks, alarm, entry).candidates,
    stopped,
    notes: [...notes, ...gapsOf(alarm, table, entry, targets)],
  };
}

export const namesOf = (targets: readonly Target[]) => targets.map(targetName);

/** What might be otherwise once everything is known. */
function gapsOf(alarm: AlarmFacts, { runbooks, alarms, targets }: RunbookTable, entry: AlarmEntry | undefined, found: readonly Target[]): string[] {
  const matchers = runbooks.flatMap(({ name, matches }) => matches.map((matcher) => ({ name, ...matcher })));
  const tagged = [...new Set(matchers.filter((matcher) => matcher.class === 'TAG').map(({ name }) => name))];
  const hidden = matchers.filter((matcher) => matcher.class === 'ALARM' && isUnresolved(matcher.alarmArn ?? ''));
  const unknownAlarms = alarms.filter(({ arn }) => isUnresolved(arn));
  const unknownTargets = targets.filter((target) => isUnresolved(target.name));
  return [
    ...tagged.length > 0 && Object.keys(alarm.tags).length === 0 ? [`${tagged.join(', ')} ${tagged.length === 1 ? 'matches' : 'match'} by tag, and no tag is known here: give the alarm's with --tag.`] : [],
    ...hidden.map(({ name, alarmArn }) => `${name} is registered for the alarm ${alarmArn}, whose name is known only after a deployment.`),
    ...!entry && unknownAlarms.length > 0 ? [`${unknownAlarms.length} alarms of the app have names that only a deployment gives; this alarm's name is like none of them, so it is taken for another's.`] : [],
    ...found.length === 0 && unknownTargets.length > 0 ? [`${unknownTargets.length} registered resources have names that only a deployment gives; they can be missing among the targets.`] : [],
  ];
}

function offline({ MetricAlarms, CompositeAlarms }: Described): CloudWatchClient {
  const send = async ({ input }: { input: { AlarmNames: string[] } }) => ({
    MetricAlarms: MetricAlarms.filter(({ AlarmName }) => input.AlarmNames.includes(AlarmName!)),
    CompositeAlarms: CompositeAlarms.filter(({ AlarmName }) => input.AlarmNames.includes(AlarmName!)),
  });
  return { send } as unknown as CloudWatchClient;
}
