import {
  CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand, GetMetricStatisticsCommand, MetricAlarm, PutMetricAlarmCommand, PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { type AttributeValue, DeleteItemCommand, DynamoDBClient, paginateQuery, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeleteBucketPolicyCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand, GetQueueAttributesCommand, QueueAttributeName, ReceiveMessageCommand, SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';
import { Credentials } from '../../tools/local-cloud/credentials';
import { deploy } from '../../tools/local-cloud/deploy';
import { eventually } from '../../tools/local-cloud/eventually';
import { LocalCloud, startLocalCloud } from '../../tools/local-cloud/local-cloud';
import { ApiAnswer, ApiRequest, askApi, localApiUrl } from '../../tools/local-cloud/signed-fetch';

/** A message of the alert topic: CloudWatch's own, or one of the library's reports. */
export interface TopicMessage {
  readonly raw: string;
  readonly body: any;
}

/** The deployed test app, and what tests do with it. */
export class Environment {
  public static async start(): Promise<Environment> {
    const cloud = await startLocalCloud();
    try {
      const { EndToEnd } = await deploy(cloud, { folder: __dirname });
      return new Environment(cloud, EndToEnd);
    } catch (error) {
      cloud.stop();
      throw error;
    }
  }

  /** Names of the alarms, by key. */
  public readonly alarms: Record<string, string>;
  /** For each function of the library, by path: the function that hands out its role's credentials. */
  public readonly probes: Record<string, string>;
  private readonly s3: S3Client;
  private readonly sqs: SQSClient;
  private readonly sns: SNSClient;
  private readonly cloudWatch: CloudWatchClient;
  private readonly lambda: LambdaClient;
  private readonly dynamoDb: DynamoDBClient;
  private readonly received: TopicMessage[] = [];

  private constructor(public readonly cloud: LocalCloud, public readonly outputs: Record<string, string>) {
    this.alarms = JSON.parse(outputs.Alarms);
    this.probes = JSON.parse(outputs.Probes);
    const config = cloud.clientConfig();
    this.s3 = new S3Client(config);
    this.sqs = new SQSClient(config);
    this.sns = new SNSClient(config);
    this.cloudWatch = new CloudWatchClient(config);
    this.lambda = new LambdaClient(config);
    this.dynamoDb = new DynamoDBClient(config);
  }

  public stop() {
    this.cloud.stop();
  }

  /** Puts an object into the log bucket; lines are documents, or text that is none. */
  public async putLog(key: string, lines: (object | string)[]) {
    const Body = lines.map((line) => typeof line === 'string' ? line : JSON.stringify(line)).join('\n');
    await this.s3.send(new PutObjectCommand({ Bucket: this.outputs.LogBucketName, Key: key, Body }));
  }

  public async putObject(Key: string, Body: string | Uint8Array) {
    await this.s3.send(new PutObjectCommand({ Bucket: this.outputs.LogBucketName, Key, Body }));
  }

  /** Lifts whatever the log bucket's policy denies. */
  public async allowAll() {
    await this.s3.send(new DeleteBucketPolicyCommand({ Bucket: this.outputs.LogBucketName }));
  }

  /** Asks the metrics API; signed by the administrator unless `as` says otherwise. */
  public ask(path: string, request?: ApiRequest): Promise<ApiAnswer> {
    return askApi(this.cloud, `${localApiUrl(this.cloud, this.outputs.ApiUrl)}/${path}`, request);
  }

  /** Every stored sample of a service's metric in the last hours, or in a range, oldest first. */
  public async samples(service: string, metric: string, range = 'timeRange=3h'): Promise<number[]> {
    const { status, json, text } = await this.ask(`metrics?service=${service}&metric=${metric}&${range}&step=raw`);
    if (status !== 200) throw new Error(`GET /metrics answered ${status}: ${text}`);
    return json.series[0]?.values ?? [];
  }

  /** Waits until a metric has these samples. */
  public async samplesBecome(service: string, metric: string, expected: number[], range?: string) {
    await eventually(async () => {
      const values = await this.samples(service, metric, range);
      if (JSON.stringify(values) !== JSON.stringify(expected)) throw new Error(`it has ${JSON.stringify(values)}`);
      return true;
    }, { what: `${service} ${metric} to have the samples ${JSON.stringify(expected)}`, timeoutMs: 20_000 });
  }

  /** A message of the alert topic; those that came earlier count too. */
  public message(what: string, which: (message: TopicMessage) => boolean, timeoutMs = 30_000): Promise<TopicMessage> {
    return eventually(async () => {
      await this.receive();
      return this.received.find(which);
    }, { what, timeoutMs });
  }

  /** All messages of the alert topic so far. */
  public async messages(): Promise<TopicMessage[]> {
    await this.receive();
    return [...this.received];
  }

  /** The library's report on an alarm. */
  public async report(alarm: string, event: 'REPORT' | 'RESOLVED' = 'REPORT', timeoutMs?: number): Promise<any> {
    const { body } = await this.message(`the ${event} on ${alarm}`, (message) =>
      message.body.event === event && message.body.incident.alarm === alarm, timeoutMs);
    return body;
  }

  /** @param data of the state, as the drill command sets it */
  public async setAlarm(name: string, state: 'ALARM' | 'OK', reason = 'set by a test', data?: object) {
    await this.cloudWatch.send(new SetAlarmStateCommand({
      AlarmName: name, StateValue: state, StateReason: reason, StateReasonData: data && JSON.stringify(data),
    }));
  }

  /** Makes an alarm that somebody else might have made: routed to the alert topic, or to nobody. */
  public async makeAlarm(AlarmName: string, toldToTopic = true): Promise<void> {
    const actions = toldToTopic ? [this.outputs.AlertTopicArn] : [];
    await this.cloudWatch.send(new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'Elsewhere',
      MetricName: AlarmName,
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: actions,
      OKActions: actions,
    }));
  }

  public async deleteAlarms(AlarmNames: string[]): Promise<void> {
    await this.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames }));
  }

  /** The alarm as CloudWatch tells of it. */
  public async describeAlarm(name: string): Promise<MetricAlarm> {
    const { MetricAlarms = [] } = await this.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms[0];
  }

  /** Has a function's next run begin in a new process. */
  public async restart(FunctionName: string): Promise<void> {
    await this.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: `restarted ${Date.now()}` }));
  }

  /** All incidents that opened today, newest first, as the API lists them. */
  public async listIncidents(query: string): Promise<any[]> {
    const incidents: any[] = [];
    for (let cursor = ''; ;) {
      const { json } = await this.ask(`incidents?${cursor}limit=100&${query}`);
      incidents.push(...json.incidents);
      if (json.cursor === null) return incidents;
      cursor = `cursor=${json.cursor}&`;
    }
  }

  /** Invokes a function; a failure of the function is no failure of the call. */
  public async invoke(FunctionName: string, event: object = {}): Promise<any> {
    const { Payload } = await this.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    return JSON.parse(Buffer.from(Payload!).toString());
  }

  /** Credentials of the role of one of the library's functions. */
  public credentialsOf(path: string): Promise<Credentials> {
    return this.invoke(this.probes[path]);
  }

  /** All items of a partition of a table. */
  public async items(TableName: string, pk: string): Promise<Record<string, any>[]> {
    const items: Record<string, any>[] = [];
    const pages = paginateQuery({ client: this.dynamoDb }, {
      TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } }, ConsistentRead: true,
    });
    for await (const { Items = [] } of pages) {
      items.push(...Items.map((item) => Object.fromEntries(Object.entries(item).map(([name, value]) => [name, Object.values(value)[0]]))));
    }
    return items;
  }

  public async putItem(TableName: string, Item: Record<string, AttributeValue>) {
    await this.dynamoDb.send(new PutItemCommand({ TableName, Item }));
  }

  /** Takes items away, as no function of the library may. */
  public async deleteItems(TableName: string, items: Record<string, any>[]) {
    for (const { pk, sk } of items) await this.dynamoDb.send(new DeleteItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } } }));
  }

  /** The incident of a report, with its timeline, as the incident table holds it. */
  public async incident(id: string) {
    const items = await this.items(this.outputs.IncidentTableName, `I#${id}`);
    return {
      incident: items.find(({ sk }) => sk === 'INCIDENT')!,
      runs: items.filter(({ sk }) => sk.startsWith('RUN#')),
      timeline: items.filter(({ sk }) => sk.startsWith('T#')),
    };
  }

  /** Takes the messages that are in a queue. */
  public async take(QueueUrl: string): Promise<string[]> {
    const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle } of Messages) await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.map(({ Body }) => Body!);
  }

  public async send(QueueUrl: string, MessageBody: string) {
    await this.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** Waits until a queue holds so many messages. */
  public async holds(QueueUrl: string, count: number) {
    await eventually(async () => {
      const { Attributes = {} } = await this.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));
      return Attributes.ApproximateNumberOfMessages === String(count) || undefined;
    }, { what: `${count} messages in ${QueueUrl}`, timeoutMs: 60_000 });
  }

  /** Moves what waits in a queue, as StartMessageMoveTask does, which the local cloud does not know. */
  public async moveMessages(from: string, to: string) {
    for (const message of await this.take(from)) await this.send(to, message);
  }

  /** Waits until a queue's consumer has nothing left to do. */
  public async drained(QueueUrl: string) {
    const AttributeNames: QueueAttributeName[] = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'];
    await eventually(async () => {
      const { Attributes = {} } = await this.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return AttributeNames.every((name) => Attributes[name] === '0') || undefined;
    }, { what: `${QueueUrl} to be empty` });
  }

  /** Objects of the log bucket under a prefix, with their text. */
  public async objects(Prefix: string): Promise<{ key: string; text: string }[]> {
    const Bucket = this.outputs.LogBucketName;
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    return Promise.all(Contents.map(async ({ Key }) => {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
      return { key: Key!, text: await Body!.transformToString() };
    }));
  }

  public async publish(Message: string) {
    await this.sns.send(new PublishCommand({ TopicArn: this.outputs.AlertTopicArn, Message }));
  }

  /** The values that were published in the last minutes for a service alarm. */
  public async publishedFor(alarm: string): Promise<number[]> {
    const { MetricAlarms = [] } = await this.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] }));
    const [{ Namespace, MetricName, Period }] = MetricAlarms;
    const { Datapoints = [] } = await this.cloudWatch.send(new GetMetricStatisticsCommand({
      Namespace, MetricName, Period, Statistics: ['Maximum'], StartTime: new Date(Date.now() - 600_000), EndTime: new Date(),
    }));
    return Datapoints.map(({ Maximum }) => Maximum!);
  }

  /** Puts data points of one metric, at the present time. */
  public async putMetric(Namespace: string, MetricName: string, values: number[], dimensions: Record<string, string> = {}) {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const MetricData = values.map((Value) => ({ MetricName, Dimensions, Value, Timestamp: new Date() }));
    await this.cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }

  private async receive() {
    for (let texts = await this.take(this.outputs.InboxUrl); texts.length > 0; texts = await this.take(this.outputs.InboxUrl)) {
      this.received.push(...texts.map((raw) => ({ raw, body: JSON.parse(raw) })));
    }
  }
}
