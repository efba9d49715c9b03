import { Calls } from '../../../lambda-src/runbooks/framework/aws/calls';
import { changeCalls } from '../../../lambda-src/runbooks/framework/aws/changes';
import { lambdaCalls } from '../../../lambda-src/runbooks/framework/aws/lambda';
import { globalRegion } from '../../../lambda-src/runbooks/framework/aws/port';
import { parseReport } from '../../../lambda-src/runbooks/framework/report-line';
import { lambdaError } from '../../../lambda-src/runbooks/lambda-error/definition';
import { runScenario } from '../../../lambda-src/scenarios/run-scenario';

describe('the report of an invocation', () => {
  test('in the text format, with a cold start', () => {
    expect(parseReport('REPORT RequestId: 8f5a\tDuration: 102.25 ms\tBilled Duration: 103 ms\tMemory Size: 256 MB\tMax Memory Used: 80 MB\tInit Duration: 150.10 ms\t\n'))
      .toEqual({ duration: 102.25, memory: 256, usedMemory: 80, init: 150.1 });
  });

  test('in the text format, of a call that failed', () => {
    expect(parseReport('REPORT RequestId: 8f5a\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB\tStatus: error\tError Type: Runtime.OutOfMemory'))
      .toEqual({ duration: 3000, memory: 128, usedMemory: 128, status: 'error', errorType: 'Runtime.OutOfMemory' });
  });

  test('in the JSON format', () => {
    const metrics = { durationMs: 12.5, billedDurationMs: 13, memorySizeMB: 128, maxMemoryUsedMB: 70, initDurationMs: 90 };
    expect(parseReport(JSON.stringify({ time: '2026-11-20T10:00:00Z', type: 'platform.report', record: { requestId: 'r', status: 'success', metrics } })))
      .toEqual({ duration: 12.5, memory: 128, usedMemory: 70, init: 90, status: 'success' });
  });

  test.each([
    'the REPORT RequestId: 8f5a\tDuration: 1 ms\tMemory Size: 1 MB\tMax Memory Used: 1 MB',
    'REPORT RequestId: 8f5a\tDuration: 102.25 ms\tBilled Dur',
    '{"type":"platform.report","record":{"metrics":{"durationMs":null}}}',
    '{"type":"platform.report"',
    '{"message":"platform.report"}',
  ])('is not: %s', (line) => expect(parseReport(line)).toBeUndefined());
});

describe('several functions behind one alarm', () => {
  const world = (other: object) => ({
    title: 'two functions',
    runbook: 'lambda-error',
    alarm: { namespace: 'AWS/Lambda', metric: 'Errors', threshold: 5, at: '2026-11-20T10:00:00Z' },
    targets: [{ type: 'function', name: 'a-fn' }, { type: 'function', name: 'b-fn' }],
    world: {
      metrics: ['a-fn', 'b-fn'].flatMap((name, index) => [
        { metric: 'AWS/Lambda/Throttles', dimensions: { FunctionName: name }, values: { '-8d..-12m': 0, '-12m..+5m': 100 * (index + 1) } },
        { metric: 'AWS/Lambda/ConcurrentExecutions', dimensions: { FunctionName: name }, statistic: 'Maximum', values: { '-8d..+5m': 10 } },
      ]),
      functions: { 'a-fn': { reservedConcurrency: 10 }, 'b-fn': { reservedConcurrency: 10, ...other } },
    },
    expect: { rule: 'LE-01' },
  });

  test('are told together where the same holds for both, the one that fails most first', async () => {
    const { result, differences } = await runScenario(world({}), lambdaError);
    expect(differences).toEqual([]);
    expect(result.summary).toMatch(/calls of b-fn were throttled.*The same holds for a-fn\./);
    expect(result.findings[0].evidence).toEqual(expect.arrayContaining(['concurrency.a-fn', 'concurrency.b-fn']));
  });

  test('rule out only what is so for none of them', async () => {
    const { result } = await runScenario(world({ reservedConcurrency: 100 }), lambdaError);
    expect(result.verdict.ruleId).toBe('LE-01');
    expect(result.summary).toMatch(/calls of a-fn were throttled/);
    expect(result.ruledOut.map(({ ruleId }) => ruleId)).toContain('LE-04');
  });
});

describe('what AWS is asked for', () => {
  const calls = () => new Calls(Date.now() + 60_000);
  const client = (answers: Record<string, object | Error>) => ({
    send: async ({ constructor: { name } }: { constructor: { name: string } }) => {
      const answer = answers[name.replace(/Command$/, '')];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  }) as any;

  test('a dead-letter queue keeps failed events also where asynchronous calls are not configured', async () => {
    const none = Object.assign(new Error('none'), { name: 'ResourceNotFoundException' });
    const queue = 'arn:aws:sqs:eu-west-1:123456789012:dlq';
    const answers = { GetFunctionConfiguration: { DeadLetterConfig: { TargetArn: queue } }, GetFunctionEventInvokeConfig: none };
    const port = lambdaCalls(calls(), client(answers));
    expect(await port.functionAsync('f')).toEqual({ status: 'OK', data: { deadLetterTarget: queue } });
  });

  test('a refused look at asynchronous calls is not taken for none', async () => {
    const refused = Object.assign(new Error('not authorized to perform: lambda:GetFunctionEventInvokeConfig'), { name: 'AccessDeniedException' });
    const port = lambdaCalls(calls(), client({ GetFunctionConfiguration: {}, GetFunctionEventInvokeConfig: refused }));
    expect(await port.functionAsync('f')).toMatchObject({ status: 'ACCESS_DENIED', action: 'lambda:GetFunctionEventInvokeConfig' });
  });

  test("a role's changes in the region that records IAM, everything else here", async () => {
    const here = client({ LookupEvents: { Events: [{ EventName: 'UpdateFunctionCode' }] } });
    const there = client({ LookupEvents: { Events: [{ EventName: 'PutRolePolicy' }] } });
    const port = changeCalls(calls(), here, async () => undefined, there);
    const span = { start: 0, end: 1 };
    const [role, fn] = await Promise.all([port.changes({ type: 'role', resource: 'r', span }), port.changes({ type: 'function', resource: 'f', span })]);
    expect([role.data![0].event, fn.data![0].event]).toEqual(['PutRolePolicy', 'UpdateFunctionCode']);
    expect(['eu-west-1', 'cn-northwest-1', 'us-gov-east-1'].map(globalRegion)).toEqual(['us-east-1', 'cn-north-1', 'us-gov-west-1']);
  });
});
