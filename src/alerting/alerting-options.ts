import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { AlertRoutingOptions } from './alert-routing-options';
import { FunctionOptions } from '../function-options';
import { LogIngestion } from '../log-ingestion';
import { IMetricsStore } from '../metrics-store';

/** Options of alerting. */
export interface AlertingOptions {
  /**
   * A topic of your own for alerts. One with a policy of its own (`enforceSSL` brings one), with a key or of another account
   * must allow CloudWatch to publish.
   *
   * @default - a topic is made
   */
  readonly alertTopic?: ITopic;

  /**
   * Topic for reports, where they should go elsewhere than the alerts.
   *
   * @default - the alert topic
   */
  readonly reportTopic?: ITopic;

  /**
   * Topic of chat channels (Amazon Q Developer in chat applications). Reports come in the format that it takes, a thread for each incident.
   *
   * @default - no chat
   */
  readonly chatTopic?: ITopic;

  /**
   * How many reports of one minute are sent one by one. Those beyond, in a storm of alarms, are told together in one message.
   *
   * @default 5
   */
  readonly reportsPerMinute?: number;

  /**
   * After how long an investigation is repeated, for metrics and changes that came late. It is reported only if the verdict is another.
   * At most 15 minutes; 0 seconds for no second look.
   *
   * @default Duration.minutes(10)
   */
  readonly secondLookDelay?: Duration;

  /**
   * How long a runbook is paused after its handler failed three times in a row.
   *
   * @default Duration.hours(1)
   */
  readonly breakerPause?: Duration;

  /**
   * How often open incidents are compared with their alarms. Those whose alarm is OK or gone are closed, and those that are open too long.
   * As often, it is looked whether those who are subscribed have confirmed.
   *
   * @default Duration.minutes(15)
   */
  readonly reconcileInterval?: Duration;

  /**
   * How long an incident may be open. After that it is closed as STALE, so that the alarm's next change opens a new one.
   *
   * @default Duration.days(7)
   */
  readonly maxIncidentAge?: Duration;

  /**
   * SSM path of the links to the written runbooks: `<prefix>/<runbook>`. Each deployment in one account and region needs
   * its own.
   *
   * @default '/runbooks'
   */
  readonly runbookParameterPrefix?: string;

  /**
   * How long incidents are kept.
   *
   * @default Duration.days(400)
   */
  readonly incidentRetention?: Duration;

  /**
   * What becomes of the incident table when it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Key that encrypts the incident table.
   *
   * @default - a key that AWS owns, without cost
   */
  readonly encryptionKey?: IKey;

  /**
   * How the executor and the built-in runbooks are run.
   *
   * @default - no VPC, ARM, 256 MiB, logs kept for a month
   */
  readonly functionOptions?: FunctionOptions;
}

/** Properties of `AlertingWithRunbooks`. */
export interface AlertingWithRunbooksProps extends AlertingOptions, AlertRoutingOptions {
  /**
   * The metrics store, for runbooks that look at metrics that came from logs.
   *
   * @default - none
   */
  readonly store?: IMetricsStore;

  /**
   * Where the logs are, for runbooks that look at the log lines behind a metric.
   *
   * @default - none
   */
  readonly logIngestion?: LogIngestion;
}
