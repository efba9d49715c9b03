import { App, Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ServerlessMonitoring } from '../../src';

/**
 * What cdk-nag's AwsSolutions pack still finds in a stack with nothing but `ServerlessMonitoring`, and why it stays.
 * A finding that no line here explains fails the test, and so does a line that explains nothing any more.
 */
/* eslint-disable @stylistic/max-len */
const RESIDUE: { rule: RegExp; path: RegExp; reason: string }[] = [
  { rule: /S1$/, path: /LogIngestion\/Bucket/, reason: 'Access logs of a log bucket are a second bucket and a cost; who needs them brings a bucket.' },
  { rule: /APIG1$|APIG6$/, path: /MetricsApi/, reason: 'API Gateway logs need an account-wide role, which is not ours to set. The handler logs each request.' },
  { rule: /APIG2$/, path: /MetricsApi/, reason: 'The handler validates, and says what was wrong and how to fix it; the gateway only says that it was.' },
  { rule: /APIG3$/, path: /MetricsApi/, reason: 'A web ACL costs 5 USD a month, more than the whole stack idle. Callers are authorised by IAM and throttled.' },
  { rule: /APIG4$/, path: /\/health\/(GET|ANY)\//, reason: 'GET /health is open, says ok and touches nothing.' },
  { rule: /COG4$/, path: /MetricsApi/, reason: 'IAM authorises. Cognito is a choice: ApiAuthorization.cognito().' },
  { rule: /IAM5\[Resource::<\w*Bucket\w*\.Arn>\/\*\]/, path: /LogProcessor|high-error-rate/, reason: 'Log objects are named by whoever uploads them.' },
  { rule: /IAM5\[Resource::<\w*Bucket\w*\.Arn>\/quarantine\/\*\]/, path: /LogProcessor/, reason: 'Writes are narrowed to the quarantine.' },
  { rule: /IAM5\[Resource::\*\]/, path: /Runbooks\//, reason: 'GetMetricData, LookupEvents and the like know no resource.' },
  { rule: /IAM5\[Resource::<\w+\.Arn>:\*\]/, path: /Runbooks\//, reason: 'Versions and aliases of one monitored function.' },
  { rule: /IAM5\[Resource::arn:<AWS::Partition>:logs:.*:\*\]/, path: /Runbooks\//, reason: 'Log streams of one monitored log group.' },
  { rule: /IAM5\[Resource::arn:<AWS::Partition>:apigateway:.*\/restapis\/<\w+>\/\*\]/, path: /Runbooks\//, reason: 'Stages and integrations of one monitored API.' },
  { rule: /IAM5\[Resource::<\w+\.Arn>\/index\/\*\]/, path: /dynamodb-throttling/, reason: 'Indexes of one monitored table.' },
  { rule: /IAM5\[Resource::.*insight-rule\/DynamoDBContributorInsights/, path: /dynamodb-throttling/, reason: 'Contributor Insights names the rules of one table by itself.' },
  { rule: /IAM5\[Resource::.*parameter\/runbooks\/\*\]/, path: /RunbookExecutor/, reason: 'The runbook links and the runbook table of this deployment.' },
  { rule: /IAM5\[Resource::\*\]/, path: /RunbookExecutor/, reason: 'DescribeAlarms returns composite alarms only to whoever may describe all.' },
  { rule: /IAM5\[Resource::.*:alarm:\*\]/, path: /RunbookExecutor/, reason: 'Any alarm may be routed here; it is only read.' },
];

test('cdk-nag AwsSolutions finds nothing in the zero-props stack that is not explained', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new ServerlessMonitoring(stack, 'Monitoring');
  app.synth();
  const findings = new AwsSolutionsChecks(app).validateScope(stack).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map((resource) => ({ rule: ruleName, path: String(resource.constructPath) })));

  const explains = (finding: { rule: string; path: string }) => RESIDUE.filter(({ rule, path }) => rule.test(finding.rule) && path.test(finding.path));
  expect(findings.length).toBeGreaterThan(0); // The pack did run.
  expect(findings.filter((finding) => explains(finding).length === 0)).toEqual([]);
  expect(RESIDUE.filter((line) => !findings.some((finding) => explains(finding).includes(line)))).toEqual([]);
});
