/**
 * The environment variables through which a construct configures its function: written by the one, read by the other.
 *
 * Only what is small and fixed is a variable (all of a function's variables share 4 KB); lists go through SSM parameters.
 */
export const Env = {
  /** Name of the metrics table. */
  METRICS_TABLE: 'METRICS_TABLE',
  /** How long parts are kept, in days. */
  SAMPLE_RETENTION_DAYS: 'SAMPLE_RETENTION_DAYS',
  /** How long the catalogue is kept after a series was last seen, in days. */
  ROLLUP_RETENTION_DAYS: 'ROLLUP_RETENTION_DAYS',
  /** URL of the queue that the function works with: of log objects, or of alarms. */
  QUEUE_URL: 'QUEUE_URL',
  /** Seconds after which a failed message comes back, by how often it was received; absent: `10,30,90`. */
  RETRY_DELAYS: 'RETRY_DELAYS',
  /** Key prefix of quarantine files in the log bucket. */
  QUARANTINE_PREFIX: 'QUARANTINE_PREFIX',
  /** Largest log object, in uncompressed bytes. */
  MAX_OBJECT_BYTES: 'MAX_OBJECT_BYTES',
  /** Longest line of a log object, in bytes. */
  MAX_LINE_BYTES: 'MAX_LINE_BYTES',
  /** SSM path under which the service alarms are listed; absent where there is none. */
  SERVICE_ALARMS_PATH: 'SERVICE_ALARMS_PATH',
  /** Name of the incident table; absent where the API has none. */
  INCIDENT_TABLE: 'INCIDENT_TABLE',
  /** How long incidents are kept, in days. */
  INCIDENT_RETENTION_DAYS: 'INCIDENT_RETENTION_DAYS',
  /** ARN of the topic that alarms publish on. */
  ALERT_TOPIC_ARN: 'ALERT_TOPIC_ARN',
  /** ARN of the topic that reports are published on. */
  REPORT_TOPIC_ARN: 'REPORT_TOPIC_ARN',
  /** ARN of the topic of chat channels; absent where there is none. */
  CHAT_TOPIC_ARN: 'CHAT_TOPIC_ARN',
  /** How long a runbook is paused that failed again and again. */
  BREAKER_PAUSE_SECONDS: 'BREAKER_PAUSE_SECONDS',
  /** After how long a run is repeated; 0 where it is not. */
  SECOND_LOOK_SECONDS: 'SECOND_LOOK_SECONDS',
  /** Reports of one minute that are told one by one. */
  REPORTS_PER_MINUTE: 'REPORTS_PER_MINUTE',
  /** How long an incident may be open. */
  STALE_AFTER_SECONDS: 'STALE_AFTER_SECONDS',
  /** SSM path of the runbook links; the resolved runbook table lies under it. */
  RUNBOOK_PARAMETER_PREFIX: 'RUNBOOK_PARAMETER_PREFIX',
  /** Name of the log bucket: the backfill lists it, and a runbook reads samples of a service's own log lines. */
  LOG_BUCKET: 'LOG_BUCKET',
  /** What the keys of log objects start with; absent where all are read. */
  KEY_PREFIX: 'KEY_PREFIX',
  /** What the keys of log objects end with; absent where all are read. */
  KEY_SUFFIX: 'KEY_SUFFIX',
  /** Origins whose pages a browser lets call the API, separated by commas; absent where there is none. */
  CORS_ORIGINS: 'CORS_ORIGINS',
  /** Whether everybody may call the Prometheus routes, `true` or `false`; absent where they have no authorization of their own. */
  PROMETHEUS_OPEN: 'PROMETHEUS_OPEN',
  /** The library's version, as `GET /health/deep` and reports tell it. */
  LIBRARY_VERSION: 'LIBRARY_VERSION',
} as const;
