/** How urgent an alarm is. Reports carry it in their subject and as a message attribute, for filters and pagers. */
export enum AlarmSeverity {
  /** Users are affected now: wake somebody. */
  CRITICAL = 'CRITICAL',
  /** Users will be affected soon, or a part fails. */
  HIGH = 'HIGH',
  /** Look at it within the day. */
  MEDIUM = 'MEDIUM',
  /** Good to know. */
  LOW = 'LOW',
}
