import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Target } from '../../src/private/shared/contract';
import { AlarmEntry, RunbookEntry, TABLE_PATH, TableChunk } from '../../src/private/shared/runbook-table';

/** The runbook table of this deployment, as its SSM parameters hold it now. */
export interface RunbookTable {
  readonly runbooks: readonly RunbookEntry[];
  readonly alarms: readonly AlarmEntry[];
  readonly targets: readonly Target[];
  /** Address of each runbook's written page. */
  readonly links: Readonly<Record<string, string>>;
}

/** Reads links and table in one go; never cached, so that a link changed by hand counts at once. */
export async function readTable(client: SSMClient, prefix: string, onError: (parameter: string, error: unknown) => void): Promise<RunbookTable> {
  const table = { runbooks: [] as RunbookEntry[], alarms: [] as AlarmEntry[], targets: [] as Target[], links: {} as Record<string, string> };
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

export function alarmEntry(table: RunbookTable, arn: string): AlarmEntry | undefined {
  return table.alarms.find((entry) => entry.arn === arn);
}
