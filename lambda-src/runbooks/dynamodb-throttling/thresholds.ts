import { MINUTE } from '../framework/time';

/** Below so many events throttles come and go: the SDK's retries absorb them, and nobody notices. */
export const THROTTLE_FLOOR = 5;
/** A reason behind less than a tenth of the throttles does not explain them. */
export const REASON_SHARE = 0.1;
/** Uneven use of the keys is the cause only where it explains half of the throttles: a few partitions are always warmer. */
export const KEY_RANGE_SHARE = 0.5;
/** One key among millions that has a fifth of the throttles is hot; below that none stands out. */
export const HOT_KEY_SHARE = 0.2;

/** From here on capacity is used up: a minute's average hides its seconds, and partitions are never used evenly. */
export const AT_CAPACITY = 0.8;
/** Capacity that differs by less has not been changed: the figures are averages. */
export const CAPACITY_STEP = 0.05;
/** On-demand tables serve up to twice their previous peak at once; provisioned ones are seldom sized for more. */
export const TRAFFIC_STEP = 2;

/** So many minutes in use and without a throttle mean that it is over. */
export const QUIET_PERIODS = 3;
/** The length of the periods in which DynamoDB publishes its use. */
export const PERIOD = MINUTE;
