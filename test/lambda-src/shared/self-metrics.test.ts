import { selfMetricLine } from '../../../lambda-src/shared/self-metrics';

test('a metric of the alert path is told by its executor, which may be without a metrics table', () => {
  expect(JSON.parse(selfMetricLine('UnconfirmedSubscriptions', 2, 'executor', 0))).toEqual({
    _aws: { Timestamp: 0, CloudWatchMetrics: [{ Namespace: 'ServerlessMonitoring', Dimensions: [['RunbookExecutor']], Metrics: [{ Name: 'UnconfirmedSubscriptions', Unit: 'Count' }] }] },
    RunbookExecutor: 'executor',
    UnconfirmedSubscriptions: 2,
  });
});
