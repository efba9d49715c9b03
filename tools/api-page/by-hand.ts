import { number } from './markdown';
import * as limits from '../../lambda-src/metrics-api/limits';
import type { RouteId } from '../../src/private/shared/api-routes';

/** A line for the shell that works today and in a year, whoever runs it. */
interface Call {
  /** What it asks for, where the route's summary does not say it. */
  readonly asks?: string;
  readonly line: string;
}

export interface ByHand {
  readonly calls: readonly Call[];
  readonly notes?: string;
}

/**
 * What no table says of a route. End-to-end tests run every line.
 *
 * Query parameters stand in alphabetical order, since older versions of curl sign them as they stand.
 */
export const BY_HAND: Record<RouteId, ByHand> = {
  'GET /metrics': {
    calls: [
      { asks: 'One metric of one service over the last hour:', line: 'curl "${AUTH[@]}" "$API_URL/metrics?metric=cpu&service=checkout&timeRange=1h"' },
      { asks: 'The 99th percentile of every 5 minutes of the last day, of all services:', line: 'curl "${AUTH[@]}" "$API_URL/metrics?stat=p99&step=5m&timeRange=1d"' },
      {
        asks: 'Every sample of two metrics since ten minutes ago, as a time:',
        line: 'curl "${AUTH[@]}" "$API_URL/metrics?from=$(($(date +%s) - 600))&metric=cpu&metric=memory&step=raw"',
      },
    ],
  },
  'POST /metrics': {
    calls: [{
      line: `curl "\${AUTH[@]}" "$API_URL/metrics" -H 'Content-Type: application/json' -H 'Idempotency-Key: report-1' \\
  -d '{"service":"checkout","metrics":{"cpu":42,"memory":1024}}'`,
    }],
    notes: `A document is like a line of a log: a \`service\`, numbers by name as \`metrics\`, and a \`timestamp\`, which may be left out and is then the time of
receipt. It may lie up to two hours ahead, and as far back as samples are kept, less a day. Other members are not stored. Of a document with bad
values the good ones are stored, and \`rejected\` tells of each bad one the document's \`index\` and the \`path\` in it; every \`code\` is explained
[with the quarantine](runbooks/monitoring.md#logingestion-quarantinedlines).`,
  },
  'GET /services': { calls: [{ line: 'curl "${AUTH[@]}" "$API_URL/services"' }] },
  'GET /services/{service}/metrics': { calls: [{ line: 'curl "${AUTH[@]}" "$API_URL/services/checkout/metrics"' }] },
  'GET /incidents': {
    calls: [
      { asks: 'Those of the last week:', line: 'curl "${AUTH[@]}" "$API_URL/incidents"' },
      { asks: 'The grave ones of the last 90 days that are still open:', line: 'curl "${AUTH[@]}" "$API_URL/incidents?severity=CRITICAL&severity=HIGH&state=OPEN&timeRange=90d"' },
    ],
    notes: `The API has the routes of incidents where alerting is wired: in \`ServerlessMonitoring\` always, in a \`MetricsApi\` of its own with \`incidents\`. They tell more than
metrics do (log lines, names of resources), so they have a grant of their own.

The range is that of the time of opening: an incident that opened before it is not listed, even if it is still open. A page ends, with a cursor, after
${limits.MAX_DAYS_LISTED} days or ${number(limits.MAX_INCIDENTS_READ)} incidents that were looked through, however few of them fit the question.`,
  },
  'GET /incidents/{id}': {
    calls: [{
      asks: 'The newest one of the last week:',
      line: `id=$(curl -s "\${AUTH[@]}" "$API_URL/incidents?limit=1" | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
curl "\${AUTH[@]}" "$API_URL/incidents/$id"`,
    }],
    notes: `\`result\` is [what a runbook answers](handlers.md#result), and \`runs\` are the newest ${limits.MAX_RUNS}. Secrets, e-mail addresses and card numbers were redacted before anything was stored. With a
\`cursor\`, \`timeline\` goes on where the page before ended; the rest stands on every page.`,
  },
  'GET /health': { calls: [{ line: 'curl "$API_URL/health"' }] },
  'GET /health/deep': { calls: [{ line: 'curl "${AUTH[@]}" "$API_URL/health/deep"' }] },
  'GET /openapi.json': {
    calls: [{ line: 'curl "${AUTH[@]}" "$API_URL/openapi.json"' }],
    notes: 'As [openapi.json](openapi.json), with the place of this very API as `servers`, and without credentials where it asks for none.',
  },
};
