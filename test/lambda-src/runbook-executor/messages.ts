/** Messages in the shapes that were recorded, about the alarm `checkout-errors` unless a test says otherwise. */

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const arnOf = (name: string) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`;

export interface Change {
  readonly name?: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly from?: string;
  /** ISO 8601, in UTC with milliseconds. */
  readonly at: string;
  readonly reason?: string;
}

/** CloudWatch's message on AWS, inside the SNS envelope that SQS holds. */
export function snsMessage(change: Change, extra: object = {}): string {
  return envelope(rawMessage(change, extra));
}

/** The same as raw delivery brings it. */
export function rawMessage({ name = 'checkout-errors', state, from = 'OK', at, reason = 'Threshold Crossed: 1 datapoint [7.0] > 5.0' }: Change, extra: object = {}): string {
  return JSON.stringify({
    AlarmName: name,
    AlarmDescription: 'Errors of checkout',
    AWSAccountId: ACCOUNT,
    AlarmConfigurationUpdatedTimestamp: '2026-10-01T08:00:00.000+0000',
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: at.replace('Z', '+0000'),
    Region: 'EU (Ireland)',
    AlarmArn: arnOf(name),
    OldStateValue: from,
    OKActions: [`arn:aws:sns:${REGION}:${ACCOUNT}:alerts`],
    AlarmActions: [`arn:aws:sns:${REGION}:${ACCOUNT}:alerts`],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      StatisticType: 'Statistic',
      Statistic: 'SUM',
      Unit: null,
      Dimensions: [{ value: 'checkout', name: 'FunctionName' }],
      Period: 60,
      EvaluationPeriods: 3,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 5.0,
      TreatMissingData: 'notBreaching',
      EvaluateLowSampleCountPercentile: '',
    },
    ...extra,
  });
}

/** The local cloud's: no ARN, a region's code, times to the second that end in Z. */
export function localMessage({ name = 'checkout-errors', state, from = 'OK', at, reason = 'set by a test' }: Change): string {
  return envelope(JSON.stringify({
    AlarmName: name,
    AlarmDescription: '',
    AWSAccountId: '000000000000',
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: at.replace(/\.\d+Z$/, 'Z'),
    Region: REGION,
    OldStateValue: from,
    Trigger: {
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 3,
      Threshold: 5,
      Dimensions: [{ Name: 'FunctionName', Value: 'checkout' }],
    },
  }));
}

export function eventBridgeEvent({ name = 'checkout-errors', state, from = 'OK', at, reason = 'Threshold Crossed' }: Change, detail: object = {}): string {
  return JSON.stringify({
    'version': '0',
    'id': 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    'detail-type': 'CloudWatch Alarm State Change',
    'source': 'aws.cloudwatch',
    'account': ACCOUNT,
    'time': '2026-11-20T10:00:01Z',
    'region': REGION,
    'resources': [arnOf(name)],
    'detail': {
      alarmName: name,
      configuration: { metrics: [{ id: 'm1', returnData: true, metricStat: { metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'checkout' } }, period: 60, stat: 'Sum' } }] },
      previousState: { value: from, reason: 'fine', timestamp: '2026-11-19T10:00:00.000+0000' },
      state: { value: state, reason, timestamp: at.replace('Z', '+0000') },
      ...detail,
    },
  });
}

export function envelope(message: string): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:alerts`,
    Subject: 'ALARM: "checkout-errors" in EU (Ireland)',
    Message: message,
    Timestamp: '2026-11-20T10:00:01.000Z',
    SignatureVersion: '1',
    Signature: 'none',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/cert.pem',
    UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
  });
}
