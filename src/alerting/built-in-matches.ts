import { AlarmMatcher } from './alarm-matcher';
import { SERVICE_NAMESPACE } from '../private/shared/service-alarms';

const metrics = (namespace: string, names: string[]) => names.map((name) => AlarmMatcher.metric(namespace, name));

/** The eight metrics that tell why DynamoDB throttled, beside the three that tell that it did. */
const THROTTLE_METRICS = [
  'ThrottledRequests', 'ReadThrottleEvents', 'WriteThrottleEvents',
  'ReadProvisionedThroughputThrottleEvents', 'WriteProvisionedThroughputThrottleEvents',
  'ReadKeyRangeThroughputThrottleEvents', 'WriteKeyRangeThroughputThrottleEvents',
  'ReadMaxOnDemandThroughputThrottleEvents', 'WriteMaxOnDemandThroughputThrottleEvents',
  'ReadAccountLimitThrottleEvents', 'WriteAccountLimitThrottleEvents',
];

/** What alarms each built-in runbook is for, where nobody says otherwise. */
export const BUILT_IN_MATCHES: { [runbook: string]: AlarmMatcher[] } = {
  'high-error-rate': [
    ...metrics('AWS/ApiGateway', ['5XXError', '4XXError', '5xx', '4xx']),
    AlarmMatcher.namespace(SERVICE_NAMESPACE),
  ],
  'high-latency': [
    ...metrics('AWS/ApiGateway', ['Latency', 'IntegrationLatency']),
    ...metrics('AWS/Lambda', ['Duration']),
  ],
  'lambda-error': metrics('AWS/Lambda', [
    'Errors', 'Throttles', 'Async*', 'IteratorAge', 'DeadLetterErrors', 'DestinationDeliveryFailures', 'DroppedEventCount', 'RecursiveInvocationsDropped',
  ]),
  'dynamodb-throttling': metrics('AWS/DynamoDB', THROTTLE_METRICS),
  'general': [AlarmMatcher.any()],
};
