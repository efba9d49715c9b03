/** Up by half is more than the ups and downs of a day's minutes. */
export const UP = 1.5;
/** A p99 rests on few calls and swings more: only its double says something. */
export const DOUBLED = 2;
/** A part of the way (gateway, waiting, function) is a cause if its growth is at least half of what the latency grew. */
export const EXPLAINS = 0.5;

/** From this ratio on, latency is well above the integration's: below, the gateway's own work is a detail. */
export const WELL_ABOVE = 1.5;
/** From this ratio on, the integration waits longer than the function works. */
export const FAR_ABOVE = 2;

/** With fewer cold starts than this, the slow calls are mostly others. */
export const COLD_SHARE = 0.1;
/** And from so many on they are what p99 shows. */
export const COLD_IN_P99 = 0.01;
/** A p99 this many times above or below the time of a cold call is not made by them: initialisation times scatter. */
export const NEAR_COLD = 1.5;
/** From this share on, the middle call is a cold one too. */
export const MOSTLY_COLD = 0.5;

/** Above this share of its memory a function spends time on collecting garbage, or is about to be killed. */
export const MEMORY_SHARE = 0.9;
/** A function this much of the traced time to itself waits for nothing: it computes. */
export const OWN_TIME = 0.9;

/** A call this near to its limit was ended by it. */
export const AT_LIMIT = 0.99;
/** An assumed limit that was passed by more than this is not the limit. */
export const PAST_LIMIT = 1.01;
/** So many of the bad periods must have a call at the limit: a single one ends there every now and then. */
export const AT_LIMIT_PERIODS = 0.5;
/** The gateway's limits of an integration where none was read, in milliseconds. */
export const REST_LIMIT = 29_000;
export const HTTP_LIMIT = 30_000;

/** Load has doubled against the same time last week: less comes with weekday and season. */
export const LOAD_DOUBLED = 2;
/** And it came with the onset if it is this much above the time just before. */
export const LOAD_STEP = 1.3;

/** Work that waits this long waits for a reason, in milliseconds; and it must have doubled. */
export const WAITED = 60_000;

/** Below so many calls a p99 is nothing but the slowest of them. */
export const FEW_CALLS = 20;

/** So many report lines are read; further ones are counted. */
export const SAMPLED_REPORTS = 1000;
