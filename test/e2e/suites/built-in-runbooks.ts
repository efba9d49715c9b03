import { Environment } from '../environment';

interface Evidence { readonly id: string; readonly kind: string; readonly status: string; readonly summary: string }

/** What the run of a report has seen, as the incident table holds it: a report shows only some of it. */
async function evidenceOf(environment: Environment, report: any): Promise<Evidence[]> {
  const { runs } = await environment.incident(report.incident.id);
  return JSON.parse(runs[0].evidence);
}

const summaries = (evidence: Evidence[], kind?: string) =>
  evidence.filter((item) => !kind || item.kind === kind).map(({ status, summary }) => `${status}: ${summary}`).join('\n');

/** Roles suffice, and nothing broke. What the local cloud does not have is NOT_AVAILABLE, not an error. */
const broken = (evidence: Evidence[]) => evidence.filter(({ status }) => ['ACCESS_DENIED', 'ERROR', 'TIMED_OUT'].includes(status));

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
      const evidence = await evidenceOf(environment, report);

      expect(report).toMatchObject({ runbook: 'lambda-error', result: { verdict: { ruleId: expect.stringMatching(/^LE-\d\d$/) } } });
      expect(summaries(evidence, 'LOG')).toContain('TypeError');
      expect(summaries(evidence, 'METRIC')).toMatch(/throttle/i);
      // Neither throttled by the account's limit, nor timed out.
      expect(report.result.ruledOut.map(({ ruleId }: any) => ruleId)).toEqual(expect.arrayContaining(['LE-02', 'LE-05']));
      expect(broken(evidence)).toEqual([]);
    });

    test('high-error-rate reads recent error logs and the error rate', async () => {
      const environment = deployed();
      const dimensions = { ApiName: environment.outputs.OrdersApiName, Stage: 'prod' };
      await environment.putMetric('AWS/ApiGateway', 'Count', Array(20).fill(1), dimensions);
      await environment.putMetric('AWS/ApiGateway', '5XXError', Array(12).fill(1), dimensions);
      const report = await environment.report(environment.alarms['EndToEnd/Orders/ServerErrors']);
      const evidence = await evidenceOf(environment, report);

      expect(report).toMatchObject({ runbook: 'high-error-rate', result: { verdict: { ruleId: expect.stringMatching(/^HE-\d\d$/) } } });
      expect(summaries(evidence, 'LOG')).toContain('TypeError');
      expect(summaries(evidence, 'METRIC')).toMatch(/^OK: /m);
      expect(broken(evidence)).toEqual([]);
    });

    test('high-latency reads latency percentiles', async () => {
      const environment = deployed();
      const [, , stage] = /^https:\/\/([^.]+)[^/]+\/([^/]+)/.exec(environment.outputs.ApiUrl)!;
      const dimensions = { ApiName: environment.outputs.MetricsApiName, Stage: stage };
      await environment.putMetric('AWS/ApiGateway', 'Latency', Array(30).fill(9000), dimensions);
      const report = await environment.report(environment.alarms['MetricsApi/Latency']);
      const evidence = await evidenceOf(environment, report);

      expect(report).toMatchObject({ runbook: 'high-latency', result: { verdict: { ruleId: expect.stringMatching(/^HL-\d\d$/) } } });
      for (const percentile of ['P50', 'P90', 'P99']) expect(summaries(evidence, 'METRIC')).toMatch(new RegExp(`^OK: ${percentile} of the latency`, 'm'));
      expect(broken(evidence)).toEqual([]);
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
      const evidence = await evidenceOf(environment, report);

      expect(report).toMatchObject({ runbook: 'dynamodb-throttling', result: { verdict: { ruleId: expect.stringMatching(/^DT-\d\d$/) } } });
      expect(summaries(evidence, 'CONFIG')).toMatch(/capacity|on-demand|billing/i);
      expect(summaries(evidence, 'METRIC')).toMatch(/key.?range/i);
      expect(evidence.map(({ kind }) => kind)).toContain('KEY');
      expect(broken(evidence)).toEqual([]);
    });
  });
}
