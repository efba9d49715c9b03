import type { Cloud, StackResource } from './cloud';
import { type Finding, finding, hint } from './finding';
import { executorRole, handlers } from './handlers';
import type { RunbookTable } from '../../lambda-src/runbook-executor/table';
import { TABLE_PATH } from '../../src/private/shared/runbook-table';
import { UsageError } from '../command';
import { alarmOf, explanationOf } from '../explain/explanation';

/** One subject of the examination. */
export interface Examined {
  readonly check: string;
  readonly findings: readonly Finding[];
}

/** Looks at a deployed stack of the library's. A check that fails is a finding of its own, and keeps no other from being made. */
export async function examine(cloud: Cloud, stack: string): Promise<Examined[]> {
  const resources = await cloud.resources(stack);
  const ids = (type: string) => resources.filter((resource) => resource.type === type).map(({ id }) => id);
  const prefix = prefixOf(resources);
  if (prefix === undefined) throw new UsageError(`the stack ${stack} holds no runbook table: no SSM parameter lies under <prefix>/${TABLE_PATH}/. Name the stack that has ServerlessMonitoring or AlertingWithRunbooks`);
  const examined = [
    await check('subscriptions', () => subscriptions(cloud, ids('AWS::SNS::Topic'))),
    await check('dead-letter queues', () => deadLetters(cloud, ids('AWS::SQS::Queue'))),
  ];
  let table: RunbookTable | undefined;
  examined.push(await check('runbook parameters', async () => {
    const read = await cloud.table(prefix);
    table = read.table;
    return parameters(read, prefix);
  }));
  if (!table) return examined;
  const known = table;
  return [
    ...examined,
    await check('handlers', () => handlers(cloud, known.runbooks)),
    await check('executor\'s role', () => executorRole(cloud, known.runbooks, { functions: ids('AWS::Lambda::Function'), prefix })),
    await check('monitored functions', () => functions(cloud, known)),
    await check('monitored tables', () => tables(cloud, known)),
    await check('alarms', () => alarms(cloud, known, ids('AWS::SNS::Topic'))),
  ];
}

async function check(name: string, look: () => Promise<Finding[]>): Promise<Examined> {
  try {
    return { check: name, findings: await look() };
  } catch (error) {
    const { name: kind, message } = error as Error;
    return { check: name, findings: [finding(`could not be checked: ${kind}: ${message}`, 'allow your own credentials to read it, or look by hand')] };
  }
}

function prefixOf(resources: readonly StackResource[]): string | undefined {
  const [found] = resources.flatMap(({ type, id }) => type === 'AWS::SSM::Parameter' ? new RegExp(`^(.*)/${TABLE_PATH}/runbooks/`).exec(id)?.[1] ?? [] : []);
  return found;
}

async function subscriptions(cloud: Cloud, topics: readonly string[]): Promise<Finding[]> {
  const all = (await Promise.all(topics.map((topic) => cloud.subscriptions(topic)))).flat();
  // The library's own queue is no person.
  const people = all.filter(({ protocol }) => protocol !== 'sqs');
  return [
    ...people.length === 0 ? [finding('nobody is told: the topics have no subscription but the library\'s queue', 'set alertEmails or subscriptions, and deploy')] : [],
    ...people.filter(({ confirmed }) => !confirmed).map(({ protocol, endpoint }) =>
      finding(`${endpoint} (${protocol}) has not confirmed its subscription: it is told nothing`, 'follow the link in AWS\'s mail; after 48 hours without it the subscription is removed, and must be made again')),
  ];
}

async function deadLetters(cloud: Cloud, urls: readonly string[]): Promise<Finding[]> {
  const queues = await Promise.all(urls.map(async (url) => ({ url, ...await cloud.queue(url) })));
  const targets = new Set(queues.flatMap(({ deadLetterArn }) => deadLetterArn ?? []));
  return queues.filter(({ arn, messages }) => targets.has(arn) && messages > 0).map(({ arn, messages }) =>
    finding(`${arn.split(':').pop()} holds ${messages} messages that could not be handled`, 'look into a message and the consumer\'s log, put the cause right, and redrive: aws sqs start-message-move-task'));
}

function parameters({ table, broken }: Awaited<ReturnType<Cloud['table']>>, prefix: string): Finding[] {
  return [
    ...broken.map((name) => finding(`${name} is no JSON: what it tells does not count`, 'deploy again to restore it; only the links (outside of config) are for changing by hand')),
    ...table.runbooks.length === 0 ? [finding(`no runbook is registered under ${prefix}`, 'deploy again, and leave the parameters under config alone')] : [],
    ...table.runbooks.filter(({ name }) => table.links[name] === undefined).map(({ name }) =>
      finding(`${prefix}/${name} is missing: reports of ${name} carry no link`, 'deploy again to restore it')),
  ];
}

async function functions(cloud: Cloud, { targets }: RunbookTable): Promise<Finding[]> {
  const monitored = targets.flatMap((target) => target.type === 'function' ? [target.name] : []);
  const behindApis = new Set(targets.flatMap((target) => target.type === 'api' ? target.functions : []));
  const found = await Promise.all([...new Set([...monitored, ...behindApis])].map(async (name) => {
    const fn = await cloud.lambdaFunction(name);
    if (!fn) return [finding(`the monitored function ${name} does not exist`, 'deploy the stack that monitors it again')];
    return [
      ...await cloud.hasLogGroup(fn.logGroup) ? [] : [noLogGroup(name, fn.logGroup)],
      ...fn.traced || !behindApis.has(name) ? [] : [hint(`${name} is behind an API and not traced: high-latency cannot tell what it waits for`, 'set tracing: Tracing.ACTIVE on the function')],
    ];
  }));
  return found.flat();
}

/** Lambda makes a function's default group at its first invocation; one of another name was made by somebody, and is gone. */
function noLogGroup(name: string, group: string): Finding {
  return group === `/aws/lambda/${name}`
    ? hint(`${name} has no log group yet: it was never invoked, or may not make one`, 'allow its role logs:CreateLogGroup, or give the function a log group')
    : finding(`the log group ${group} of ${name} does not exist: its errors cannot be read`, 'deploy the log group again');
}

async function tables(cloud: Cloud, { targets }: RunbookTable): Promise<Finding[]> {
  const names = [...new Set(targets.flatMap((target) => target.type === 'table' ? [target.name] : []))];
  const found = await Promise.all(names.map(async (name) => await cloud.hasContributorInsights(name) ? []
    : [hint(`${name} has no Contributor Insights: dynamodb-throttling cannot name hot keys`, 'set throttledKeyInsights: true on monitorTable')]));
  return found.flat();
}

/** Alarms that are told to the stack's topics. */
async function alarms(cloud: Cloud, table: RunbookTable, topics: readonly string[]): Promise<Finding[]> {
  const described = await cloud.alarms();
  const told = [...described.MetricAlarms, ...described.CompositeAlarms]
    .filter(({ AlarmActions = [] }) => AlarmActions.some((action) => topics.includes(action)));
  const found: Finding[] = [];
  for (const { AlarmName: name = '', AlarmArn: arn = '', ActionsEnabled } of told) {
    if (ActionsEnabled === false) found.push(finding(`the actions of the alarm ${name} are disabled: nobody is told`, `aws cloudwatch enable-alarm-actions --alarm-names "${name}"`));
    const alarm = await alarmOf({ described, name, notes: [] }, await cloud.alarmTags(arn));
    const { candidates, entry } = explanationOf(alarm, table, []);
    if (!entry?.own && !candidates.some(({ outcome }) => outcome === 'RUNS')) {
      found.push(finding(`no runbook takes the alarm ${name}`, 'register one whose matchers fit it, such as AlarmMatcher.any()'));
    }
  }
  return found;
}
