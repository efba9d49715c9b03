import { Duration } from 'aws-cdk-lib';
import { AlarmMatcher } from './alarm-matcher';
import { AlarmSeverity } from './alarm-severity';
import { RunbookDocumentation } from './runbook-documentation';
import { IRunbookHandler } from './runbook-handler';

/** A runbook: what investigates which alarms, and where its written page is. */
export interface RunbookRegistration {
  /**
   * Name of the runbook, 1 to 64 of `a-z`, `0-9` and `-`; also its SSM parameter `/runbooks/<name>`. The name of a built-in
   * (`high-error-rate`, `high-latency`, `lambda-error`, `dynamodb-throttling`, `general`) replaces that built-in.
   */
  readonly name: string;

  /** What investigates. */
  readonly handler: IRunbookHandler;

  /**
   * What alarms it is for.
   *
   * @default - what the built-in of that name is for; for other names, the alarms that name it in `addAlarm`
   */
  readonly matches?: AlarmMatcher[];

  /**
   * Its written page.
   *
   * @default RunbookDocumentation.packaged()
   */
  readonly documentation?: RunbookDocumentation;

  /**
   * Severity of reports on alarms that have none of their own.
   *
   * @default AlarmSeverity.MEDIUM
   */
  readonly severity?: AlarmSeverity;

  /**
   * How long a run may take; after that a partial report is sent. At most 4 minutes.
   *
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;

  /**
   * After a run, the same resource is not investigated again for so long.
   *
   * @default Duration.minutes(15)
   */
  readonly cooldown?: Duration;

  /**
   * Most runs in an hour.
   *
   * @default 10
   */
  readonly maxRunsPerHour?: number;

  /**
   * Passed to the handler with every request.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };
}
