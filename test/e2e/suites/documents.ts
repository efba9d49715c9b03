/**
 * Log documents of the present minute, a millisecond apart.
 *
 * All from one reading of the clock: lines of one test never fall into two minutes, hours or days.
 */
export function logLines(service: string, metrics: Record<string, unknown>[]) {
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  return metrics.map((values, line) => ({ service, timestamp: new Date(minute + line).toISOString(), metrics: values }));
}
