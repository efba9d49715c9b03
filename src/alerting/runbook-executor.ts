import { ArnFormat, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { FilterOrPolicy, ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FunctionOptions } from '../function-options';
import { grantTableKey } from '../private/data-table';
import { MonitoringFunction } from '../private/monitoring-function';
import { grantReadPath } from '../private/parameter-path';
import { Env } from '../private/shared/environment';

/** The executor's own limit; a runbook's timeout is below it. */
const EXECUTOR_TIMEOUT = Duration.minutes(5);
/** Alarms of one moment queue up behind this many, so that a storm throttles nobody. */
const MAX_CONCURRENCY = 5;
const MAX_RECEIVES = 5;

/** What the executor works with. */
export interface RunbookExecutorProps {
  readonly alertTopic: ITopic;
  readonly reportTopic: ITopic;
  readonly incidents: ITable;
  readonly incidentRetention: Duration;
  readonly parameterPrefix: string;
  readonly chatTopic?: ITopic;
  readonly secondLookDelay: Duration;
  readonly breakerPause: Duration;
  readonly reconcileInterval: Duration;
  readonly maxIncidentAge: Duration;
  readonly reportsPerMinute: number;
  /** The handlers that are registered when the stack is synthesised. */
  readonly handlerArns: () => string[];
  readonly stateMachineArns: () => string[];
  readonly functionOptions?: FunctionOptions;
}

/** The way from an alarm's message to its investigation: a queue with a dead-letter queue, and the executor behind it. */
export class RunbookExecutor extends Construct {
  public readonly queue: Queue;
  public readonly deadLetterQueue: Queue;
  public readonly function: MonitoringFunction;

  constructor(scope: Construct, id: string, props: RunbookExecutorProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Batches hold one message, so there is nothing to wait for beyond the function's own limit.
      visibilityTimeout: EXECUTOR_TIMEOUT.plus(Duration.minutes(1)),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
    // Only alarm messages: a report on the same topic must not come back as an alarm.
    const exists = FilterOrPolicy.filter(SubscriptionFilter.existsFilter());
    props.alertTopic.addSubscription(new SqsSubscription(this.queue, {
      filterPolicyWithMessageBody: { AlarmName: exists, NewStateValue: exists },
      deadLetterQueue: this.deadLetterQueue,
    }));

    this.function = new MonitoringFunction(this, 'Function', {
      asset: 'runbook-executor',
      description: 'Runs the runbooks of alarms and reports what they found',
      timeout: EXECUTOR_TIMEOUT,
      options: props.functionOptions,
      environment: {
        [Env.INCIDENT_TABLE]: props.incidents.tableName,
        [Env.INCIDENT_RETENTION_DAYS]: `${props.incidentRetention.toDays()}`,
        [Env.ALERT_TOPIC_ARN]: props.alertTopic.topicArn,
        [Env.REPORT_TOPIC_ARN]: props.reportTopic.topicArn,
        ...(props.chatTopic && { [Env.CHAT_TOPIC_ARN]: props.chatTopic.topicArn }),
        [Env.QUEUE_URL]: this.queue.queueUrl,
        [Env.SECOND_LOOK_SECONDS]: `${props.secondLookDelay.toSeconds()}`,
        [Env.BREAKER_PAUSE_SECONDS]: `${props.breakerPause.toSeconds()}`,
        [Env.STALE_AFTER_SECONDS]: `${props.maxIncidentAge.toSeconds()}`,
        [Env.REPORTS_PER_MINUTE]: `${props.reportsPerMinute}`,
        [Env.RUNBOOK_PARAMETER_PREFIX]: props.parameterPrefix,
      },
    });
    grantTableKey(props.incidents, this.function, 'write');
    props.incidents.grant(this.function,
      'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:Query');
    props.reportTopic.grantPublish(this.function);
    props.chatTopic?.grantPublish(this.function);
    const topics = [props.alertTopic, props.reportTopic, ...props.chatTopic ? [props.chatTopic] : []];
    this.allow(['sns:ListSubscriptionsByTopic'], [...new Set(topics.map(({ topicArn }) => topicArn))]);
    // What is to be done later waits in its own queue.
    this.allow(['sqs:SendMessage'], [this.queue.queueArn]);
    grantReadPath(this, props.parameterPrefix, this.function);
    // The alarm is read again before a run, so that nobody who may publish can invent one. Composite alarms are only
    // returned to whoever may describe all.
    this.allow(['cloudwatch:DescribeAlarms'], ['*']);
    this.allow(['cloudwatch:ListTagsForResource'], [Stack.of(this).formatArn({
      service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })]);
    this.function.addToRolePolicy(new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: Lazy.list({ produce: () => this.orNone(props.handlerArns()) }),
    }));
    this.function.addToRolePolicy(new PolicyStatement({
      actions: ['states:StartSyncExecution'],
      resources: Lazy.list({ produce: () => this.orNone(props.stateMachineArns()) }),
    }));
    new Rule(this, 'Reconcile', {
      description: 'Has the runbook executor look after incidents that no message has closed, and after unconfirmed subscriptions',
      schedule: Schedule.rate(props.reconcileInterval),
      targets: [new SqsQueue(this.queue, { message: RuleTargetInput.fromObject({ executor: 'RECONCILE' }), deadLetterQueue: this.deadLetterQueue })],
    });
    this.function.addEventSource(new SqsEventSource(this.queue, {
      batchSize: 1, maxConcurrency: MAX_CONCURRENCY, reportBatchItemFailures: true,
    }));
  }

  /** IAM refuses a statement without a resource: where every runbook is a written one, it names a function that is none. */
  private orNone(handlerArns: string[]): string[] {
    return handlerArns.length > 0 ? handlerArns : [Stack.of(this).formatArn({
      service: 'lambda', resource: 'function', resourceName: 'no-handler', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })];
  }

  private allow(actions: string[], resourceArns: string[]) {
    Grant.addToPrincipal({ grantee: this.function, actions, resourceArns });
  }
}
