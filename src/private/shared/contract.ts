/**
 * Contract v1 between the executor and a runbook's handler: the request the handler receives, the result it returns.
 * Handlers of every kind speak it, the built-in ones included. It holds no CDK and no AWS SDK type, so that a handler in
 * any language can be written against it.
 */

/** The version of request and result described here. */
export const CONTRACT_VERSION = '1';

/** The largest result a handler may return, in bytes of JSON. */
export const MAX_RESULT_BYTES = 200 * 1024;

/** The longest summary, in characters: what fits on a phone's lock screen. */
export const MAX_SUMMARY_LENGTH = 280;

export const RUN_MODES = ['INVESTIGATE', 'SECOND_LOOK', 'DRILL', 'REPLAY'] as const;
/** Why the handler is called. */
export type RunMode = typeof RUN_MODES[number];

export const RUN_STATUSES = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'SKIPPED'] as const;
/** How the run ended. */
export type RunStatus = typeof RUN_STATUSES[number];

export const EVIDENCE_STATUSES = ['OK', 'NO_DATA', 'INCOMPLETE', 'NOT_CONFIGURED', 'ACCESS_DENIED', 'NOT_AVAILABLE', 'TIMED_OUT', 'ERROR'] as const;
/** What became of one look at the cloud. NO_DATA is never zero; ACCESS_DENIED names the missing IAM action. */
export type EvidenceStatus = typeof EVIDENCE_STATUSES[number];

export const EVIDENCE_KINDS = ['METRIC', 'LOG', 'CHANGE', 'CONFIG', 'TRACE', 'KEY'] as const;
/** Where a piece of evidence comes from. */
export type EvidenceKind = typeof EVIDENCE_KINDS[number];

export const CONFIDENCES = ['HIGH', 'MEDIUM', 'LOW'] as const;
/** How sure a verdict is. */
export type Confidence = typeof CONFIDENCES[number];

export const VERDICT_CATEGORIES = [
  'DEPLOYMENT', 'CAPACITY', 'DEPENDENCY', 'CONFIGURATION', 'PERMISSION', 'TRAFFIC', 'CLIENT', 'CODE', 'DATA_LOSS', 'AWS',
  'RECOVERED', 'INCONCLUSIVE',
] as const;
/** The field a verdict belongs to. */
export type VerdictCategory = typeof VERDICT_CATEGORIES[number];

export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;
/** How urgent an alarm is. */
export type Severity = typeof SEVERITIES[number];

/** The state of a CloudWatch alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A span of time in UTC, half-open: the start is in, the end is not. */
export interface TimeWindow {
  /**
   * Its first moment.
   * @format date-time
   */
  readonly start: string;
  /**
   * The moment after its last.
   * @format date-time
   */
  readonly end: string;
}

/** One metric that an alarm watches. */
export interface AlarmMetric {
  /** Such as `AWS/Lambda`. */
  readonly namespace: string;
  /** Such as `Errors`. */
  readonly name: string;
  /** Values by the dimension's name. */
  readonly dimensions: Record<string, string>;
  /** As CloudWatch spells it: `Sum`, `Average`, `p99`. */
  readonly statistic: string;
  /** In seconds. */
  readonly period: number;
}

/** The alarm as DescribeAlarms tells it, whatever shape its message had. */
export interface AlarmFacts {
  /** Which alarm. */
  readonly arn: string;
  /** Its name, unique in its account and region. */
  readonly name: string;
  /** A composite alarm watches other alarms. */
  readonly type: 'METRIC' | 'COMPOSITE';
  /** The alarm's own description. */
  readonly description?: string;
  /** The state when the alarm was read again, just before the run. */
  readonly state: AlarmState;
  /** The state before the change that is investigated. */
  readonly previousState?: AlarmState;
  /**
   * When the state changed.
   * @format date-time
   */
  readonly stateTimestamp: string;
  /** CloudWatch's own words for the change of state. */
  readonly reason: string;
  /** What the metric is compared with. */
  readonly threshold?: number;
  /** As CloudWatch spells it: `GreaterThanThreshold`. */
  readonly comparison?: string;
  /** In seconds; the longest, where several metrics are watched. */
  readonly period?: number;
  /** So many periods are looked at. */
  readonly evaluationPeriods?: number;
  /** So many of them must be bad. */
  readonly datapointsToAlarm?: number;
  /** A metric-math alarm's expression. */
  readonly expression?: string;
  /** What is watched; of a composite alarm, what its children watch. */
  readonly metrics: AlarmMetric[];
  /** A composite alarm's children, by name. */
  readonly children: string[];
  /** Values by the tag's key. */
  readonly tags: Record<string, string>;
  /** The account of the alarm. */
  readonly accountId: string;
  /** The region of the alarm, such as `eu-west-1`. */
  readonly region: string;
}

/** A REST API stage, and the functions behind it. */
export interface ApiTarget {
  /** Tells the kinds of target apart. */
  readonly type: 'api';
  /** The value of the metric dimension `ApiName`. */
  readonly name: string;
  /** The value of the metric dimension `Stage`. */
  readonly stage: string;
  /** Id of the REST API. */
  readonly apiId?: string;
  /** Names of the functions behind it. */
  readonly functions: string[];
  /** Name of the log group of its access log. */
  readonly accessLogGroup?: string;
}

/** A Lambda function. */
export interface FunctionTarget {
  /** Tells the kinds of target apart. */
  readonly type: 'function';
  /** The function's name. */
  readonly name: string;
  /** The alias that the alarm watches. */
  readonly alias?: string;
  /** Name of its log group. */
  readonly logGroup?: string;
}

/** A DynamoDB table. */
export interface TableTarget {
  /** Tells the kinds of target apart. */
  readonly type: 'table';
  /** The table's name. */
  readonly name: string;
  /** Names of its global secondary indexes. */
  readonly indexes?: string[];
}

/** An SQS queue. */
export interface QueueTarget {
  /** Tells the kinds of target apart. */
  readonly type: 'queue';
  /** The queue's name. */
  readonly name: string;
}

/** A (service, metric) that came from the logs. */
export interface ServiceTarget {
  /** Tells the kinds of target apart. */
  readonly type: 'service';
  /** The service's name. */
  readonly name: string;
  /** The metric's name. */
  readonly metric: string;
}

/** What an alarm is about, resolved among the resources that were registered. */
export type Target = ApiTarget | FunctionTarget | TableTarget | QueueTarget | ServiceTarget;

/** What a handler receives. */
export interface RunbookRequest {
  /** Version of this contract. */
  readonly schemaVersion: typeof CONTRACT_VERSION;
  /** The incident that this run belongs to. */
  readonly incidentId: string;
  /** This run; the result repeats it. */
  readonly runId: string;
  /** How the runbook was registered. */
  readonly runbook: {
    /** Name of the runbook. */
    readonly name: string;
    /** Its `parameters`. */
    readonly parameters: Record<string, string>;
  };
  /** Why the handler is called. */
  readonly mode: RunMode;
  /** What fired. */
  readonly alarm: AlarmFacts;
  /** The incident window, and the windows to compare it with. A handler that finds the onset may narrow them. */
  readonly window: TimeWindow & {
    /** Spans of the same length: just before, the day before, the week before. */
    readonly baselines: TimeWindow[];
  };
  /** Empty where the alarm watches nothing that was registered. */
  readonly targets: Target[];
  /** What else is known. */
  readonly context: {
    /** Earlier incidents of the same alarm, the latest first. */
    readonly previousIncidents: PreviousIncident[];
    /** Link of the written runbook; empty where there is none. */
    readonly documentationUrl: string;
  };
  /**
   * A result that is not back by then is not waited for.
   * @format date-time
   */
  readonly deadline: string;
}

/** An earlier incident of the same alarm. */
export interface PreviousIncident {
  /** Id of the incident. */
  readonly id: string;
  /**
   * When it began.
   * @format date-time
   */
  readonly opened: string;
  /**
   * When it ended.
   * @format date-time
   */
  readonly closed?: string;
  /** What its last run concluded. */
  readonly ruleId?: string;
  /** The headline of that. */
  readonly title?: string;
}

/** One look at the cloud, and what it showed. */
export interface Evidence {
  /** The handler's own, such as `status-page`. */
  readonly id: string;
  /** Where it comes from. */
  readonly kind: EvidenceKind;
  /** What became of the look. */
  readonly status: EvidenceStatus;
  /** One sentence for people. */
  readonly summary: string;
  /** Console link. */
  readonly link?: string;
  /** JSON, for machines and for replay. */
  readonly data?: unknown;
}

/** What the rules concluded. */
export interface Verdict {
  /**
   * Such as `HE-02`: stable, and a section of the written runbook.
   * @maxLength 280
   */
  readonly ruleId: string;
  /**
   * Headline of the report.
   * @maxLength 280
   */
  readonly title: string;
  /** How sure it is. */
  readonly confidence: Confidence;
  /** The field it belongs to. */
  readonly category: VerdictCategory;
}

/** Another rule that holds, or a fact worth telling. */
export interface Finding {
  /** The verdict's own finding has the verdict's: the evidence it names is shown first. */
  readonly ruleId?: string;
  /** One sentence for people. */
  readonly summary: string;
  /** Ids of the evidence it rests on. */
  readonly evidence: string[];
}

/** A rule that does not hold. */
export interface RuledOut {
  /** Which rule. */
  readonly ruleId: string;
  /** What speaks against it. */
  readonly why: string;
}

/** Something that could not be seen. */
export interface NotChecked {
  /** What could not be seen. */
  readonly what: string;
  /** What became of the look. */
  readonly status: EvidenceStatus;
  /** How that can be changed; where access was denied, it names the IAM action. */
  readonly fix: string;
}

/** What the run took. */
export interface RunMetrics {
  /**
   * Milliseconds from request to result.
   * @minimum 0
   */
  readonly durationMs: number;
  /**
   * Calls of other systems.
   * @minimum 0
   */
  readonly apiCalls: number;
  /**
   * Bytes that log queries went through.
   * @minimum 0
   */
  readonly logBytesScanned: number;
}

/** What a handler returns: at most 200 KB of JSON. */
export interface RunbookResult {
  /** Version of this contract. */
  readonly schemaVersion: typeof CONTRACT_VERSION;
  /** The request's own. */
  readonly runId: string;
  /** How the run ended. */
  readonly status: RunStatus;
  /**
   * What people read first.
   * @maxLength 280
   */
  readonly summary: string;
  /** What the handler concluded. */
  readonly verdict: Verdict;
  /** What else is worth telling. */
  readonly findings: Finding[];
  /** What it is not. */
  readonly ruledOut: RuledOut[];
  /** What could not be seen. Having no data is not the same as having no errors. */
  readonly notChecked: NotChecked[];
  /** What was looked at, and what it showed. */
  readonly evidence: Evidence[];
  /** What a person might do next; nothing is done by itself. */
  readonly proposedActions: string[];
  /** What the run took. */
  readonly metrics: RunMetrics;
}
