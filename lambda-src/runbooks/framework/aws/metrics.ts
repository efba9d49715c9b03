import { type CloudWatchClient, DescribeAlarmHistoryCommand, GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { type CallOptions, type Calls, ok } from './calls';
import type { Look, Point, Port, SeriesQuery, Span, StateChange } from '../port';

/** The most series of one GetMetricData call. */
const MOST_QUERIES = 500;

export function metricCalls(calls: Calls, client: CloudWatchClient): Pick<Port, 'metrics' | 'alarmHistory'> {
  const page = async (queries: SeriesQuery[], span: Span, options: CallOptions): Promise<MetricDataResult[]> => {
    const results: MetricDataResult[] = [];
    let NextToken: string | undefined;
    do {
      // No expressions: what is computed from series is computed in code, which works everywhere and can be tested.
      const answer = await calls.count(client.send(new GetMetricDataCommand({
        StartTime: new Date(span.start),
        EndTime: new Date(span.end),
        ScanBy: 'TimestampAscending',
        NextToken,
        MetricDataQueries: queries.map(({ namespace, name, dimensions, statistic, period }, index) => ({
          Id: `q${index}`,
          MetricStat: {
            Metric: { Namespace: namespace, MetricName: name, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) },
            Stat: statistic,
            Period: period,
          },
        })),
      }), options));
      results.push(...answer.MetricDataResults ?? []);
      NextToken = answer.NextToken;
    } while (NextToken);
    return results;
  };

  return {
    async metrics(queries, span) {
      const looks: Record<string, Look<Point[]>> = {};
      for (let first = 0; first < queries.length; first += MOST_QUERIES) {
        const some = queries.slice(first, first + MOST_QUERIES);
        const answer = await calls.look<MetricDataResult[]>('cloudwatch:GetMetricData', async (options) => ok(await page(some, span, options)));
        some.forEach(({ id }, index) => { looks[id] = seriesLook(answer, `q${index}`); });
      }
      return looks;
    },

    alarmHistory: (AlarmName, span) => calls.look<StateChange[]>('cloudwatch:DescribeAlarmHistory', async (options) => {
      const items = [];
      let NextToken: string | undefined;
      do {
        const answer = await calls.count(client.send(new DescribeAlarmHistoryCommand({
          AlarmName, HistoryItemType: 'StateUpdate', StartDate: new Date(span.start), EndDate: new Date(span.end), MaxRecords: 100, NextToken,
        }), options));
        items.push(...answer.AlarmHistoryItems ?? []);
        NextToken = answer.NextToken;
      } while (NextToken);
      return ok(items.flatMap(({ Timestamp, HistoryData }) => stateChange(Timestamp, HistoryData)).sort((a, b) => a.at - b.at));
    }),
  };
}

function seriesLook(answer: Look<MetricDataResult[]>, id: string): Look<Point[]> {
  if (!answer.data) return { ...answer, data: undefined };
  const mine = answer.data.filter((result) => result.Id === id);
  const bad = mine.find(({ StatusCode }) => StatusCode === 'Forbidden' || StatusCode === 'InternalError');
  if (bad?.StatusCode === 'Forbidden') return { status: 'ACCESS_DENIED', action: 'cloudwatch:GetMetricData' };
  if (bad) return { status: 'ERROR', reason: bad.Messages?.[0]?.Value ?? 'CloudWatch could not compute the series' };
  const points = mine.flatMap(({ Timestamps = [], Values = [] }) => Timestamps.map((time, index) => ({ time: time.getTime(), value: Values[index] })))
    .sort((a, b) => a.time - b.time);
  return points.length > 0 ? ok(points) : { status: 'NO_DATA' };
}

/** The states stand in a JSON text inside the history item. */
function stateChange(at: Date | undefined, data: string | undefined): StateChange[] {
  try {
    const { oldState, newState } = JSON.parse(data ?? '') as { oldState?: { stateValue: string }; newState?: { stateValue: string } };
    return at && newState ? [{ at: at.getTime(), ...(oldState && { from: oldState.stateValue }), to: newState.stateValue }] : [];
  } catch {
    return [];
  }
}
