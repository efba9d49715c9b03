import type { AlarmState } from '../../src/private/shared/contract';

/** One change of an alarm's state, whatever shape its message had. */
export interface AlarmEvent {
  /** Absent in messages of some local clouds. */
  readonly arn?: string;
  readonly name: string;
  /** Absent where only a display name ("US East (N. Virginia)") is told. */
  readonly region?: string;
  readonly account?: string;
  readonly newState: AlarmState;
  readonly oldState?: AlarmState;
  /** ISO 8601 in UTC with milliseconds. */
  readonly stateTime: string;
  readonly reason: string;
  /** One series of an alarm that watches many: its change of state is not the alarm's. */
  readonly contributor?: string;
  /** Whether it was listened to, as the changes of foreign alarms are: the alarm did not mean to tell us. */
  readonly heard?: boolean;
}

/** A message that is no change of an alarm's state, and why. */
export interface NoAlarm {
  readonly refusal: string;
  readonly alarm?: string;
}
