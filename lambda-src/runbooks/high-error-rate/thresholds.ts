/** Below so many requests a rate jumps by five percent with each single failure: counts tell more. */
export const LOW_TRAFFIC = 20;

/** Among few requests, fewer failures than this make every cause a guess. */
export const WEAK_FAILURES = 5;

/** "Healthy before" allows this share of the incident's failures: hardly any service has none at all. */
export const HEALTHY_BEFORE = 0.1;

/** From this share of timeouts on, an investigation of latency is what helps. */
export const TIMEOUT_SHARE = 0.3;

/** From this share of the error lines on, a dependency is a cause; below, it is told. */
export const DEPENDENCY_SHARE = 0.3;

/** From this share on, a dependency that was not complained about before leaves little doubt. */
export const DEPENDENCY_PLAIN = 0.8;

/** "Up" is twice as many as before: less happens with the time of day. */
export const UP_FACTOR = 2;

/** And so many at least: one error after none is no rise. */
export const UP_LEAST = 5;

/** API Gateway's own limit of an integration, in milliseconds, where none is configured. */
export const INTEGRATION_LIMIT = 29_000;

/** A latency this near to the limit was cut off by it. */
export const AT_LIMIT = 0.99;

/** So many lines of a service's log objects are read. */
export const SERVICE_LINES = 2000;
