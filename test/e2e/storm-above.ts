/** So many reports of a minute come one by one in the test app; more than all suites but the storm's make in one. */
export const STORM_ABOVE = 40;
