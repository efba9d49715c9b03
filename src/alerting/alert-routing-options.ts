import { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import { AlarmOverride } from './alarm-options';
import { ForeignAlarms } from './foreign-alarms';
import { RunbookRegistration } from './runbook-registration';

/** Who is told of alarms, what investigates them, and how they differ from the defaults: what most teams set. */
export interface AlertRoutingOptions {
  /**
   * E-mail addresses that get alerts and reports. Each has to confirm its subscription once.
   *
   * @default - none
   */
  readonly alertEmails?: string[];

  /**
   * Further subscriptions of the alert topic: functions, queues, HTTPS endpoints.
   *
   * @default - none
   */
  readonly subscriptions?: ITopicSubscription[];

  /**
   * Runbooks of your own; one of a built-in's name replaces it.
   *
   * @default - the five built-in runbooks
   */
  readonly runbooks?: RunbookRegistration[];

  /**
   * Alarms of this account and region that others made, told by their names or tags: their changes are investigated, too.
   *
   * @default - only alarms that are made or added here
   */
  readonly foreignAlarms?: ForeignAlarms[];

  /**
   * Changes to the alarms that the library makes, by key. A key that is no alarm fails synthesis.
   *
   * @default - none
   */
  readonly alarmOverrides?: { [key: string]: AlarmOverride };
}
