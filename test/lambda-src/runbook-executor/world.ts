import { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { BatchGetItemCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ListSubscriptionsByTopicCommand, type Subscription } from '@aws-sdk/client-sns';
import { arnOf } from './messages';
import { Incidents } from '../../../lambda-src/runbook-executor/incidents';
import { ItemStore } from '../../../lambda-src/runbook-executor/item-store';
import { processMessage } from '../../../lambda-src/runbook-executor/process-message';
import { Services, Settings } from '../../../lambda-src/runbook-executor/services';
import { fromAttributes } from '../../../lambda-src/shared/attributes';
import type { RunbookRequest, RunbookResult } from '../../../src/private/shared/contract';
import type { AlarmEntry, ForeignEntry, RunbookEntry } from '../../../src/private/shared/runbook-table';
import { requestProblems } from '../../contract-schemas';
import { MemoryTable } from '../shared/memory-table';

export const T0 = '2026-11-20T10:00:00.000Z';
export const minutes = (after: number) => new Date(Date.parse(T0) + after * 60_000).toISOString();

/** No second look, so that a test which is not about it sees only what it asked for; and storms are far. */
export const SETTINGS: Settings = { breakerPause: 3600, secondLookDelay: 0, staleAfter: 7 * 86_400, reportsPerMinute: 100 };
const ALERT_TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const CHAT_TOPIC = 'arn:aws:sns:eu-west-1:123456789012:chat';

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

/** Of one executor: it dies right after so many effects (writes, calls, messages), and its clients then do nothing any more. */
export class Life {
  public effects = 0;

  public constructor(public diesAfter = Infinity) {}

  public get over(): boolean {
    return this.effects >= this.diesAfter;
  }
}

/** An item of the table, for looking at. */
export type AnyItem = Record<string, any> & { readonly pk: string; readonly sk: string };

/** The executor's whole surroundings: a table in memory (which a test holds to DynamoDB's answers), hand-written clients, a clock, and crashes on demand. */
export class World {
  public now = Date.parse(T0);
  public alarms: (MetricAlarm | CompositeAlarm)[] = [];
  public tags: Record<string, string> | Error = {};
  public parameters: Record<string, string> = {};
  public handlers: Record<string, FakeHandler> = {};
  public invoked: RunbookRequest[] = [];
  public published: Published[] = [];
  public topicFails = false;
  /** Whether there are chat channels, and what they were told. */
  public chat = false;
  public chats: any[] = [];
  public chatFails = false;
  public reportTopicArn = ALERT_TOPIC;
  /** Who is subscribed, by topic, or why that may not be asked. */
  public subscriptions: Record<string, Subscription[] | Error> = {};
  /** The topic of each page of subscriptions that was asked for. */
  public listings: string[] = [];
  public warnings: [string, Record<string, unknown>][] = [];
  public emitted: [string, number][] = [];
  public settings: Settings = SETTINGS;
  /** What the executor has told itself for later. */
  public later: { readonly body: string; readonly at: number }[] = [];
  /** Every request of all tests in this world. */
  private readonly requests: RunbookRequest[] = [];
  private life = new Life();
  private table = new MemoryTable();

  /** Awaited before each call: whose turn it is where several executors work at once. */
  public turn: () => Promise<void> = async () => undefined;

  /** A new, empty world. */
  public fresh(): void {
    this.table = new MemoryTable();
    this.now = Date.parse(T0);
    this.alarms = [];
    this.tags = {};
    this.parameters = {};
    this.handlers = {};
    this.invoked = [];
    this.published = [];
    this.topicFails = false;
    this.chat = false;
    this.chats = [];
    this.chatFails = false;
    this.reportTopicArn = ALERT_TOPIC;
    this.subscriptions = {};
    this.listings = [];
    this.warnings = [];
    this.emitted = [];
    this.settings = SETTINGS;
    this.turn = async () => undefined;
    this.later = [];
    this.revive();
    this.alarm('ALARM', T0);
    this.register([runbook('lambda-error', { matches: [{ class: 'METRIC', namespace: 'AWS/Lambda', metricName: 'Errors' }] })]);
  }

  public revive(): void {
    this.life = new Life();
  }

  public set diesAfter(effects: number) {
    this.life.diesAfter = effects;
  }

  public get died(): boolean {
    return this.life.over;
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

  public register(runbooks: RunbookEntry[], alarms: AlarmEntry[] = [], foreign: ForeignEntry[] = []): void {
    this.parameters = {
      ...Object.fromEntries(runbooks.map(({ name }) => [`/runbooks/${name}`, `https://github.com/example/repo/blob/v1/docs/runbooks/${name}.md`])),
      '/runbooks/config/runbooks/0': JSON.stringify({ runbooks }),
      '/runbooks/config/alarms/0': JSON.stringify({ alarms }),
      '/runbooks/config/foreign/0': JSON.stringify({ foreign }),
      '/runbooks/config/targets/0': JSON.stringify({ targets: [{ type: 'function', name: 'checkout', logGroup: '/aws/lambda/checkout' }] }),
    };
    for (const { functionArn } of runbooks) if (functionArn) this.handlers[functionArn] ??= (request) => JSON.stringify(result(request));
  }

  /** One delivery of a message. */
  public async deliver(body: string, lastsMs = 300_000, life = this.life) {
    return processMessage(this.services(life), body, this.now + lastsMs);
  }

  /** Lets time pass, and delivers what was left for later when it is due. */
  public async passTime(ms: number): Promise<void> {
    this.now += ms;
    const due = this.later.filter(({ at }) => at <= this.now);
    this.later = this.later.filter(({ at }) => at > this.now);
    for (const { body } of due) await this.deliver(body);
  }

  public services(life = this.life): Services {
    const dynamo = { send: async (command: never) => this.effect(life, isRead(command), async () => this.table.execute(command)) };
    const store = new ItemStore(dynamo as never, 'incidents');
    const fake = (answer: (command: any, options?: any) => unknown, reads = true) => (
      { send: async ({ input }: { input: unknown }, options: unknown) => this.effect(life, reads, async () => answer(input, options)) }) as never;
    return {
      cloudwatch: { send: async (command: never) => this.effect(life, true, async () => this.cloudwatch(command)) } as never,
      ssm: fake(({ Path }) => ({
        Parameters: Object.entries(this.parameters).filter(([name]) => name.startsWith(Path)).map(([Name, Value]) => ({ Name, Value })),
      })),
      lambda: fake((input) => this.invoke(input), false),
      stateMachines: async () => fake((input) => this.startExecution(input), false),
      sns: { send: async (command: { input: unknown }) => this.effect(life, isRead(command), async () => this.sns(command)) } as never,
      sqs: fake(({ MessageBody, DelaySeconds }) => { this.later.push({ body: MessageBody, at: this.now + DelaySeconds * 1000 }); }, false),
      store,
      incidents: new Incidents(store, 400),
      parameterPrefix: '/runbooks',
      alertTopicArn: ALERT_TOPIC,
      topicArn: this.reportTopicArn,
      chatTopicArn: this.chat ? CHAT_TOPIC : undefined,
      queueUrl: 'https://sqs/alarms',
      settings: this.settings,
      log: { info: () => undefined, warn: (message, facts = {}) => { this.warnings.push([message, facts]); }, error: () => undefined },
      emit: (name, value) => { this.emitted.push([name, value]); },
      now: () => new Date(this.now),
      pause: async (milliseconds) => { this.now += milliseconds; },
    };
  }

  public async items(prefix = ''): Promise<AnyItem[]> {
    return this.table.items().map((item) => fromAttributes<AnyItem>(item)).filter(({ pk, sk }) => `${pk}/${sk}`.startsWith(prefix))
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

  /** Ends the world, and holds all that its handlers were sent to the published contract. */
  /** Runs a call of the executor's, unless it is dead; a death comes after the call's effect and before its answer. */
  private async effect<T>(life: Life, reads: boolean, call: () => Promise<T>): Promise<T> {
    await this.turn();
    if (life.over) throw new Error('the executor is dead');
    const answer = await call();
    if (!reads) life.effects += 1;
    if (life.over) throw new Error('the executor died');
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
    // So every test of a run is one of the published schema too.
    expect(requestProblems(request)).toEqual([]);
    this.invoked.push(request);
    this.requests.push(request);
    try {
      return { StatusCode: 200, Payload: Buffer.from(await handler(request)) };
    } catch (error) {
      const { name, message } = error as Error;
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorType: name, errorMessage: message })) };
    }
  }

  private async startExecution({ stateMachineArn, input }: { stateMachineArn: string; input: string }): Promise<unknown> {
    const request = JSON.parse(input) as RunbookRequest;
    expect(requestProblems(request)).toEqual([]);
    this.invoked.push(request);
    try {
      return { status: 'SUCCEEDED', output: await this.handlers[stateMachineArn](request) };
    } catch (error) {
      return { status: 'FAILED', error: 'States.TaskFailed', cause: (error as Error).message };
    }
  }

  private sns(command: { input: any }): unknown {
    return command instanceof ListSubscriptionsByTopicCommand ? this.listSubscriptions(command.input) : this.publish(command.input);
  }

  /** Two a page, where SNS has a hundred. */
  private listSubscriptions({ TopicArn, NextToken = '0' }: ListSubscriptionsByTopicCommand['input']): unknown {
    this.listings.push(TopicArn!);
    const all = this.subscriptions[TopicArn!] ?? [];
    if (all instanceof Error) throw all;
    const end = Number(NextToken) + 2;
    return { Subscriptions: all.slice(end - 2, end).map((each) => ({ ...each, TopicArn })), NextToken: end < all.length ? String(end) : undefined };
  }

  private publish({ TopicArn, Subject, Message, MessageStructure, MessageAttributes }: any): unknown {
    if (this.topicFails) throw new Error('the topic is out of order');
    if (TopicArn === CHAT_TOPIC) {
      if (this.chatFails) throw new Error('the chat is out of order');
      return this.chats.push(JSON.parse(Message));
    }
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
  return [GetItemCommand, BatchGetItemCommand, QueryCommand, ListSubscriptionsByTopicCommand].some((kind) => command instanceof kind);
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
