import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AlarmFacts, Target } from '../../src/private/shared/contract';
import { AlarmEntry, ForeignEntry, RunbookEntry, TABLE_PATH, TableChunk } from '../../src/private/shared/runbook-table';

/** The runbook table of this deployment, as its SSM parameters hold it now. */
export interface RunbookTable {
  readonly runbooks: readonly RunbookEntry[];
  readonly alarms: readonly AlarmEntry[];
  readonly foreign: readonly ForeignEntry[];
  readonly targets: readonly Target[];
  /** Address of each runbook's written page. */
  readonly links: Readonly<Record<string, string>>;
}

/** Reads links and table in one go; never cached, so that a link changed by hand counts at once. */
export async function readTable(client: SSMClient, prefix: string, onError: (parameter: string, error: unknown) => void): Promise<RunbookTable> {
  const table = {
    runbooks: [] as RunbookEntry[],
    alarms: [] as AlarmEntry[],
    foreign: [] as ForeignEntry[],
    targets: [] as Target[],
    links: {} as Record<string, string>,
  };
  const config = `${prefix}/${TABLE_PATH}/`;
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetParametersByPathCommand({ Path: prefix, Recursive: true, NextToken }));
    for (const { Name = '', Value = '' } of page.Parameters ?? []) {
      if (!Name.startsWith(config)) {
        table.links[Name.slice(prefix.length + 1)] = Value;
        continue;
      }
      try {
        const chunk = JSON.parse(Value) as TableChunk;
        table.runbooks.push(...chunk.runbooks ?? []);
        table.alarms.push(...chunk.alarms ?? []);
        table.foreign.push(...chunk.foreign ?? []);
        table.targets.push(...chunk.targets ?? []);
      } catch (error) {
        // One parameter spoilt by hand must not silence every alarm.
        onError(Name, error);
      }
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return table;
}

/** What the deployment says of an alarm: of itself, or else of foreign ones that are like it. */
export function alarmEntry(table: RunbookTable, { arn, name, tags }: Pick<AlarmFacts, 'arn' | 'name' | 'tags'>): AlarmEntry | undefined {
  const entry = table.alarms.find((each) => each.arn === arn);
  if (entry) return entry;
  const like = table.foreign.find(({ namePrefix, tagKey, tagValue }) => (
    namePrefix === undefined ? tagKey !== undefined && tags[tagKey] === tagValue : name.startsWith(namePrefix)));
  return like && { arn, key: name, severity: like.severity, runbook: like.runbook, foreign: true };
}
