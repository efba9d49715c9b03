/** From here on concurrency is at its limit: the maximum of a minute is sampled and may miss the very peak. */
export const AT_LIMIT = 0.9;
/** Below this it is well below its limit; what lies between the two proves neither. */
export const WELL_BELOW_LIMIT = 0.75;

/** So much of what has risen in the logs must be of one kind to be the cause: most failures write several lines, only one of them the cause. */
export const KIND_SHARE = 0.3;
/** From here on hardly anything else fails. */
export const MOSTLY = 0.8;

/** A duration this near to the function's timeout was ended by it: the clock that ends a call is not exact. */
export const AT_TIMEOUT = 0.99;
/** Memory this near to its limit is full: the figure is rounded to whole MB. */
export const AT_MEMORY = 0.98;

/** An error rate of the old version at half of the new one's or more means that both fail. */
export const BOTH_VERSIONS_FAIL = 0.5;
/** Errors must have at least doubled since the change, or the function failed before it as well. */
export const STEP = 2;

/** An iterator age that has doubled since the onset is rising: it grows by a minute a minute where a record blocks the shard. */
export const AGE_RISING = 2;
/** Errors in so many periods of the incident are steady: a record that is tried again and again fails in each. */
export const STEADY = 0.8;
