import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeContributorInsightsCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient, StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Cloud, StackResource, Subscription } from './cloud';
import { readTags } from '../../lambda-src/runbook-executor/alarm-facts';
import { isConfirmed } from '../../lambda-src/runbook-executor/subscriptions';
import { readTable } from '../../lambda-src/runbook-executor/table';
import type { Described } from '../explain/event';

/** AWS, with the caller's own credentials and region. */
export function awsCloud(): Cloud {
  const [cloudFormation, cloudWatch] = [new CloudFormationClient({}), new CloudWatchClient({})];
  const [logs, dynamoDb] = [new CloudWatchLogsClient({}), new DynamoDBClient({})];
  const [iam, lambda, stateMachines] = [new IAMClient({}), new LambdaClient({}), new SFNClient({})];
  const [sns, sqs, ssm] = [new SNSClient({}), new SQSClient({}), new SSMClient({})];

  const resources = async (stack: string): Promise<StackResource[]> => {
    const found: StackResource[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: cloudFormation }, { StackName: stack })) {
      for (const { ResourceType: type = '', PhysicalResourceId: id = '' } of StackResourceSummaries) {
        found.push(...type === 'AWS::CloudFormation::Stack' ? await resources(id) : [{ type, id }]);
      }
    }
    return found;
  };

  return {
    resources,
    table: async (prefix) => {
      const broken: string[] = [];
      return { table: await readTable(ssm, prefix, (parameter) => broken.push(parameter)), broken };
    },
    subscriptions: async (TopicArn) => {
      const found: Subscription[] = [];
      for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
        found.push(...Subscriptions.map((each) => ({ protocol: each.Protocol ?? '', endpoint: each.Endpoint ?? '', confirmed: isConfirmed(each) })));
      }
      return found;
    },
    lambdaFunction: (FunctionName) => ifThere(ResourceNotFoundException, async () => {
      const fn = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      return {
        timeout: fn.Timeout ?? 3,
        traced: fn.TracingConfig?.Mode === 'Active',
        logGroup: fn.LoggingConfig?.LogGroup ?? `/aws/lambda/${fn.FunctionName}`,
        role: fn.Role ?? '',
        variables: fn.Environment?.Variables ?? {},
      };
    }),
    stateMachineType: (stateMachineArn) => ifThere(StateMachineDoesNotExist, async () => {
      const { type } = await stateMachines.send(new DescribeStateMachineCommand({ stateMachineArn }));
      return type;
    }),
    decision: async (role, action, resource) => {
      const question = { PolicySourceArn: role, ActionNames: [action], ResourceArns: [resource] };
      const { EvaluationResults: [result] = [] } = await iam.send(new SimulatePrincipalPolicyCommand(question));
      return result?.EvalDecision ?? 'implicitDeny';
    },
    hasLogGroup: async (name) => {
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
      return logGroups.some(({ logGroupName }) => logGroupName === name);
    },
    queue: async (QueueUrl) => {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'RedrivePolicy'] }));
      const { deadLetterTargetArn } = JSON.parse(Attributes.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string };
      return { arn: Attributes.QueueArn ?? '', messages: Number(Attributes.ApproximateNumberOfMessages ?? 0), deadLetterArn: deadLetterTargetArn };
    },
    hasContributorInsights: async (TableName) => {
      const { ContributorInsightsStatus } = await dynamoDb.send(new DescribeContributorInsightsCommand({ TableName }));
      return ContributorInsightsStatus === 'ENABLED' || ContributorInsightsStatus === 'ENABLING';
    },
    alarms: async () => {
      const all: Described = { MetricAlarms: [], CompositeAlarms: [] };
      for await (const page of paginateDescribeAlarms({ client: cloudWatch }, { AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })) {
        all.MetricAlarms.push(...page.MetricAlarms ?? []);
        all.CompositeAlarms.push(...page.CompositeAlarms ?? []);
      }
      return all;
    },
    alarmTags: (arn) => readTags(cloudWatch, arn, () => undefined),
  };
}

/** What was read, or undefined where the error says that there is no such thing. */
async function ifThere<T>(gone: new (...args: never[]) => Error, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof gone) return undefined;
    throw error;
  }
}
