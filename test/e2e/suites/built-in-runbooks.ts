import { Environment } from '../environment';

interface Evidence { readonly kind: string; readonly status: string; readonly summary: string }

const ofKind = (report: any, kind: string): Evidence[] => report.result.evidence.filter((evidence: Evidence) => evidence.kind === kind);
const summaries = (evidence: Evidence[]) => evidence.map(({ summary }) => summary).join('\n');

/** One alarm for each built-in runbook, and the evidence that the product promises of it. */
export function builtInRunbooks(deployed: () => Environment) {
  describe('built-in runbooks', () => {
    test('lambda-error analyses real failures, checks throttles and time-outs', async () => {
      const environment = deployed();
      const { FailingFunctionName } = environment.outputs;
      for (let failures = 0; failures < 6; failures += 1) await environment.invoke(FailingFunctionName, { fail: true });
      // The local cloud looks at its alarms when data is put.
      await environment.putMetric('EndToEnd', 'Tick', [1]);
      const report = await environment.report(environment.alarms['EndToEnd/Failing/Errors']);

      expect(report).toMatchObject({ runbook: 'lambda-error', result: { verdict: { ruleId: expect.stringMatching(/^LE-\d\d$/) } } });
      expect(summaries(ofKind(report, 'LOG'))).toContain('TypeError');
      expect(summaries(ofKind(report, 'METRIC'))).toMatch(/throttle/i);
      expect(summaries(report.result.evidence)).toMatch(/time-?out/i);
    });

    test('high-error-rate reads recent error logs and the error rate', async () => {
      const environment = deployed();
      const dimensions = { ApiName: environment.outputs.OrdersApiName, Stage: 'prod' };
      await environment.putMetric('AWS/ApiGateway', 'Count', Array(20).fill(1), dimensions);
      await environment.putMetric('AWS/ApiGateway', '5XXError', Array(12).fill(1), dimensions);
      const report = await environment.report(environment.alarms['EndToEnd/Orders/ServerErrors']);

      expect(report).toMatchObject({ runbook: 'high-error-rate', result: { verdict: { ruleId: expect.stringMatching(/^HE-\d\d$/) } } });
      expect(summaries(ofKind(report, 'LOG'))).toContain('TypeError');
      expect(ofKind(report, 'METRIC').filter(({ status }) => status === 'OK').length).toBeGreaterThan(0);
    });

    test('high-latency reads latency percentiles', async () => {
      const environment = deployed();
      const [, , stage] = /^https:\/\/([^.]+)[^/]+\/([^/]+)/.exec(environment.outputs.ApiUrl)!;
      const dimensions = { ApiName: environment.outputs.MetricsApiName, Stage: stage };
      await environment.putMetric('AWS/ApiGateway', 'Latency', Array(30).fill(9000), dimensions);
      const report = await environment.report(environment.alarms['MetricsApi/Latency']);

      expect(report).toMatchObject({ runbook: 'high-latency', result: { verdict: { ruleId: expect.stringMatching(/^HL-\d\d$/) } } });
      expect(summaries(ofKind(report, 'METRIC'))).toMatch(/p(50|90|99)/);
    });

    test('dynamodb-throttling reads capacity, throttle reasons and hot keys', async () => {
      const environment = deployed();
      const dimensions = { TableName: environment.outputs.CartsTableName };
      await environment.putMetric('AWS/DynamoDB', 'WriteThrottleEvents', [30], dimensions);
      await environment.putMetric('AWS/DynamoDB', 'WriteKeyRangeThroughputThrottleEvents', [30], dimensions);
      await environment.putMetric('AWS/DynamoDB', 'ConsumedWriteCapacityUnits', [900], dimensions);
      // The local cloud evaluates no metric math: the state is set.
      await environment.setAlarm(environment.alarms['EndToEnd/Carts/Throttles'], 'ALARM');
      const report = await environment.report(environment.alarms['EndToEnd/Carts/Throttles']);

      expect(report).toMatchObject({ runbook: 'dynamodb-throttling', result: { verdict: { ruleId: expect.stringMatching(/^DT-\d\d$/) } } });
      expect(summaries(ofKind(report, 'CONFIG'))).toMatch(/capacity|on-demand|billing/i);
      expect(summaries(ofKind(report, 'METRIC'))).toMatch(/key.?range/i);
      expect(ofKind(report, 'KEY').length).toBeGreaterThan(0);
    });
  });
}
