import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { MatcherEntry } from '../private/shared/runbook-table';

/**
 * What alarms a runbook is for.
 *
 * The most specific kind that matches an alarm wins, in this order: `alarm`, `tag`, `namePattern`, `metric`, `namespace`,
 * `any`. All runbooks that match in the winning kind run, at most three: where more match an alarm of the app, synthesis fails; for
 * an alarm that others make, the three that were registered first run.
 */
export class AlarmMatcher {
  /**
   * This very alarm.
   *
   * @param alarm of this or another stack
   */
  public static alarm(alarm: IAlarm): AlarmMatcher {
    return new AlarmMatcher({ class: 'ALARM', alarmArn: alarm.alarmArn });
  }

  /**
   * Alarms with this tag.
   *
   * @param key of the tag
   * @param value of the tag
   */
  public static tag(key: string, value: string): AlarmMatcher {
    return new AlarmMatcher({ class: 'TAG', tagKey: key, tagValue: value });
  }

  /**
   * Alarms whose name matches.
   *
   * @param pattern in which `*` stands for any characters, such as `payments-*`
   */
  public static namePattern(pattern: string): AlarmMatcher {
    return new AlarmMatcher({ class: 'NAME_PATTERN', pattern });
  }

  /**
   * Alarms on this metric.
   *
   * @param namespace such as `AWS/Lambda`
   * @param metricName such as `Errors`; a `*` at its end stands for any characters
   */
  public static metric(namespace: string, metricName: string): AlarmMatcher {
    return new AlarmMatcher({ class: 'METRIC', namespace, metricName });
  }

  /**
   * Alarms on any metric of this namespace.
   *
   * @param namespace such as `AWS/SQS`
   */
  public static namespace(namespace: string): AlarmMatcher {
    return new AlarmMatcher({ class: 'NAMESPACE', namespace });
  }

  /** All alarms for which nothing more specific is registered. */
  public static any(): AlarmMatcher {
    return new AlarmMatcher({ class: 'ANY' });
  }

  private constructor(private readonly entry: MatcherEntry) {}

  /**
   * The matcher as the deployed runbook table holds it.
   *
   * @internal
   */
  public _render(): MatcherEntry {
    return this.entry;
  }
}
