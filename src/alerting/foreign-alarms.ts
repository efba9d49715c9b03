import { AddAlarmOptions } from './alarm-options';
import { ForeignEntry } from '../private/shared/runbook-table';

/**
 * Alarms of this account and region that others made, told by what they are like: those of other stacks and tools, also such as are
 * made later. They are never modified; what they change to is listened to, unless they are muted or suppressed, and people get the report.
 */
export class ForeignAlarms {
  /**
   * Alarms whose name begins so.
   *
   * @param prefix of the names, such as `prod-`
   * @param options about these alarms
   */
  public static namePrefix(prefix: string, options: AddAlarmOptions = {}): ForeignAlarms {
    return new ForeignAlarms({ namePrefix: prefix, ...options }, `the name prefix '${prefix}'`);
  }

  /**
   * Alarms with a tag. EventBridge does not know tags, so that the executor hears of every alarm of the account and leaves out those
   * without the tag: about 0.02 USD for each thousand of their changes, most of it CloudWatch's price for reading an alarm and its tags.
   *
   * @param key of the tag
   * @param value of the tag
   * @param options about these alarms
   */
  public static tag(key: string, value: string, options: AddAlarmOptions = {}): ForeignAlarms {
    return new ForeignAlarms({ tagKey: key, tagValue: value, ...options }, `the tag '${key}=${value}'`);
  }

  private constructor(private readonly entry: ForeignEntry, private readonly what: string) {}

  /**
   * The alarms as the deployed runbook table holds them.
   *
   * @internal
   */
  public _render(): ForeignEntry {
    return this.entry;
  }

  /**
   * The alarms in words.
   *
   * @internal
   */
  public _describe(): string {
    return this.what;
  }
}
