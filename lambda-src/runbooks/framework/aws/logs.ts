import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudWatchLogsClient, GetQueryResultsCommand, type GetQueryResultsCommandOutput, StartQueryCommand, StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type CallOptions, type Calls, ok } from './calls';
import type { LogLine, LogQuery, Look, Port } from '../port';

/** Insights answers in one to three seconds; it may be asked five times a second. */
const FIRST_POLL = 300;
const LONGEST_POLL = 1000;
/** Kept back to stop a query that is still running: a forgotten one goes on scanning, and costs. */
const STOP_RESERVE = 500;

type Rows = Record<string, string>[];

export function logCalls(calls: Calls, client: CloudWatchLogsClient, wait: (ms: number) => Promise<unknown> = sleep): Pick<Port, 'logLines'> {
  /** Runs one query to its end, or stops it. One log group at a time: the permission is judged by `logGroupName` only. */
  const run = async ({ group, span }: LogQuery, queryString: string, options: CallOptions): Promise<Look<Rows>> => {
    const { queryId } = await calls.count(client.send(new StartQueryCommand({
      logGroupName: group, queryString, startTime: Math.floor(span.start / 1000), endTime: Math.ceil(span.end / 1000),
    }), options));
    for (let pause = FIRST_POLL; ; pause = Math.min(pause * 2, LONGEST_POLL)) {
      const answer = await calls.count(client.send(new GetQueryResultsCommand({ queryId }), options));
      if (isFinal(answer)) {
        calls.usage.logBytesScanned += answer.statistics?.bytesScanned ?? 0;
        return finished(answer);
      }
      if (calls.left() < pause + STOP_RESERVE) {
        await calls.count(client.send(new StopQueryCommand({ queryId }), options)).catch(() => undefined);
        calls.usage.logBytesScanned += answer.statistics?.bytesScanned ?? 0;
        return { status: 'TIMED_OUT', reason: `the query over ${group} was stopped at the deadline` };
      }
      await wait(pause);
    }
  };

  return {
    logLines: (query) => calls.look('logs:StartQuery', async (options) => {
      const filter = `filter @message like /${query.match.replaceAll('/', '\\/')}/`;
      const rows = await run(query, `fields @timestamp, @message | ${filter} | sort @timestamp asc | limit ${query.limit}`, options);
      if (!rows.data) return { ...rows, data: undefined };
      if (rows.data.length === 0) return { status: 'NO_DATA' };
      if (rows.data.some((row) => row['@message'] === undefined || row['@timestamp'] === undefined)) {
        return { status: 'ERROR', reason: `the answer for ${query.group} lacks the fields that were asked for` };
      }
      const lines = rows.data.map(lineOf).sort((a, b) => a.time - b.time);
      if (lines.length < query.limit) return ok({ lines, total: lines.length, sampled: false });
      const counted = Number((await run(query, `${filter} | stats count(*) as lines`, options)).data?.[0]?.lines);
      // Log classes and clouds without `stats` answer with something else: then the sample is all that is known.
      return ok(counted >= lines.length ? { lines, total: counted, sampled: false } : { lines, total: lines.length, sampled: true });
    }),
  };
}

/** Everything that is not final is waited for: queries are Scheduled before they are Running. */
function isFinal({ status }: GetQueryResultsCommandOutput): boolean {
  return status === 'Complete' || status === 'Failed' || status === 'Cancelled' || status === 'Timeout';
}

function finished({ status, results = [] }: GetQueryResultsCommandOutput): Look<Rows> {
  if (status === 'Timeout') return { status: 'TIMED_OUT', reason: 'Logs Insights gave the query up' };
  if (status !== 'Complete') return { status: 'ERROR', reason: `the query ended ${status}` };
  return ok(results.map((row) => Object.fromEntries(row.map(({ field = '', value = '' }) => [field, value]))));
}

/** Insights writes times in UTC, without saying so: `2026-11-20 10:00:00.000`. */
function lineOf(row: Record<string, string>): LogLine {
  return { time: Date.parse(`${row['@timestamp'].replace(' ', 'T').replace(/Z$/, '')}Z`), message: row['@message'] };
}
