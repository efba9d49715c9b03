import { Duration } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmSeverity } from './alarm-severity';
import { AlertingWithRunbooks } from './alerting-with-runbooks';
import { LogIngestion } from '../log-ingestion';
import { MetricsApi } from '../metrics-api';
import { MetricsStore } from '../metrics-store';

/** The parts of a deployment that watches itself. */
export interface WatchedParts {
  readonly metricsStore: MetricsStore;
  readonly logIngestion: LogIngestion;
  readonly metricsApi: MetricsApi;
}

const period = Duration.minutes(5);
/** Who sends once a day shall not be told every day that nothing came since. */
const SILENCE = Duration.hours(26);
const ofOurs = { ownPart: true, evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING };

/** Alarms on the library's own parts, investigated by the same runbooks as everybody's. */
export function watchParts(alerting: AlertingWithRunbooks, parts: WatchedParts) {
  const { metricsStore, logIngestion, metricsApi } = parts;
  alerting._monitors.showTable(metricsStore.table);
  alerting._createAlarm({
    ...ofOurs,
    key: 'MetricsStore/Throttles',
    metric: metricsStore.metricWriteThrottles({ period }),
    sentence: 'Writes to the metrics table are throttled: metrics arrive late.',
    severity: AlarmSeverity.HIGH,
    threshold: 5,
    page: 'dynamodb-throttling',
    runbook: 'dynamodb-throttling',
    targets: [{ type: 'table', name: metricsStore.table.tableName }],
  });
  alerting._createAlarm({
    ...ofOurs,
    key: 'MetricsStore/FinalDays',
    metric: metricsStore.metricFinalDays({ period: Duration.hours(1) }),
    sentence: 'Samples came for a day some of whose own had expired: its figures stay without them.',
    severity: AlarmSeverity.LOW,
    threshold: 1,
    page: 'general',
  });
  alerting._createAlarm({
    ...ofOurs,
    key: 'LogIngestion/NewestSample',
    // Told every hour, so two hours always hold one; not told at all before the first sample, nor after a week of silence.
    metric: metricsStore.metricNewestSampleAge({ period: Duration.hours(2) }),
    sentence: 'No service has sent a metric for more than a day.',
    severity: AlarmSeverity.LOW,
    threshold: SILENCE.toSeconds(),
    page: 'general',
  });
  alerting._monitors.function(metricsStore.dayRoller, 'MetricsStore', {}, true);
  alerting._monitors.function(logIngestion.processor, 'LogIngestion', {}, true);
  alerting._monitors.api(metricsApi.restApi, 'MetricsApi', { serverErrorThreshold: 1, functions: [metricsApi.handler] }, true);
  alerting._createAlarm({
    ...ofOurs,
    key: 'LogIngestion/DeadLetters',
    metric: logIngestion.metricDeadLetters({ period }),
    sentence: 'Log objects could not be read and wait in the dead-letter queue.',
    severity: AlarmSeverity.HIGH,
    threshold: 1,
    page: 'general',
  });
  alerting._createAlarm({
    ...ofOurs,
    key: 'LogIngestion/QuarantinedLines',
    metric: logIngestion.metricQuarantinedLines({ period, statistic: Stats.SUM }),
    sentence: 'Log lines could not be stored; the quarantine in the log bucket tells why.',
    severity: AlarmSeverity.LOW,
    threshold: 1,
    page: 'general',
  });
  alerting._createAlarm({
    ...ofOurs,
    key: 'MetricsApi/Latency',
    metric: metricsApi.metricLatency({ period }),
    sentence: 'The slowest hundredth of the metrics API\'s answers takes too long.',
    severity: AlarmSeverity.MEDIUM,
    threshold: 5000,
    evaluationPeriods: 3,
    page: 'high-latency',
  });
  alerting._createAlarm({
    ...ofOurs,
    key: 'MetricsApi/Throttles',
    metric: metricsApi.metricThrottles({ period }),
    sentence: 'Requests to the metrics API are refused: its function may not run so often at once.',
    severity: AlarmSeverity.MEDIUM,
    threshold: 5,
    page: 'lambda-error',
  });
}
