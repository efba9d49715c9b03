import { isObject } from '../../lambda-src/shared/is-object';

/** A template's resources, as far as they are read here. */
export type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>>;

/** What the alarm's message tells about the deployed stack. */
export interface Deployed {
  readonly alarmArn: string;
  /** Names that the alarm mentions: its own, its children's, the values of its dimensions. */
  readonly names: readonly string[];
}

/** Where a resource's name stands, if the app gave it one. */
const NAME_PROPERTIES = ['AlarmName', 'FunctionName', 'TableName', 'QueueName', 'LogGroupName'];
/** CloudFormation cuts the logical id in a name that would be too long; a shorter part could be another resource's, too. */
const SHORTEST_PART = 20;

/**
 * The text of a template's value. What only the deployment knows stays there as `${LogicalId}` or `${LogicalId.Arn}`,
 * unless a name that the alarm mentions is one that CloudFormation makes of that logical id.
 */
export function textOf(value: unknown, resources: Resources, deployed: Deployed): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (!isObject(value)) return '${unknown}';
  const join = value['Fn::Join'];
  if (Array.isArray(join)) return (join[1] as unknown[]).map((part) => textOf(part, resources, deployed)).join(String(join[0]));
  const attribute = value['Fn::GetAtt'];
  if (Array.isArray(attribute)) return attributeOf(String(attribute[0]), String(attribute[1]), resources, deployed);
  if (typeof value.Ref === 'string') return pseudo(value.Ref, deployed) ?? nameOf(value.Ref, resources, deployed) ?? `\${${value.Ref}}`;
  return `\${${Object.keys(value)[0] ?? 'unknown'}}`;
}

export const isUnresolved = (text: string) => text.includes('${');

function attributeOf(id: string, attribute: string, resources: Resources, deployed: Deployed): string {
  const isAlarm = /^AWS::CloudWatch::(Composite)?Alarm$/.test(resources[id]?.Type ?? '');
  const name = attribute === 'Arn' && isAlarm ? nameOf(id, resources, deployed) : undefined;
  return name === undefined ? `\${${id}.${attribute}}` : [...deployed.alarmArn.split(':').slice(0, 6), name].join(':');
}

/** A name that the app gave, or one that CloudFormation made: `<stack>-<logical id>-<random>`. */
function nameOf(id: string, resources: Resources, { names }: Deployed): string | undefined {
  const properties = resources[id]?.Properties ?? {};
  const given = NAME_PROPERTIES.map((property) => properties[property]).find((name) => typeof name === 'string');
  if (given) return given as string;
  return names.find((name) => {
    const [, part] = /-([A-Za-z0-9]+)-[A-Za-z0-9]{8,16}$/.exec(name) ?? [];
    return part !== undefined && (part === id || (part.length >= SHORTEST_PART && id.startsWith(part)));
  });
}

function pseudo(name: string, { alarmArn }: Deployed): string | undefined {
  const [, partition, , region, account] = alarmArn.split(':');
  return { 'AWS::Partition': partition, 'AWS::Region': region, 'AWS::AccountId': account }[name];
}
