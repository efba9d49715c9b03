import { readTags } from './alarm-facts';
import { EventItem } from './events';
import { Services } from './services';
import { alarmEntry, readTable, RunbookTable } from './table';
import type { AlarmFacts } from '../../src/private/shared/contract';
import type { AlarmEntry } from '../../src/private/shared/runbook-table';

/** What is known of an alarm beside itself. */
export interface Surroundings {
  readonly tags: Record<string, string>;
  readonly table: RunbookTable;
  /** What the deployment says of it; absent where it does not know it. */
  readonly entry?: AlarmEntry;
}

export async function surroundingsOf({ cloudwatch, ssm, parameterPrefix, log }: Services, alarm: AlarmFacts): Promise<Surroundings> {
  const tags = await readTags(cloudwatch, alarm.arn, (error) => log.warn('tags not read', { alarm: alarm.name, error }));
  const table = await readTable(ssm, parameterPrefix, (parameter, error) => log.warn('parameter not read', { parameter, error }));
  return { tags, table, entry: alarmEntry(table, { ...alarm, tags }) };
}

/**
 * The alarm as a change of state left it, which may not be what it is by now.
 *
 * @param reason of that change, for where the alarm itself tells of another by now
 */
export function asOf(current: AlarmFacts, reason: string, { state, at }: Pick<EventItem, 'state' | 'at'>, tags: Record<string, string>): AlarmFacts {
  return { ...current, state, stateTimestamp: at, reason: current.state === state ? current.reason : reason, tags };
}
