import { Aws, CfnMapping, CfnResource, Stack, Tags, Token } from 'aws-cdk-lib';
import { Alarm, AlarmBase, ComparisonOperator, IAlarm, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AddAlarmOptions, AlarmOverride, RegisteredAlarm } from './alarm-options';
import { AlarmSeverity } from './alarm-severity';
import { ForeignAlarmRules } from './foreign-alarm-rules';
import { ForeignAlarms } from './foreign-alarms';
import { repositoryFileUrl } from '../private/library';
import { ParameterList } from '../private/parameter-list';
import { Target } from '../private/shared/contract';
import { ALARM_KEY_TAG, AlarmEntry, ForeignEntry } from '../private/shared/runbook-table';

/** An alarm that the library makes, before overrides. */
export interface AlarmDefinition {
  readonly key: string;
  readonly metric: Metric | MathExpression;
  /** What is wrong when it fires: one sentence. */
  readonly sentence: string;
  readonly severity: AlarmSeverity;
  readonly threshold: number;
  readonly comparisonOperator?: ComparisonOperator;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number;
  /** Stated for each alarm, on purpose. */
  readonly treatMissingData: TreatMissingData;
  /** Runbook whose page the description links; an alarm on our own parts has a section of its own on the page `monitoring`. */
  readonly page: string;
  /** An alarm on a part of this library. */
  readonly ownPart?: boolean;
  /** The runbook that investigates whatever the matchers say. */
  readonly runbook?: string;
  readonly service?: string;
  readonly targets?: Target[];
  /** An alarm on the alert path itself: reported, never investigated by it. */
  readonly own?: boolean;
}

/** An alarm and its entry in the runbook table. */
export interface RoutedAlarm {
  readonly alarm: IAlarm;
  readonly entry: AlarmEntry;
}

/** What the registry decides with. */
export interface AlarmRegistryProps {
  readonly topic: ITopic;
  readonly overrides: { [key: string]: AlarmOverride };
  readonly entries: ParameterList<AlarmEntry>;
  readonly foreignEntries: ParameterList<ForeignEntry>;
  readonly foreign: ForeignAlarmRules;
  /** Address of the written page of a runbook. */
  readonly pageOf: (runbook: string) => string;
  /** The registered runbooks. */
  readonly runbookNames: () => string[];
}

/** The one place that decides an alarm's name, severity, actions, tags and description. */
export class AlarmRegistry extends Construct {
  public readonly alarms: RegisteredAlarm[] = [];
  /** Those that runbooks investigate, with what the executor knows of them. */
  public readonly routed: RoutedAlarm[] = [];
  private readonly known = new Set<string>();
  /** The keys that `alarmOverrides` may have: alarms that somebody else made are tuned where they are made. */
  private readonly overridable = new Set<string>();
  /** Alarms that name their runbook, by key. */
  private readonly namedRunbooks = new Map<string, string>();
  private readonly consoles: CfnMapping;

  constructor(scope: Construct, id: string, private readonly props: AlarmRegistryProps) {
    super(scope, id);
    this.consoles = new CfnMapping(this, 'Consoles', {
      mapping: {
        'aws': { host: 'console.aws.amazon.com' },
        'aws-cn': { host: 'console.amazonaws.cn' },
        'aws-us-gov': { host: 'console.amazonaws-us-gov.com' },
      },
    });
    this.node.addValidation({ validate: () => [...this.unknownOverrides(), ...this.unknownRunbooks()] });
  }

  /** Makes an alarm; undefined where an override switches it off. */
  public create(definition: AlarmDefinition): Alarm | undefined {
    const { key } = definition;
    this.claim(key);
    this.overridable.add(key);
    const override = this.props.overrides[key] ?? {};
    if (override.enabled === false) {
      return undefined;
    }
    this.check(definition, override);
    const runbook = override.runbook ?? definition.runbook;
    const severity = override.severity ?? definition.severity;
    const alarm = new Alarm(this, constructId(key), {
      metric: override.period ? definition.metric.with({ period: override.period }) : definition.metric,
      alarmDescription: this.describe({ ...definition, page: override.runbook ?? definition.page }),
      threshold: override.threshold ?? definition.threshold,
      comparisonOperator: definition.comparisonOperator ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: override.evaluationPeriods ?? definition.evaluationPeriods,
      datapointsToAlarm: override.datapointsToAlarm ?? definition.datapointsToAlarm,
      treatMissingData: definition.treatMissingData,
    });
    Tags.of(alarm).add(ALARM_KEY_TAG, key.replace(/[^\p{L}\p{N} _.:/=+\-@]/gu, '-').slice(0, 256));
    if (override.topic) {
      notify(alarm, override.topic);
    } else {
      notify(alarm, this.props.topic);
      this.route(alarm, {
        arn: alarm.alarmArn,
        key,
        severity,
        runbook,
        service: definition.service,
        targets: definition.targets,
        own: definition.own,
      });
    }
    this.alarms.push({ key, alarm, severity });
    return alarm;
  }

  /** Routes an alarm that somebody else made. One of another stack is never modified: its events are listened to. */
  public add(alarm: IAlarm, options: AddAlarmOptions) {
    const key = Token.isUnresolved(alarm.node.path) ? alarm.alarmArn : alarm.node.path;
    this.claim(key);
    const foreign = Stack.of(alarm) !== Stack.of(this) || !CfnResource.isCfnResource(alarm.node.defaultChild);
    if (foreign) {
      this.props.foreign.listenTo(alarm);
    } else {
      notify(alarm as AlarmBase, this.props.topic);
    }
    this.route(alarm, { arn: alarm.alarmArn, key, severity: options.severity, runbook: options.runbook, ...(foreign && { foreign }) });
    this.alarms.push({ key, alarm, severity: options.severity });
  }

  /** Listens to alarms that others made. */
  public addForeign(alarms: ForeignAlarms) {
    const entry = alarms._render();
    const { namePrefix, tagKey, tagValue, runbook } = entry;
    if (namePrefix === '' || tagKey === '' || tagValue === '') {
      throw new Error(`${this.node.path}: foreign alarms are asked for by ${alarms._describe()}, which has an empty part: expected a name's beginning such as 'prod-', or a tag's key and value.`);
    }
    const key = `the foreign alarms of ${alarms._describe()}`;
    this.claim(key);
    if (namePrefix === undefined) {
      this.props.foreign.listenToAll();
    } else {
      this.props.foreign.listenToPrefix(namePrefix);
    }
    this.name(key, runbook);
    this.props.foreignEntries.add(entry);
  }

  /** What CloudWatch would refuse at deployment, or what would make the alarm blind. */
  private check(definition: AlarmDefinition, override: AlarmOverride) {
    const evaluationPeriods = override.evaluationPeriods ?? definition.evaluationPeriods;
    const datapointsToAlarm = override.datapointsToAlarm ?? definition.datapointsToAlarm ?? evaluationPeriods;
    if (datapointsToAlarm > evaluationPeriods) {
      throw new Error(`${this.node.path}: the alarm '${definition.key}' cannot have ${datapointsToAlarm} bad datapoints among ${evaluationPeriods}. Raise evaluationPeriods in alarmOverrides too.`);
    }
    if (definition.service !== undefined && override.period) {
      throw new Error(`${this.node.path}: the period of the service alarm '${definition.key}' is its bucket's: set it in addServiceAlarm, not in alarmOverrides.`);
    }
  }

  private claim(key: string) {
    if (this.known.has(key)) {
      throw new Error(`${this.node.path}: the alarm '${key}' is registered twice. Register each alarm and each resource once.`);
    }
    this.known.add(key);
  }

  private route(alarm: IAlarm, entry: AlarmEntry) {
    this.name(entry.key, entry.runbook);
    this.props.entries.add(entry);
    this.routed.push({ alarm, entry });
  }

  private name(key: string, runbook?: string) {
    if (runbook !== undefined) {
      this.namedRunbooks.set(key, runbook);
    }
  }

  private describe(definition: AlarmDefinition): string {
    const page = definition.ownPart
      ? repositoryFileUrl(`docs/runbooks/monitoring.md#${definition.key.toLowerCase().replace('/', '-')}`)
      : this.props.pageOf(definition.page);
    const console = `https://${this.consoles.findInMap(Aws.PARTITION, 'host')}/cloudwatch/home?region=${Aws.REGION}#alarmsV2:`;
    return `${definition.sentence}\nRunbook: ${page}\nConsole: ${console}`;
  }

  private unknownOverrides(): string[] {
    const unknown = Object.keys(this.props.overrides).filter((key) => !this.overridable.has(key));
    return unknown.map((key) => `${this.node.path}: alarmOverrides has '${key}', which is no alarm that is made here; those are: ${[...this.overridable].sort().join(', ')}.`);
  }

  /** Runbooks may be registered after the alarms that name them, so this is looked at in the end. */
  private unknownRunbooks(): string[] {
    const registered = this.props.runbookNames();
    return [...this.namedRunbooks].filter(([, runbook]) => !registered.includes(runbook))
      .map(([key, runbook]) => `${this.node.path}: the alarm '${key}' names the runbook '${runbook}', which is not registered; the runbooks are: ${registered.join(', ')}.`);
  }
}

/** A key without its slashes, told apart from a key that has dashes in their place. */
function constructId(key: string): string {
  return key.replace(/-/g, '--').replace(/\//g, '-');
}

/** All three states go to the topic: OK closes an incident, INSUFFICIENT_DATA belongs to its timeline. */
function notify(alarm: AlarmBase, topic: ITopic) {
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  alarm.addInsufficientDataAction(action);
}
