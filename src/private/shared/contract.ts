/**
 * Contract v1 between the executor and a runbook's handler: the request the handler receives, the result it returns.
 *
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

export const EVIDENCE_STATUSES = [
  'OK', 'NO_DATA', 'INCOMPLETE', 'NOT_CONFIGURED', 'ACCESS_DENIED', 'NOT_AVAILABLE', 'TIMED_OUT', 'ERROR',
] as const;
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

/** A span of time, half-open `[start, end)`, ISO 8601 in UTC. */
export interface TimeWindow {
  readonly start: string;
  readonly end: string;
}

/** One metric that an alarm watches. */
export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Record<string, string>;
  /** As CloudWatch spells it: `Sum`, `Average`, `p99`. */
  readonly statistic: string;
  /** In seconds. */
  readonly period: number;
}

/** The alarm as DescribeAlarms tells it, whatever shape its message had. */
export interface AlarmFacts {
  readonly arn: string;
  readonly name: string;
  readonly type: 'METRIC' | 'COMPOSITE';
  readonly description?: string;
  readonly state: AlarmState;
  readonly previousState?: AlarmState;
  /** ISO 8601. */
  readonly stateTimestamp: string;
  /** CloudWatch's own words for the change of state. */
  readonly reason: string;
  readonly threshold?: number;
  /** As CloudWatch spells it: `GreaterThanThreshold`. */
  readonly comparison?: string;
  /** In seconds. */
  readonly period?: number;
  readonly evaluationPeriods?: number;
  readonly datapointsToAlarm?: number;
  /** A metric-math alarm's expression. */
  readonly expression?: string;
  readonly metrics: AlarmMetric[];
  /** A composite alarm's children, by name. */
  readonly children: string[];
  readonly tags: Record<string, string>;
  readonly accountId: string;
  readonly region: string;
}

/** A REST API stage, and the functions behind it. */
export interface ApiTarget {
  readonly type: 'api';
  /** The value of the metric dimension `ApiName`. */
  readonly name: string;
  readonly stage: string;
  readonly apiId?: string;
  /** Names of the functions behind it. */
  readonly functions: string[];
  readonly accessLogGroup?: string;
}

/** A Lambda function. */
export interface FunctionTarget {
  readonly type: 'function';
  readonly name: string;
  readonly alias?: string;
  readonly logGroup?: string;
}

/** A DynamoDB table. */
export interface TableTarget {
  readonly type: 'table';
  readonly name: string;
  readonly indexes?: string[];
}

/** An SQS queue. */
export interface QueueTarget {
  readonly type: 'queue';
  readonly name: string;
}

/** A (service, metric) that came from the logs. */
export interface ServiceTarget {
  readonly type: 'service';
  readonly name: string;
  readonly metric: string;
}

/** What an alarm is about, resolved among the resources that were registered. */
export type Target = ApiTarget | FunctionTarget | TableTarget | QueueTarget | ServiceTarget;

/** What a handler receives. */
export interface RunbookRequest {
  readonly schemaVersion: typeof CONTRACT_VERSION;
  readonly incidentId: string;
  readonly runId: string;
  readonly runbook: { readonly name: string; readonly parameters: Record<string, string> };
  readonly mode: RunMode;
  readonly alarm: AlarmFacts;
  /** The incident window, and the windows to compare it with. A handler that finds the onset may narrow them. */
  readonly window: TimeWindow & { readonly baselines: TimeWindow[] };
  readonly targets: Target[];
  readonly context: { readonly previousIncidents: PreviousIncident[]; readonly documentationUrl: string };
  /** ISO 8601: a result that is not back by then is not waited for. */
  readonly deadline: string;
}

/** An earlier incident of the same alarm. */
export interface PreviousIncident {
  readonly id: string;
  readonly opened: string;
  readonly closed?: string;
  readonly ruleId?: string;
  readonly title?: string;
}

/** One look at the cloud, and what it showed. */
export interface Evidence {
  readonly id: string;
  readonly kind: EvidenceKind;
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
  /** Such as `HE-02`: stable, and a section of the written runbook. */
  readonly ruleId: string;
  readonly title: string;
  readonly confidence: Confidence;
  readonly category: VerdictCategory;
}

/** Another rule that holds, or a fact worth telling. */
export interface Finding {
  readonly ruleId?: string;
  readonly summary: string;
  /** Ids of the evidence it rests on. */
  readonly evidence: string[];
}

/** What a handler returns. */
export interface RunbookResult {
  readonly schemaVersion: typeof CONTRACT_VERSION;
  readonly runId: string;
  readonly status: RunStatus;
  readonly summary: string;
  readonly verdict: Verdict;
  readonly findings: Finding[];
  readonly ruledOut: { readonly ruleId: string; readonly why: string }[];
  readonly notChecked: { readonly what: string; readonly status: EvidenceStatus; readonly fix: string }[];
  readonly evidence: Evidence[];
  /** What a person might do next; nothing is done by itself. */
  readonly proposedActions: string[];
  readonly metrics: { readonly durationMs: number; readonly apiCalls: number; readonly logBytesScanned: number };
}
