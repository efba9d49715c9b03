import type { ByHand } from './by-hand';
import type { PrometheusRoute } from '../../lambda-src/metrics-api/prometheus/route-table';

/** What no table says of a Prometheus route. End-to-end tests run every line. */
export const PROMETHEUS_BY_HAND: Record<PrometheusRoute, ByHand> = {
  'query': {
    calls: [
      { asks: 'By it, Grafana finds out whether the source is there:', line: 'curl "${AUTH[@]}" "$API_URL/prometheus/api/v1/query?query=1%2B1"' },
      {
        asks: 'By POST, where curl does the encoding:',
        line: `curl "\${AUTH[@]}" "$API_URL/prometheus/api/v1/query" \\
  --data-urlencode 'query=sum by (service) (sum_over_time(cpu[1h]))'`,
      },
    ],
  },
  'query_range': {
    calls: [{
      asks: 'Every 5 minutes of the last hour:',
      line: `curl "\${AUTH[@]}" "$API_URL/prometheus/api/v1/query_range" \\
  --data-urlencode 'query=avg_over_time(cpu{service="checkout"}[5m])' \\
  -d "start=$(($(date +%s) - 3600))" -d "end=$(date +%s)" -d step=5m`,
    }],
  },
  'labels': { calls: [{ line: 'curl "${AUTH[@]}" "$API_URL/prometheus/api/v1/labels"' }] },
  'label/{name}/values': {
    calls: [
      { asks: 'The services:', line: 'curl "${AUTH[@]}" "$API_URL/prometheus/api/v1/label/service/values"' },
      { asks: 'The metrics:', line: 'curl "${AUTH[@]}" "$API_URL/prometheus/api/v1/label/__name__/values"' },
    ],
  },
  'series': {
    calls: [{ line: 'curl "${AUTH[@]}" "$API_URL/prometheus/api/v1/series" --data-urlencode \'match[]={service="checkout"}\'' }],
  },
  'metadata': { calls: [{ line: 'curl "${AUTH[@]}" "$API_URL/prometheus/api/v1/metadata"' }] },
  'status/buildinfo': { calls: [{ line: 'curl "${AUTH[@]}" "$API_URL/prometheus/api/v1/status/buildinfo"' }] },
};
