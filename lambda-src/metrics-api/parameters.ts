import {
  DEFAULT_INCIDENT_RANGE, DEFAULT_MAX_POINTS, DEFAULT_TIME_RANGE, MAX_INCIDENTS, MAX_NAMES, MAX_POINTS, MAX_SERIES, MAX_TIMELINE_ENTRIES,
} from './limits';
import { PARAMETER_NAMES } from './parameter-names';
import type { RouteId } from '../../src/private/shared/api-routes';
import { SEVERITIES } from '../../src/private/shared/contract';
import { INCIDENT_STATES } from '../shared/incident-items';
import { PLAIN_STATISTICS } from '../timeseries/aggregate';

/** A JSON Schema, as OpenAPI 3.1 takes it. */
export interface Schema { readonly [keyword: string]: unknown }

/** A parameter of a route. A schema of an array says that it may be repeated. */
export interface Parameter {
  readonly description: string;
  readonly schema: Schema;
  readonly example?: unknown;
  /** Default: only where it is of the path. */
  readonly required?: boolean;
}

/** The names of services and metrics; their limit is 256 bytes, so that there may be fewer characters. */
export const NAME: Schema = { type: 'string', minLength: 1, maxLength: 256, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' };
const DURATION: Schema = { type: 'string', pattern: '^(?!0+[a-z])[0-9]{1,7}[smhdw]$' };
const TIME: Schema = { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'string', pattern: '^[0-9]{1,12}(\\.[0-9]{1,3})?$' }] };

const cursor: Parameter = {
  description: 'The `cursor` of the answer before, with the other parameters unchanged: leads to the next page.',
  schema: { type: 'string', minLength: 1 },
};

const namePage = {
  limit: { description: 'The most names of the answer.', schema: { type: 'integer', minimum: 1, maximum: MAX_NAMES, default: MAX_NAMES } },
  cursor,
};

/** The range, by the same rules wherever there is one. */
function rangeDefaultingTo(length: string) {
  return {
    timeRange: {
      description: 'A length that reaches back from `to`, such as `30s`, `15m`, `1h`, `7d` or `2w`.',
      schema: { ...DURATION, default: length },
    },
    from: {
      description: 'The beginning, included: RFC 3339, or seconds since 1970. Wins over `timeRange`.',
      schema: TIME,
      example: '2026-11-23T02:00:00Z',
    },
    to: { description: 'The end, not included; now where it is left out.', schema: TIME, example: '2026-11-23T03:00:00Z' },
  };
}

/** The query parameters of each route, as the OpenAPI document lists them: those that the route takes, and no others. */
export const QUERY_PARAMETERS: { readonly [Route in RouteId]: Readonly<Record<typeof PARAMETER_NAMES[Route][number], Parameter>> } = {
  'GET /metrics': {
    service: { description: 'One service; all where it is left out.', schema: NAME, example: 'checkout' },
    metric: { description: 'One metric, or several; all where it is left out.', schema: { type: 'array', items: NAME }, example: ['cpu', 'memory'] },
    ...rangeDefaultingTo(DEFAULT_TIME_RANGE),
    step: {
      description: 'The length of a bucket, or `raw` for every sample as it is; by itself the shortest customary one that gives at most `maxPoints`.',
      schema: { anyOf: [{ const: 'raw' }, DURATION] },
      example: '5m',
    },
    maxPoints: {
      description: 'The most points of a series where `step` is left out.',
      schema: { type: 'integer', minimum: 2, maximum: MAX_POINTS, default: DEFAULT_MAX_POINTS },
    },
    stat: {
      description: `The statistic of each bucket: ${PLAIN_STATISTICS.map((name) => `\`${name}\``).join(', ')}, or a percentile such as \`p99\` or \`p99.9\`. `
        + 'With `step=raw` it has no meaning, and is refused.',
      schema: { anyOf: [{ enum: [...PLAIN_STATISTICS] }, { type: 'string', pattern: '^p(?!0+(\\.0)?$)[0-9]{1,2}(\\.[0-9])?$' }], default: 'avg' },
    },
    limit: { description: 'The most series of the answer.', schema: { type: 'integer', minimum: 1, maximum: MAX_SERIES, default: MAX_SERIES } },
    cursor,
  },
  'POST /metrics': {},
  'GET /services': namePage,
  'GET /services/{service}/metrics': namePage,
  'GET /incidents': {
    state: {
      description: `One state, or several; all where it is left out: ${INCIDENT_STATES.map((state) => `\`${state}\``).join(', ')}.`,
      schema: { type: 'array', items: { enum: [...INCIDENT_STATES] } },
      example: ['OPEN'],
    },
    severity: {
      description: `One severity, or several; all where it is left out: ${SEVERITIES.map((severity) => `\`${severity}\``).join(', ')}.`,
      schema: { type: 'array', items: { enum: [...SEVERITIES] } },
      example: ['CRITICAL', 'HIGH'],
    },
    service: { description: 'Incidents of alarms of this service; all where it is left out.', schema: NAME, example: 'checkout' },
    ...rangeDefaultingTo(DEFAULT_INCIDENT_RANGE),
    limit: { description: 'The most incidents of the answer.', schema: { type: 'integer', minimum: 1, maximum: MAX_INCIDENTS, default: MAX_INCIDENTS } },
    cursor,
  },
  'GET /incidents/{id}': {
    limit: {
      description: 'The most entries of the timeline.',
      schema: { type: 'integer', minimum: 1, maximum: MAX_TIMELINE_ENTRIES, default: MAX_TIMELINE_ENTRIES },
    },
    cursor,
  },
  'GET /health': {},
  'GET /health/deep': {},
  'GET /openapi.json': {},
};
