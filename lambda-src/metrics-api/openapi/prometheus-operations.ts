import { jsonOf, type Success } from './operation';
import { MAX_MATCHES } from '../limits';
import type { Parameter, Schema } from '../parameters';
import { buildInfoOf } from '../prometheus/build-info';
import type { PrometheusRoute } from '../prometheus/route-table';

/** What the description says of a Prometheus route, whichever way its parameters come. */
export interface PrometheusOperation {
  readonly id: string;
  readonly summary: string;
  readonly pathParameters?: Readonly<Record<string, Parameter>>;
  /** Of the query, or of a form. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly success: Success;
  /** The statuses of the function's own refusals. */
  readonly refusals: readonly number[];
}

const [SECONDS, EARLIER] = [1795401000, 1795400940];
const CPU = { __name__: 'cpu', service: 'checkout' };

/** From the year 1 to the year 9999, as RFC 3339 can write them. */
const TIME = { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'number', minimum: -62135596800, maximum: 253402300799 }] } satisfies Schema;
/** An empty one counts as none. */
const MAYBE_TIME: Schema = { anyOf: [...TIME.anyOf, { const: '' }] };
const DURATION: Schema = { type: 'string', minLength: 2, pattern: '^([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$' };
const query: Parameter = { description: 'A PromQL expression.', schema: { type: 'string', minLength: 1 }, required: true, example: 'avg_over_time(cpu[5m])' };
const limit: Parameter = { description: 'The most results; 0 stands for all.', schema: { type: 'integer', minimum: 0, maximum: 999_999_999_999_999, default: 0 } };
const match: Parameter = {
  description: 'A selector, or several: what fits one of them is taken.',
  schema: { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: MAX_MATCHES },
  example: ['{service="checkout"}'],
};
/** What is listed is what was seen then, by whole days. */
const seen = {
  start: { description: 'The first time, by its day: RFC 3339, or seconds since 1970. All times where it is left out.', schema: MAYBE_TIME, example: EARLIER },
  end: { description: 'The last time, likewise.', schema: MAYBE_TIME, example: SECONDS },
};
const listing = { 'match[]': match, ...seen, limit };

const success = (description: string, schema: string, data: unknown): Success => ({ description, content: jsonOf(schema, { status: 'success', data }) });

/** Every Prometheus route, for who calls it. */
export const PROMETHEUS_OPERATIONS: Record<PrometheusRoute, PrometheusOperation> = {
  'query': {
    id: 'prometheusQuery',
    summary: 'What a PromQL expression is at one time.',
    parameters: {
      query,
      time: { description: 'When: RFC 3339, or seconds since 1970; now where it is left out.', schema: MAYBE_TIME, example: SECONDS },
      limit,
    },
    success: success('The value of each series.', 'PrometheusResult', { resultType: 'vector', result: [{ metric: CPU, value: [SECONDS, '41.5'] }] }),
    refusals: [400, 422],
  },
  'query_range': {
    id: 'prometheusQueryRange',
    summary: 'What a PromQL expression is at times in steps.',
    parameters: {
      query,
      start: { description: 'The first time: RFC 3339, or seconds since 1970.', schema: TIME, required: true, example: EARLIER },
      end: { description: 'The last time, likewise.', schema: TIME, required: true, example: SECONDS },
      step: {
        description: 'From one time to the next: seconds, or a duration such as `1m30s`.',
        schema: { anyOf: [{ type: 'number', minimum: 0.001 }, DURATION] },
        required: true,
        example: 60,
      },
      limit,
    },
    success: success('The values of each series.', 'PrometheusMatrix', {
      resultType: 'matrix', result: [{ metric: CPU, values: [[EARLIER, '40'], [SECONDS, '43']] }],
    }),
    refusals: [400, 422],
  },
  'labels': {
    id: 'prometheusLabels',
    summary: 'The names of labels.',
    parameters: listing,
    success: success('Names.', 'PrometheusTexts', ['__name__', 'service']),
    refusals: [400, 422],
  },
  'label/{name}/values': {
    id: 'prometheusLabelValues',
    summary: 'The values of a label.',
    pathParameters: { name: { description: 'The label.', schema: { type: 'string', minLength: 1 }, example: 'service' } },
    parameters: listing,
    success: success('Values.', 'PrometheusTexts', ['cart', 'checkout']),
    refusals: [400, 404, 422],
  },
  'series': {
    id: 'prometheusSeries',
    summary: 'The series that selectors fit.',
    parameters: { ...listing, 'match[]': { ...match, schema: { ...match.schema, minItems: 1 }, required: true } },
    success: success('Series, by their labels.', 'PrometheusSeries', [CPU]),
    refusals: [400, 422],
  },
  'metadata': {
    id: 'prometheusMetadata',
    summary: 'The metrics by name; nothing more is known of them.',
    parameters: { metric: { description: 'One metric; all where it is left out.', schema: { type: 'string' }, example: 'cpu' }, limit },
    success: success('Metrics.', 'PrometheusMetadata', { cpu: [{ type: 'unknown', help: '', unit: '' }] }),
    refusals: [400, 422],
  },
  'status/buildinfo': {
    id: 'prometheusBuildInfo',
    summary: 'By which Grafana knows what the source can do.',
    parameters: {},
    success: success('The version of Prometheus that the routes are like, and the library\'s own.', 'PrometheusBuildInfo', buildInfoOf('1.0.0')),
    refusals: [],
  },
};
