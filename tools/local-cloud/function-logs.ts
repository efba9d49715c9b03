import { writeFileSync } from 'node:fs';
import { CloudWatchLogsClient, type FilteredLogEvent, paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { LocalCloud } from './local-cloud';

/** Writes what all functions logged beside the local cloud's own log, for the person who has to find out why something failed. */
export async function keepFunctionLogs(cloud: LocalCloud): Promise<string> {
  const file = cloud.logFile.replace(/\.log$/, '.functions.log');
  const lines = await functionLogs(cloud).catch((error) => [`The functions' logs cannot be read: ${error}`]);
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** Oldest first, a line each. */
async function functionLogs(cloud: LocalCloud): Promise<string[]> {
  const logs = new CloudWatchLogsClient(cloud.clientConfig());
  const groups: string[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {})) {
    groups.push(...logGroups.map(({ logGroupName }) => logGroupName!));
  }
  const events = await Promise.all(groups.map(async (group) =>
    (await eventsOf(logs, group)).map(({ timestamp = 0, message = '' }) => ({ timestamp, line: `${group}: ${message.trimEnd()}` }))));
  return events.flat().sort((a, b) => a.timestamp - b.timestamp)
    .map(({ timestamp, line }) => `${new Date(timestamp).toISOString()} ${line}`);
}

/** All that a log group holds. */
export async function eventsOf(client: CloudWatchLogsClient, logGroupName: string): Promise<FilteredLogEvent[]> {
  const found: FilteredLogEvent[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) found.push(...events);
  return found;
}
