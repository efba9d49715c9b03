import { apiCalls } from '../../../lambda-src/runbooks/framework/aws/api';
import { Calls } from '../../../lambda-src/runbooks/framework/aws/calls';
import { changeCalls } from '../../../lambda-src/runbooks/framework/aws/changes';
import { lambdaCalls } from '../../../lambda-src/runbooks/framework/aws/lambda';
import { logCalls } from '../../../lambda-src/runbooks/framework/aws/logs';
import { metricCalls } from '../../../lambda-src/runbooks/framework/aws/metrics';
import { serviceCalls } from '../../../lambda-src/runbooks/framework/aws/services';
import { tableCalls } from '../../../lambda-src/runbooks/framework/aws/tables';
import { ERROR_WORDS } from '../../../lambda-src/runbooks/framework/log-line';
import type { Port } from '../../../lambda-src/runbooks/framework/port';
import { partItem } from '../../../lambda-src/shared/items';
import { ledgerItem } from '../../../lambda-src/shared/ledger-items';
import { encodePart } from '../../../lambda-src/timeseries/part';

/** Answers in the shape that AWS gave, behind clients that are none. */

type Answer = object | Error | ((input: any) => object);
const at = Date.parse('2026-11-20T10:00:00Z');
const span = { start: at - 600_000, end: at };

/** A client that answers each command by its name, in turn; the last answer repeats. */
function client(answers: Record<string, Answer | Answer[]>): { sent: { name: string; input: any }[]; fake: any } {
  const sent: { name: string; input: any }[] = [];
  const turns: Record<string, number> = {};
  const send = async (command: { constructor: { name: string }; input: any }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    sent.push({ name, input: command.input });
    const all = [answers[name]].flat();
    const turn = turns[name] = (turns[name] ?? -1) + 1;
    const answer = all[Math.min(turn, all.length - 1)];
    if (answer === undefined) throw new Error(`no answer for ${name}`);
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer(command.input) : answer;
  };
  return { sent, fake: { send } };
}

const failed = (name: string, message: string, status = 400) => Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
const calls = () => new Calls(Date.now() + 60_000);
const noWait = async () => undefined;

describe('failures become statuses', () => {
  const look = (error: Error) => new Calls(Date.now() + 1000).look('lambda:GetFunctionConfiguration', async () => { throw error; });

  test.each([
    ['AccessDeniedException', 'User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: logs:StartQuery on resource: arn', 'ACCESS_DENIED', 'logs:StartQuery'],
    ['AccessDenied', 'Access Denied', 'ACCESS_DENIED', 'lambda:GetFunctionConfiguration'],
    ['TimeoutError', 'socket', 'TIMED_OUT', undefined],
    ['AbortError', 'aborted', 'TIMED_OUT', undefined],
    ['ResourceNotFoundException', 'Function not found', 'NO_DATA', undefined],
    ['InvalidAction', 'Unknown action: GetInsightRuleReport', 'NOT_AVAILABLE', undefined],
    ['ServiceException', 'oops', 'ERROR', undefined],
  ])('%s', async (name, message, status, action) => {
    const result = await look(failed(name, message));
    expect(result.status).toBe(status);
    expect(result.action).toBe(action);
  });

  test('after the deadline nothing is asked', async () => {
    let asked = false;
    const result = await new Calls(Date.now() - 1).look('x:Y', async () => { asked = true; return { status: 'OK' as const }; });
    expect([result.status, asked]).toEqual(['TIMED_OUT', false]);
  });
});

describe('metrics', () => {
  const query = (id: string) => ({ id, namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'f' }, statistic: 'Sum', period: 60 });

  test('all series of a span in one call without expressions; pages are joined; each has its own status', async () => {
    const { sent, fake } = client({
      GetMetricData: [
        { MetricDataResults: [{ Id: 'q0', StatusCode: 'PartialData', Timestamps: [new Date(at - 60_000)], Values: [4] }], NextToken: 'more' },
        {
          MetricDataResults: [
            { Id: 'q0', StatusCode: 'Complete', Timestamps: [new Date(at - 120_000)], Values: [3] },
            { Id: 'q1', StatusCode: 'Complete', Timestamps: [], Values: [] },
            { Id: 'q2', StatusCode: 'Forbidden' },
          ],
        },
      ],
    });
    const counted = calls();
    const looks = await metricCalls(counted, fake).metrics([query('a'), query('b'), query('c')], span);
    expect(looks.a).toEqual({ status: 'OK', data: [{ time: at - 120_000, value: 3 }, { time: at - 60_000, value: 4 }] });
    expect(looks.b.status).toBe('NO_DATA');
    expect(looks.c).toMatchObject({ status: 'ACCESS_DENIED', action: 'cloudwatch:GetMetricData' });
    expect(sent.map(({ input }) => input.NextToken)).toEqual([undefined, 'more']);
    expect(JSON.stringify(sent)).not.toContain('Expression');
    expect(counted.usage.apiCalls).toBe(2);
  });

  test('a refusal is the status of every series', async () => {
    const { fake } = client({ GetMetricData: failed('AccessDenied', 'no', 403) });
    expect(await metricCalls(calls(), fake).metrics([query('a'), query('b')], span)).toMatchObject({ a: { status: 'ACCESS_DENIED' }, b: { status: 'ACCESS_DENIED' } });
  });

  test('the alarm\'s history, oldest first', async () => {
    const item = (minutes: number, to: string) => ({
      Timestamp: new Date(at - minutes * 60_000), HistoryData: JSON.stringify({ version: '1.0', oldState: { stateValue: 'OK' }, newState: { stateValue: to } }),
    });
    const { fake } = client({ DescribeAlarmHistory: { AlarmHistoryItems: [item(1, 'ALARM'), item(9, 'OK'), { HistoryData: 'no JSON' }] } });
    expect((await metricCalls(calls(), fake).alarmHistory('a', span)).data).toEqual([
      { at: at - 540_000, from: 'OK', to: 'OK' }, { at: at - 60_000, from: 'OK', to: 'ALARM' },
    ]);
  });
});

describe('logs', () => {
  const row = (message: string, time = '2026-11-20 09:55:00.123') => [{ field: '@timestamp', value: time }, { field: '@message', value: message }, { field: '@ptr', value: 'p' }];
  const query = { group: '/aws/lambda/f', span, match: ERROR_WORDS, limit: 2 };

  test('waits through Scheduled and Running, asks one group, reads UTC times, adds up the bytes', async () => {
    const { sent, fake } = client({
      StartQuery: { queryId: 'q' },
      GetQueryResults: [{ status: 'Scheduled' }, { status: 'Running' }, { status: 'Complete', results: [row('ERROR a')], statistics: { bytesScanned: 1234 } }],
    });
    const counted = calls();
    const look = await logCalls(counted, fake, noWait).logLines(query);
    expect(look).toEqual({ status: 'OK', data: { lines: [{ time: at - 300_000 + 123, message: 'ERROR a' }], total: 1, sampled: false } });
    expect(sent[0].input).toMatchObject({ logGroupName: '/aws/lambda/f', startTime: span.start / 1000, endTime: span.end / 1000 });
    expect(sent[0].input.logGroupNames).toBeUndefined();
    expect(counted.usage).toEqual({ apiCalls: 4, logBytesScanned: 1234 });
  });

  test('counts what it did not read, where `stats` is answered, and says so where it is not', async () => {
    const full = { status: 'Complete', results: [row('ERROR a'), row('ERROR b')] };
    const counting = (answer: object) => logCalls(calls(), client({ StartQuery: { queryId: 'q' }, GetQueryResults: [full, answer] }).fake, noWait).logLines(query);
    expect((await counting({ status: 'Complete', results: [[{ field: 'lines', value: '40000' }]] })).data).toMatchObject({ total: 40000, sampled: false });
    // A cloud that ignores `stats` returns plain events.
    expect((await counting(full)).data).toMatchObject({ total: 2, sampled: true });
  });

  test('an answer without the fields that were asked for is an error, no line is no data', async () => {
    const answer = (results: object[]) => logCalls(calls(), client({ StartQuery: { queryId: 'q' }, GetQueryResults: { status: 'Complete', results } }).fake, noWait).logLines(query);
    expect((await answer([[{ field: 'x', value: 'y' }]])).status).toBe('ERROR');
    expect((await answer([])).status).toBe('NO_DATA');
  });

  test('stops the query at the deadline', async () => {
    const { sent, fake } = client({ StartQuery: { queryId: 'q' }, GetQueryResults: { status: 'Running' }, StopQuery: { success: true } });
    let now = 0;
    const late = new Calls(3000, () => now);
    const look = await logCalls(late, fake, async (ms) => { now += ms; }).logLines(query);
    expect(look.status).toBe('TIMED_OUT');
    expect(sent.at(-1)).toMatchObject({ name: 'StopQuery', input: { queryId: 'q' } });
  });

  test('names the missing action', async () => {
    const { fake } = client({ StartQuery: { queryId: 'q' }, GetQueryResults: failed('AccessDeniedException', 'User x is not authorized to perform: logs:GetQueryResults') });
    expect(await logCalls(calls(), fake, noWait).logLines(query)).toMatchObject({ status: 'ACCESS_DENIED', action: 'logs:GetQueryResults' });
  });
});

describe('changes', () => {
  const event = (name: string, record: object) => ({ EventName: name, EventTime: new Date(at - 60_000), Username: 'deployer', CloudTrailEvent: JSON.stringify(record) });

  test('are looked up by resource, one after the other, half a second apart', async () => {
    const waits: number[] = [];
    const { fake } = client({ LookupEvents: { Events: [event('UpdateFunctionCode20150331v2', { readOnly: false, requestParameters: { functionName: 'f' } })] } });
    const port = changeCalls(calls(), fake, async (ms) => { waits.push(ms); });
    const [look] = await Promise.all([port.changes({ type: 'function', resource: 'f', span }), port.changes({ type: 'function', resource: 'g', span })]);
    expect(look.data).toEqual([{
      at: at - 60_000, event: 'UpdateFunctionCode20150331v2', resource: 'f', readOnly: false, user: 'deployer', request: { functionName: 'f' },
    }]);
    expect(waits[0]).toBe(500);
  });

  test('read-only comes as a boolean or as a text; an environment never comes along', async () => {
    const { fake } = client({
      LookupEvents: {
        Events: [
          event('A', { readOnly: 'false', requestParameters: { timeout: 3, environment: { variables: { PASSWORD: 'hunter2' } } } }),
          event('B', { readOnly: 'true' }), { ...event('C', {}), ReadOnly: 'true' },
        ],
      },
    });
    const { data } = await changeCalls(calls(), fake, noWait).changes({ type: 'function', resource: 'f', span });
    expect(data!.map(({ readOnly }) => readOnly)).toEqual([false, true, true]);
    expect(data![0].request).toEqual({ timeout: 3 });
  });

  test('of an API are picked by its id; refusals keep their code; endless pages are incomplete', async () => {
    const { sent, fake } = client({
      LookupEvents: { Events: [event('CreateDeployment', { requestParameters: { restApiId: 'a1' }, errorCode: 'AccessDenied' }), event('CreateDeployment', { requestParameters: { restApiId: 'b2' } })], NextToken: 'more' },
    });
    const look = await changeCalls(calls(), fake, noWait).changes({ type: 'api', resource: 'a1', span });
    expect(look.status).toBe('INCOMPLETE');
    expect(look.data).toHaveLength(4);
    expect(look.data![0]).toMatchObject({ resource: 'a1', errorCode: 'AccessDenied' });
    expect(sent[0].input.LookupAttributes).toEqual([{ AttributeKey: 'EventSource', AttributeValue: 'apigateway.amazonaws.com' }]);
  });
});

describe('configuration', () => {
  test('a function\'s, without its environment', async () => {
    const { fake } = client({
      GetFunctionConfiguration: {
        Timeout: 10, MemorySize: 256, State: 'Active', LoggingConfig: { LogFormat: 'JSON', LogGroup: '/my/group' }, Environment: { Variables: { PASSWORD: 'hunter2' } },
      },
      GetFunctionConcurrency: { ReservedConcurrentExecutions: 0 },
      ListVersionsByFunction: [
        { Versions: [{ Version: '$LATEST', LastModified: '2026-11-20T09:00:00.000+0000' }, { Version: '10', LastModified: '2026-11-20T09:00:00.000+0000' }], NextMarker: 'm' },
        { Versions: [{ Version: '9', LastModified: '2026-11-10T09:00:00.000+0000', Environment: { Variables: { PASSWORD: 'hunter2' } } }] },
      ],
      ListAliases: { Aliases: [{ Name: 'live', FunctionVersion: '10', RoutingConfig: { AdditionalVersionWeights: { 9: 0.9 } } }] },
      GetFunctionEventInvokeConfig: failed('ResourceNotFoundException', 'none'),
    });
    const port = lambdaCalls(calls(), fake);
    const configuration = await port.functionConfiguration('f');
    const versions = await port.functionVersions('f');
    expect(configuration.data).toEqual({ timeout: 10, memory: 256, state: 'Active', logGroup: '/my/group', logFormat: 'JSON' });
    expect(versions.data!.versions.map(({ version }) => version)).toEqual(['9', '10']);
    expect(versions.data!.aliases).toEqual({ live: { version: '10', weights: { 9: 0.9 } } });
    expect((await port.functionConcurrency('f')).data).toEqual({ reserved: 0 });
    expect((await port.functionAsync('f')).status).toBe('NO_DATA');
    expect(JSON.stringify([configuration, versions])).not.toContain('hunter2');
  });

  test('a table\'s; zero is on-demand and -1 no maximum', async () => {
    const { fake } = client({
      DescribeTable: {
        Table: {
          TableStatus: 'ACTIVE',
          BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
          ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
          OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 100 },
          GlobalSecondaryIndexes: [{ IndexName: 'i', IndexStatus: 'CREATING', Backfilling: true }],
        },
      },
    });
    expect((await tableCalls(calls(), fake, fake).table('t')).data).toEqual({
      status: 'ACTIVE', billing: 'PAY_PER_REQUEST', maximum: { write: 100 }, indexes: { i: { status: 'CREATING', backfilling: true } },
    });
  });

  test('Contributor Insights: throttled and accessed keys apart, hashed; off is not configured', async () => {
    const rules = ['DynamoDBContributorInsights-PKC-t-1', 'DynamoDBContributorInsights-PKT-t-1'];
    const on = client({
      DescribeContributorInsights: { ContributorInsightsStatus: 'ENABLED', ContributorInsightsRuleList: rules },
      GetInsightRuleReport: { AggregateValue: 100, Contributors: [{ Keys: ['customer-4711'], ApproximateAggregateValue: 60 }] },
    });
    const look = await tableCalls(calls(), on.fake, on.fake).capacityKeys({ table: 't', which: 'THROTTLED', span });
    expect(look.data).toEqual({ total: 100, keys: [{ key: expect.stringMatching(/^key-[0-9a-f]{10}$/), count: 60 }] });
    expect(on.sent.at(-1)!.input.RuleName).toBe(rules[1]);
    await tableCalls(calls(), on.fake, on.fake).capacityKeys({ table: 't', index: 'i', which: 'THROTTLED', span });
    expect(on.sent.at(-2)!.input).toEqual({ TableName: 't', IndexName: 'i' });
    const bare = client({ DescribeContributorInsights: { ContributorInsightsStatus: 'ENABLED', ContributorInsightsRuleList: [] } });
    expect((await tableCalls(calls(), bare.fake, bare.fake).capacityKeys({ table: 't', which: 'THROTTLED', span })).status).toBe('NOT_AVAILABLE');
    const off = client({ DescribeContributorInsights: { ContributorInsightsStatus: 'DISABLED' } });
    expect((await tableCalls(calls(), off.fake, off.fake).capacityKeys({ table: 't', which: 'ACCESSED', span })).status).toBe('NOT_CONFIGURED');
  });

  test('an API stage\'s, with the longest integration timeout', async () => {
    const { fake } = client({
      GetStage: { deploymentId: 'd', accessLogSettings: { destinationArn: 'arn:aws:logs:eu-west-1:1:log-group:access:*' } },
      GetDeployment: { createdDate: new Date(at) },
      GetResources: {
        items: [
          { resourceMethods: { GET: { methodIntegration: { timeoutInMillis: 5000 } }, POST: { methodIntegration: { timeoutInMillis: 29000 } } } },
          {},
        ],
      },
    });
    expect((await apiCalls(calls(), fake).api({ name: 'orders', stage: 'prod', apiId: 'a1' })).data)
      .toEqual({ apiId: 'a1', protocol: 'REST', accessLogGroup: 'access', integrationTimeout: 29000, deployedAt: at });
  });
});

describe('services', () => {
  const hour = at - 3_600_000;
  const source = 'abc';
  const later = at - 60_000;
  const data = new Map([['errors', { timestamps: [later, later + 1000, hour], values: [3, 4, 99] }]]);
  const head = ledgerItem(source, { bucket: 'b', key: 'app.log', generation: 'g1', etag: 'e', eventTime: at, expires: at, parts: [], stale: [], older: [], chunks: 0, done: false, version: 'v' });
  const objects: Record<string, string> = {
    'app.log': [
      { service: 'checkout', timestamp: new Date(later).toISOString(), level: 'error', message: 'no price', metrics: { errors: 3 } },
      { service: 'other', timestamp: new Date(later).toISOString(), metrics: { errors: 3 } },
      { service: 'checkout', timestamp: new Date(hour - 1).toISOString(), metrics: { errors: 3 } },
    ].map((line) => JSON.stringify(line)).join('\n'),
    'quarantine/abc/g1.ndjson': '{"bucket":"b","key":"app.log"}\n{"reason":"not_json","line":4}\n{"reason":"too_old","more":10}\n',
  };
  const dynamodb = client({
    Query: ({ ProjectionExpression }: { ProjectionExpression?: string }) => ({
      Items: [ProjectionExpression ? { sk: { S: `09#${source}#0` } } : { ...partItem({ service: 'checkout', hour: at - 3_600_000, n: 0 }, source, 'g1', 63, encodePart(data)), ttl: { N: String(Date.now()) } }],
    }),
    GetItem: { Item: head },
  }).fake;
  const s3 = client({
    GetObject: ({ Key }: { Key: string }) => {
      if (!objects[Key]) throw failed('NoSuchKey', 'gone', 404);
      return { Body: (async function* () { yield Buffer.from(objects[Key]); })() };
    },
  }).fake;
  const port: Pick<Port, 'serviceSamples' | 'serviceQuarantine' | 'serviceLines'> =
    serviceCalls(calls(), { dynamodb, s3, table: 't', bucket: 'b', quarantinePrefix: 'quarantine/' });

  test('lines of the service itself in the span, and what was quarantined of the same objects', async () => {
    expect((await port.serviceLines({ service: 'checkout', span, limit: 10 })).data!.lines).toEqual([
      { time: later, message: expect.stringContaining('no price') },
    ]);
    expect(await port.serviceQuarantine({ service: 'checkout', span })).toEqual({ status: 'OK', data: 11 });
  });

  test('stored samples of the span, a point a minute', async () => {
    expect(await port.serviceSamples({ service: 'checkout', metric: 'errors', span })).toEqual({
      status: 'OK', data: { points: [{ time: later, count: 2, sum: 7, min: 3, max: 4 }] },
    });
    expect((await port.serviceSamples({ service: 'checkout', metric: 'cpu', span })).status).toBe('NO_DATA');
  });

  test('without table and bucket it is not configured', async () => {
    const bare = serviceCalls(calls(), { dynamodb, s3 });
    expect((await bare.serviceSamples({ service: 'checkout', metric: 'errors', span })).status).toBe('NOT_CONFIGURED');
    expect((await bare.serviceLines({ service: 'checkout', span, limit: 1 })).status).toBe('NOT_CONFIGURED');
  });
});
