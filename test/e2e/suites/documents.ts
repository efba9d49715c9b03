/** A log document of now, or of some seconds ago. */
export function logLine(service: string, metrics: Record<string, unknown>, secondsAgo = 0) {
  return { service, timestamp: new Date(Date.now() - secondsAgo * 1000).toISOString(), metrics };
}
