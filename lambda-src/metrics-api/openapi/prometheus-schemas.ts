import { list, members, ref } from './schemas';
import type { Schema } from '../parameters';

const LABELS: Schema = { type: 'object', additionalProperties: { type: 'string' }, description: 'Labels by name.' };
const VECTOR: Schema = list(members({ metric: LABELS, value: ref('PrometheusPoint') }));
const MATRIX: Schema = list(members({ metric: LABELS, values: list(ref('PrometheusPoint')) }));
const TEXTS: Schema = list({ type: 'string' });

/** Prometheus' envelope of an answer. */
function answerOf(data: Schema): Schema {
  return members({ 'status': { const: 'success' }, data, 'warnings?': { ...TEXTS, description: 'What is missing from the answer, and why.' } });
}

/** The bodies of the Prometheus routes, as https://prometheus.io/docs/prometheus/latest/querying/api/ has them. */
export const PROMETHEUS_SCHEMAS = {
  PrometheusPoint: {
    type: 'array',
    prefixItems: [{ type: 'number', description: 'Seconds since 1970.' }, { type: 'string', description: 'The value: a number, `NaN`, `+Inf` or `-Inf`.' }],
    minItems: 2,
    maxItems: 2,
  },
  PrometheusResult: answerOf({
    anyOf: [
      members({ resultType: { const: 'vector' }, result: VECTOR }),
      members({ resultType: { const: 'matrix' }, result: MATRIX }),
      members({ resultType: { enum: ['scalar', 'string'] }, result: ref('PrometheusPoint') }),
    ],
  }),
  PrometheusMatrix: answerOf(members({ resultType: { const: 'matrix' }, result: MATRIX })),
  PrometheusTexts: answerOf(TEXTS),
  PrometheusSeries: answerOf(list(LABELS)),
  PrometheusMetadata: answerOf({
    type: 'object', additionalProperties: list(members({ type: { const: 'unknown' }, help: { const: '' }, unit: { const: '' } })), description: 'By the name of the metric.',
  }),
  PrometheusBuildInfo: answerOf({ type: 'object', additionalProperties: { type: 'string' } }),
  PrometheusError: members({
    status: { const: 'error' },
    errorType: { enum: ['bad_data', 'execution', 'not_found', 'internal'] },
    error: { type: 'string', description: 'What was found, and what is expected.' },
  }),
} satisfies Record<string, Schema>;
