import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { arnOf } from './messages';
import { Incidents } from '../../../lambda-src/runbook-executor/incidents';
import { ItemStore } from '../../../lambda-src/runbook-executor/item-store';
import { processMessage } from '../../../lambda-src/runbook-executor/process-event';
import { Services } from '../../../lambda-src/runbook-executor/services';
import { fromAttributes } from '../../../lambda-src/shared/attributes';
import type { RunbookRequest, RunbookResult } from '../../../src/private/shared/contract';
import type { AlarmEntry, RunbookEntry } from '../../../src/private/shared/runbook-table';
import { createLocalTable } from '../../local-table';

export const T0 = '2026-11-20T10:00:00.000Z';
export const minutes = (after: number) => new Date(Date.parse(T0) + after * 60_000).toISOString();

/** A handler of a test: its answer's text, or a function error by throwing. */
export type FakeHandler = (request: RunbookRequest) => string | Promise<string>;
/** Thrown by a fake handler, it reaches the executor as a function error. */
export class HandlerThrows extends Error {}

export interface Published {
  readonly Subject: string;
  readonly MessageStructure: string;
  readonly copies: { readonly default: string; readonly email: string; readonly sms: string };
  readonly json: any;
  readonly attributes: Record<string, string>;
}

/** An item of the table, for looking at. */
export type AnyItem = Record<string, any> & { readonly pk: string; readonly sk: string };

/** The executor's whole surroundings: a real table in this process, hand-written clients, a clock, and crashes on demand. */
export class World {
  public static async start(): Promise<World> {
    const server = dynalite({ createTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new World(server, new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'a' }, maxAttempts: 1,
    }));
  }

  public now = Date.parse(T0);
  public alarms: (MetricAlarm | CompositeAlarm)[] = [];
  public tags: Record<string, string> | Error = {};
  public parameters: Record<string, string> = {};
  public handlers: Record<string, FakeHandler> = {};
  public invoked: RunbookRequest[] = [];
  public published: Published[] = [];
  public topicFails = false;
  /** The executor dies right after so many effects (writes, calls, messages); its clients then do nothing any more. */
  public diesAfter = Infinity;
  private effects = 0;
  private table = '';
  private tables = 0;

  private constructor(private readonly server: Server, private readonly dynamo: DynamoDBClient) {}

  /** A new, empty world. */
  public async fresh(): Promise<void> {
    this.table = `incidents-${this.tables += 1}`;
    await createLocalTable(this.dynamo, this.table);
    this.now = Date.parse(T0);
    this.alarms = [];
    this.tags = {};
    this.parameters = {};
    this.handlers = {};
    this.invoked = [];
    this.published = [];
    this.topicFails = false;
    this.revive();
    this.alarm('ALARM', T0);
    this.register([runbook('lambda-error', { matches: [{ class: 'METRIC', namespace: 'AWS/Lambda', metricName: 'Errors' }] })]);
  }

  public revive(): void {
    this.diesAfter = Infinity;
    this.effects = 0;
  }

  public get died(): boolean {
    return this.effects >= this.diesAfter;
  }

  /** The alarm is in that state since that time. */
  public alarm(state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', at: string, name = 'checkout-errors'): void {
    this.alarms = [...this.alarms.filter(({ AlarmName }) => AlarmName !== name), {
      AlarmName: name,
      AlarmArn: arnOf(name),
      AlarmDescription: 'Errors of checkout',
      StateValue: state,
      StateReason: 'Threshold Crossed: 1 datapoint [7.0] was greater than the threshold (5.0).',
      StateUpdatedTimestamp: new Date(at),
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'checkout' }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
    }];
  }

  public register(runbooks: RunbookEntry[], alarms: AlarmEntry[] = []): void {
    this.parameters = {
      ...Object.fromEntries(runbooks.map(({ name }) => [`/runbooks/${name}`, `https://github.com/example/repo/blob/v1/docs/runbooks/${name}.md`])),
      '/runbooks/config/runbooks/0': JSON.stringify({ runbooks }),
      '/runbooks/config/alarms/0': JSON.stringify({ alarms }),
      '/runbooks/config/targets/0': JSON.stringify({ targets: [{ type: 'function', name: 'checkout', logGroup: '/aws/lambda/checkout' }] }),
    };
    for (const { functionArn } of runbooks) if (functionArn) this.handlers[functionArn] ??= (request) => JSON.stringify(result(request));
  }

  /** One delivery of a message. */
  public async deliver(body: string, lastsMs = 300_000) {
    return processMessage(this.services(), body, this.now + lastsMs);
  }

  public services(): Services {
    const dynamo = { send: async (command: never) => this.effect(isRead(command), async () => this.dynamo.send(command)) };
    const store = new ItemStore(dynamo as never, this.table);
    const fake = (answer: (command: any, options?: any) => unknown, reads = true) =>
      ({ send: async (command: { input: unknown }, options: unknown) => this.effect(reads, async () => answer(command.input, options)) }) as never;
    return {
      cloudwatch: { send: async (command: { input: unknown }) => this.effect(true, async () => this.cloudwatch(command)) } as never,
      ssm: fake(({ Path }) => ({
        Parameters: Object.entries(this.parameters).filter(([name]) => name.startsWith(Path)).map(([Name, Value]) => ({ Name, Value })),
      })),
      lambda: fake((input) => this.invoke(input), false),
      sns: fake((input) => this.publish(input), false),
      store,
      incidents: new Incidents(store, 400),
      parameterPrefix: '/runbooks',
      topicArn: 'arn:aws:sns:eu-west-1:123456789012:alerts',
      log: { info: () => undefined, warn: () => undefined },
      now: () => new Date(this.now),
      pause: async (milliseconds) => { this.now += milliseconds; },
    };
  }

  public async items(prefix = ''): Promise<AnyItem[]> {
    const { Items = [] } = await this.dynamo.send(new ScanCommand({ TableName: this.table, ConsistentRead: true }));
    return Items.map((item) => fromAttributes<AnyItem>(item)).filter(({ pk, sk }) => `${pk}/${sk}`.startsWith(prefix))
      .sort((left, right) => left.sk < right.sk ? -1 : 1);
  }

  public async incidents(): Promise<AnyItem[]> {
    return (await this.items('I#')).filter(({ sk }) => sk === 'INCIDENT');
  }

  /** `TYPE` or `TYPE(reason)` of each timeline entry. */
  public async timeline(): Promise<string[]> {
    return (await this.items('I#')).filter(({ sk }) => sk.startsWith('T#')).map(({ type, reason }) => reason ? `${type}(${reason})` : type);
  }

  public reports(event = 'REPORT'): Published[] {
    return this.published.filter(({ json }) => json.event === event);
  }

  public async stop(): Promise<void> {
    this.dynamo.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Runs a call of the executor's, unless it is dead; a death comes after the call's effect and before its answer. */
  private async effect<T>(reads: boolean, call: () => Promise<T>): Promise<T> {
    if (this.died) throw new Error('the executor is dead');
    const answer = await call();
    if (!reads && (this.effects += 1) >= this.diesAfter) throw new Error('the executor died');
    return answer;
  }

  private cloudwatch({ constructor, input }: { constructor: { name: string }; input: any }): unknown {
    if (constructor.name === 'ListTagsForResourceCommand') {
      if (this.tags instanceof Error) throw this.tags;
      return { Tags: Object.entries(this.tags).map(([Key, Value]) => ({ Key, Value })) };
    }
    const found = this.alarms.filter(({ AlarmName }) => input.AlarmNames.includes(AlarmName));
    const types: string[] = input.AlarmTypes ?? ['MetricAlarm'];
    return {
      MetricAlarms: types.includes('MetricAlarm') ? found.filter((alarm) => !('AlarmRule' in alarm)) : [],
      CompositeAlarms: types.includes('CompositeAlarm') ? found.filter((alarm) => 'AlarmRule' in alarm) : [],
    };
  }

  private async invoke({ FunctionName, Payload }: { FunctionName: string; Payload: Uint8Array }): Promise<unknown> {
    const request = JSON.parse(Buffer.from(Payload).toString()) as RunbookRequest;
    const handler = this.handlers[FunctionName];
    if (!handler) throw Object.assign(new Error(`not authorized to perform: lambda:InvokeFunction on resource: ${FunctionName}`), { name: 'AccessDeniedException' });
    this.invoked.push(request);
    try {
      return { StatusCode: 200, Payload: Buffer.from(await handler(request)) };
    } catch (error) {
      const { name, message } = error as Error;
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorType: name, errorMessage: message })) };
    }
  }

  private publish({ Subject, Message, MessageStructure, MessageAttributes }: any): unknown {
    if (this.topicFails) throw new Error('the topic is out of order');
    const copies = JSON.parse(Message);
    this.published.push({
      Subject,
      MessageStructure,
      copies,
      json: JSON.parse(copies.default),
      attributes: Object.fromEntries(Object.entries<any>(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])),
    });
    return { MessageId: 'm' };
  }
}

function isRead(command: unknown): boolean {
  return command instanceof GetItemCommand;
}

export function runbook(name: string, entry: Partial<RunbookEntry> = {}): RunbookEntry {
  return {
    name,
    order: 0,
    functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
    matches: [{ class: 'ANY' }],
    timeout: 60,
    cooldown: 900,
    maxRunsPerHour: 10,
    parameters: {},
    ...entry,
  };
}

export function result({ runId }: Pick<RunbookRequest, 'runId'>, members: Partial<RunbookResult> = {}): RunbookResult {
  return {
    schemaVersion: '1',
    runId,
    status: 'SUCCEEDED',
    summary: 'Every call fails since version 42.',
    verdict: { ruleId: 'LE-08', title: 'A new version fails', confidence: 'HIGH', category: 'DEPLOYMENT' },
    findings: [{ ruleId: 'LE-08', summary: 'Version 42 errs, 41 did not', evidence: ['errors', 'change'] }],
    ruledOut: [{ ruleId: 'LE-05', why: 'the longest call took 2 of 30 s' }],
    notChecked: [{ what: 'traces', status: 'ACCESS_DENIED', fix: 'allow xray:GetTraceSummaries' }],
    evidence: [
      { id: 'config', kind: 'CONFIG', status: 'OK', summary: 'memory 512 MB, time-out 30 s' },
      { id: 'traces', kind: 'TRACE', status: 'ACCESS_DENIED', summary: 'xray:GetTraceSummaries is not allowed' },
      { id: 'log', kind: 'LOG', status: 'OK', summary: 'TypeError: x is undefined, 40 times' },
      { id: 'errors', kind: 'METRIC', status: 'OK', summary: '40 errors a minute, 0 before', link: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#metricsV2' },
      { id: 'change', kind: 'CHANGE', status: 'OK', summary: 'UpdateFunctionCode at 09:56 by deploy-role' },
    ],
    proposedActions: ['Roll back to version 41'],
    metrics: { durationMs: 1200, apiCalls: 9, logBytesScanned: 1024 },
    ...members,
  };
}
