import type { Severity, Target } from './contract';

/**
 * The resolved runbook table: data that the deployment carries to the executor through SSM parameters.
 *
 * Every parameter under `<prefix>/config/` holds one `TableChunk`; together they are the table. The links themselves are
 * the parameters `<prefix>/<runbook>`, so that one call reads both.
 */

/** Name of the path element, under the runbook prefix, that holds the table. No runbook may have this name. */
export const TABLE_PATH = 'config';

/** Tag of every alarm that the library makes: its key, which says more than the name that CloudFormation gives. */
export const ALARM_KEY_TAG = 'serverless-monitoring:alarm';

/** The runbooks that come with the library; registering one of these names replaces it. */
export const BUILT_IN_RUNBOOKS = ['high-error-rate', 'high-latency', 'lambda-error', 'dynamodb-throttling', 'general'] as const;
export type BuiltInRunbook = typeof BUILT_IN_RUNBOOKS[number];

/** What an alarm must be for a runbook to run, in order of precedence: the best class that matches wins. */
export const MATCHER_CLASSES = ['ALARM', 'TAG', 'NAME_PATTERN', 'METRIC', 'NAMESPACE', 'ANY'] as const;
export type MatcherClass = typeof MATCHER_CLASSES[number];

/** One matcher of a runbook. */
export interface MatcherEntry {
  readonly class: MatcherClass;
  /** ALARM: the alarm's ARN. */
  readonly alarmArn?: string;
  /** TAG. */
  readonly tagKey?: string;
  readonly tagValue?: string;
  /** NAME_PATTERN: a pattern in which `*` stands for any characters. */
  readonly pattern?: string;
  /** METRIC, NAMESPACE. */
  readonly namespace?: string;
  /** METRIC: the metric's name; a trailing `*` stands for any characters. */
  readonly metricName?: string;
}

/** One registered runbook. */
export interface RunbookEntry {
  readonly name: string;
  /** Position of its registration: runbooks of the same class run in this order. */
  readonly order: number;
  /** The function to invoke; absent where a state machine is started, and for a manual runbook (a link only). */
  readonly functionArn?: string;
  /** The express state machine to start. */
  readonly stateMachineArn?: string;
  readonly matches: MatcherEntry[];
  readonly severity?: Severity;
  /** In seconds. */
  readonly timeout: number;
  /** In seconds. */
  readonly cooldown: number;
  readonly maxRunsPerHour: number;
  readonly parameters: Record<string, string>;
}

/** What the deployment knows about one alarm. */
export interface AlarmEntry {
  readonly arn: string;
  /** The key of `alarmOverrides`. */
  readonly key: string;
  /** Absent where nobody said: the runbook's severity then counts. */
  readonly severity?: Severity;
  /** The runbook that `addAlarm` names: it wins over every matcher. */
  readonly runbook?: string;
  /** The service that a service alarm watches. */
  readonly service?: string;
  /** Targets that its dimensions do not tell. */
  readonly targets?: Target[];
  /** True for the alarms on the alert path itself: reported, never investigated by the executor. */
  readonly own?: boolean;
  /** True for alarms that are not ours to modify: their events are listened to, in the place of messages of their own. */
  readonly foreign?: boolean;
}

/** Alarms that others made, told by what they are like; either `namePrefix` or the tag is set. */
export interface ForeignEntry {
  readonly namePrefix?: string;
  readonly tagKey?: string;
  readonly tagValue?: string;
  readonly severity?: Severity;
  /** The runbook that investigates them: it wins over every matcher. */
  readonly runbook?: string;
}

/** One SSM parameter of the table. */
export interface TableChunk {
  readonly runbooks?: RunbookEntry[];
  readonly alarms?: AlarmEntry[];
  readonly foreign?: ForeignEntry[];
  /** The registered resources, among which an alarm's dimensions are resolved. */
  readonly targets?: Target[];
}
