import type { RunbookTable } from '../../lambda-src/runbook-executor/table';
import type { Described } from '../explain/event';

/** What the doctor asks of AWS. Everything only reads. */
export interface Cloud {
  /** Everything in a stack, its nested stacks' resources included. */
  resources(stack: string): Promise<readonly StackResource[]>;
  /** The runbook table under an SSM prefix, and the parameters of it that are no JSON. */
  table(prefix: string): Promise<{ readonly table: RunbookTable; readonly broken: readonly string[] }>;
  subscriptions(topicArn: string): Promise<readonly Subscription[]>;
  /** Undefined where there is no such function. */
  lambdaFunction(nameOrArn: string): Promise<FunctionFacts | undefined>;
  /** EXPRESS or STANDARD; undefined where there is no such state machine. */
  stateMachineType(arn: string): Promise<string | undefined>;
  /** Whether a role may do something to a resource, by all policies that count for the role. */
  decision(role: string, action: string, resource: string): Promise<Decision>;
  hasLogGroup(name: string): Promise<boolean>;
  queue(url: string): Promise<QueueFacts>;
  hasContributorInsights(table: string): Promise<boolean>;
  /** Every alarm of account and region. */
  alarms(): Promise<Described>;
  alarmTags(arn: string): Promise<Record<string, string>>;
}

/** As IAM tells it: denied by a statement, or because no statement allows it. */
export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';

export interface StackResource {
  readonly type: string;
  /** The physical id. */
  readonly id: string;
}

export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export interface FunctionFacts {
  /** In seconds. */
  readonly timeout: number;
  readonly traced: boolean;
  /** Where it writes to. */
  readonly logGroup: string;
  /** ARN of the role that it runs as. */
  readonly role: string;
  /** Its environment variables. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface QueueFacts {
  readonly arn: string;
  readonly messages: number;
  readonly deadLetterArn?: string;
}
