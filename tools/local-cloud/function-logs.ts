import { writeFileSync } from 'node:fs';
import { CloudWatchLogsClient, DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
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
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const events = await Promise.all(logGroups.map(async ({ logGroupName }) => {
    const { events: found = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    return found.map(({ timestamp = 0, message = '' }) => ({ timestamp, line: `${logGroupName}: ${message.trimEnd()}` }));
  }));
  return events.flat().sort((a, b) => a.timestamp - b.timestamp)
    .map(({ timestamp, line }) => `${new Date(timestamp).toISOString()} ${line}`);
}
