import * as v from 'valibot';
import { parse } from 'yaml';
import { CONFIDENCES, EVIDENCE_KINDS } from '../../src/private/shared/contract';

/** The scenario format of the runbooks. A key that is not known here is an error: a silently ignored one would prove nothing. */

const text = v.string();
const number = v.number();
const texts = v.array(text);
/** A span such as `-12m..+5m`, or a time such as `-14m`. */
const time = v.pipe(v.union([text, number]), v.transform(String));
const capacity = v.strictObject({ read: v.optional(number), write: v.optional(number) });

const alarm = v.strictObject({
  name: v.optional(text),
  namespace: text,
  metric: text,
  /** Further metrics of the same dimensions, for an `expression` over several. */
  plus: v.optional(texts, []),
  dimensions: v.optional(v.record(text, text), {}),
  statistic: v.optional(text, 'Sum'),
  threshold: v.optional(number),
  comparison: v.optional(text, 'GreaterThanThreshold'),
  period: v.optional(number, 60),
  evaluationPeriods: v.optional(number, 3),
  datapointsToAlarm: v.optional(number),
  expression: v.optional(text),
  region: v.optional(text, 'eu-west-1'),
  at: text,
});

const target = v.variant('type', [
  v.strictObject({
    type: v.literal('api'), name: text, stage: text, apiId: v.optional(text), functions: v.optional(texts, []), accessLogGroup: v.optional(text),
  }),
  v.strictObject({ type: v.literal('function'), name: text, alias: v.optional(text), logGroup: v.optional(text) }),
  v.strictObject({ type: v.literal('table'), name: text, indexes: v.optional(texts) }),
  v.strictObject({ type: v.literal('queue'), name: text }),
  v.strictObject({ type: v.literal('service'), name: text, metric: text }),
]);

const values = v.record(text, number);

const log = v.strictObject({ group: text, span: v.optional(time), at: v.optional(time), every: v.optional(text, '1m'), message: text });

const fn = v.strictObject({
  timeout: v.optional(number, 3),
  memory: v.optional(number, 128),
  versions: v.optional(v.array(v.strictObject({ version: v.pipe(v.union([text, number]), v.transform(String)), at: time })), []),
  aliases: v.optional(v.record(text, v.strictObject({
    version: v.pipe(v.union([text, number]), v.transform(String)), weights: v.optional(v.record(text, number), {}),
  })), {}),
  reservedConcurrency: v.optional(number),
  provisionedConcurrency: v.optional(v.record(text, number), {}),
  eventSources: v.optional(v.array(v.strictObject({
    arn: text,
    state: v.optional(text),
    batchSize: v.optional(number),
    bisect: v.optional(v.boolean()),
    maximumRetries: v.optional(number),
    lastResult: v.optional(text),
    onFailure: v.optional(text),
  })), []),
  async: v.optional(v.strictObject({
    maximumAge: v.optional(number), maximumRetries: v.optional(number), onFailure: v.optional(text), deadLetterTarget: v.optional(text),
  })),
  role: v.optional(text),
  kmsKey: v.optional(text),
  stack: v.optional(text),
  logGroup: v.optional(text),
  logFormat: v.optional(text),
  vpc: v.optional(v.boolean()),
  runtime: v.optional(text),
  state: v.optional(text, 'Active'),
  stateReasonCode: v.optional(text),
  stateReason: v.optional(text),
  lastUpdateStatus: v.optional(text),
});

const keyCount = v.strictObject({ key: text, count: number });
const indexKeys = {
  status: v.optional(text, 'ACTIVE'),
  backfilling: v.optional(v.boolean()),
  provisioned: v.optional(capacity),
  maximum: v.optional(capacity),
  contributorInsights: v.optional(v.strictObject({
    mode: v.optional(v.picklist(['ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS']), 'ACCESSED_AND_THROTTLED_KEYS'),
    throttledKeys: v.optional(v.array(keyCount), []),
    accessedKeys: v.optional(v.array(keyCount), []),
    throttledTotal: v.optional(number),
    accessedTotal: v.optional(number),
  })),
};
const scaling = v.strictObject({
  min: number,
  max: number,
  target: v.optional(number),
  activities: v.optional(v.array(v.strictObject({ at: time, status: text, description: v.optional(text) })), []),
});
const table = v.strictObject({
  ...indexKeys,
  billing: v.optional(v.picklist(['PROVISIONED', 'PAY_PER_REQUEST']), 'PAY_PER_REQUEST'),
  indexes: v.optional(v.record(text, v.strictObject(indexKeys)), {}),
  autoscaling: v.optional(v.strictObject({ read: v.optional(scaling), write: v.optional(scaling) })),
});

const world = v.strictObject({
  metrics: v.optional(v.array(v.strictObject({
    metric: text, dimensions: v.optional(v.record(text, text), {}), statistic: v.optional(text, 'Sum'), values,
  })), []),
  logs: v.optional(v.array(log), []),
  changes: v.optional(v.array(v.strictObject({
    at: time,
    event: text,
    resource: text,
    user: v.optional(text),
    request: v.optional(v.record(text, v.unknown())),
    errorCode: v.optional(text),
  })), []),
  history: v.optional(v.array(v.strictObject({ at: time, from: v.optional(text), to: text })), []),
  functions: v.optional(v.record(text, fn), {}),
  tables: v.optional(v.record(text, table), {}),
  accounts: v.optional(v.strictObject({
    concurrency: v.optional(number, 1000),
    dynamodb: v.optional(v.strictObject({ tableMaxRead: number, tableMaxWrite: number })),
  }), {}),
  apis: v.optional(v.record(text, v.strictObject({
    protocol: v.optional(v.picklist(['REST', 'HTTP']), 'REST'), name: v.optional(text), accessLog: v.optional(text), integrationTimeout: v.optional(number),
  })), {}),
  traces: v.optional(v.array(v.strictObject({
    span: time, every: v.optional(text, '1m'), root: text, duration: number, segments: v.record(text, number),
  })), []),
  services: v.optional(v.record(text, v.strictObject({
    metrics: v.optional(v.record(text, v.strictObject({ values })), {}),
    quarantined: v.optional(number, 0),
    lines: v.optional(v.array(v.omit(log, ['group'])), []),
  })), {}),
  denied: v.optional(texts, []),
  late: v.optional(texts, []),
  absent: v.optional(v.array(v.picklist(['xray', 'health', 'contributor-insights', 'cloudtrail'])), []),
});

const expect = v.strictObject({
  rule: text,
  confidence: v.optional(v.picklist(CONFIDENCES)),
  alsoAccept: v.optional(texts, []),
  alsoMention: v.optional(texts, []),
  cites: v.optional(v.array(v.picklist(EVIDENCE_KINDS)), []),
  rulesOut: v.optional(texts, []),
  notChecked: v.optional(texts),
  says: v.optional(texts, []),
  never: v.optional(texts, []),
});

/** The whole format; a test holds the documentation to it. */
export const scenario = v.strictObject({
  title: text,
  runbook: text,
  /** Of the runbook's registration. */
  parameters: v.optional(v.record(text, text), {}),
  now: v.optional(time, '+10m'),
  alarm,
  targets: v.optional(v.array(target), []),
  world: v.optional(world, {}),
  expect,
});

export type Scenario = v.InferOutput<typeof scenario>;
export type WorldSpec = Scenario['world'];
export type FunctionSpec = WorldSpec['functions'][string];
export type TableSpec = WorldSpec['tables'][string];

/** Reads a scenario, from YAML text or from an object of the same shape. */
export function parseScenario(source: unknown, name = 'scenario'): Scenario {
  const parsed = v.safeParse(scenario, typeof source === 'string' ? fromYaml(source, name) : source);
  if (parsed.success) return parsed.output;
  const reasons = parsed.issues.map((issue: v.BaseIssue<unknown>) =>
    `${v.getDotPath(issue) ?? '(whole)'}: found ${issue.received}, expected ${issue.expected ?? issue.message}`);
  throw new Error(`${name} is no scenario:\n  ${reasons.join('\n  ')}`);
}

function fromYaml(yaml: string, name: string): unknown {
  try {
    return parse(yaml);
  } catch (error) {
    throw new Error(`${name} is no YAML: ${(error as Error).message}`);
  }
}
