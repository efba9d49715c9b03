import { INCIDENT_OPERATIONS } from './incident-operations';
import { jsonOf, type Operation } from './operation';
import { ref } from './schemas';
import type { RouteId } from '../../../src/private/shared/api-routes';
import { MAX_KEY_LENGTH } from '../limits';
import { NAME } from '../parameters';

const DOCUMENT = { service: 'checkout', timestamp: '2026-11-23T02:30:00Z', metrics: { cpu: 42, memory: 1024 } };
const REJECTION = { index: 1, path: 'metrics.cpu', code: 'not_a_number', message: 'found "full", expected a finite number' };
const KNOWN = { firstDay: '2026-10-01', lastDay: '2026-11-23' };

/** Every route, for who calls it. A route without its description does not compile. */
export const OPERATIONS: Record<RouteId, Operation> = {
  'GET /metrics': {
    id: 'getMetrics',
    summary: 'Series of one service, or of all, over a time range.',
    successes: {
      200: {
        description: 'Series by service and metric.',
        headers: {
          'Metrics-Cursor': { description: 'With CSV: leads to the next page; missing on the last one.', schema: { type: 'string' } },
          'Metrics-Resolution': { description: 'With CSV: the coarsest data behind the answer.', schema: { enum: ['raw', 'hour', 'day-sketch'] } },
          'Metrics-Complete': { description: 'With CSV: false where a stored part could not be read.', schema: { type: 'boolean' } },
        },
        content: {
          ...jsonOf('Metrics', {
            from: '2026-11-23T02:00:00.000Z',
            to: '2026-11-23T03:00:00.000Z',
            step: 60,
            stat: 'avg',
            resolution: 'raw',
            complete: true,
            series: [{
              service: 'checkout',
              metric: 'cpu',
              summary: { count: 2, sum: 83, min: 40, max: 43, avg: 41.5, last: 43 },
              timestamps: ['2026-11-23T02:30:00.000Z'],
              values: [41.5],
            }],
            cursor: null,
          }),
          'text/csv': {
            schema: { type: 'string', description: 'A row for each point (RFC 4180). A name that a spreadsheet would run as a formula begins with an apostrophe.' },
            example: 'service,metric,timestamp,value\r\ncheckout,cpu,2026-11-23T02:30:00.000Z,41.5\r\n',
          },
        },
      },
    },
    problems: [400],
  },
  'POST /metrics': {
    id: 'postMetrics',
    summary: 'Stores one document, or an array of them.',
    headers: {
      'Idempotency-Key': {
        description: 'Stands for this body: sent again under the same key, nothing is stored twice, and the answer is the same.',
        schema: { type: 'string', minLength: 1, maxLength: MAX_KEY_LENGTH },
        example: 'report-2026-11-23',
      },
    },
    body: { schema: ref('Documents'), example: DOCUMENT },
    successes: {
      201: { description: 'Everything was stored.', content: jsonOf('Stored', { accepted: 2, rejected: [] }) },
      207: { description: 'A part was stored, the rest rejected.', content: jsonOf('Stored', { accepted: 2, rejected: [REJECTION] }) },
    },
    problems: [400, 413, 415, 422],
    problem: ref('PostProblem'),
  },
  'GET /services': {
    id: 'getServices',
    summary: 'The services that are known.',
    successes: { 200: { description: 'Services by name.', content: jsonOf('Services', { services: [{ service: 'checkout', ...KNOWN }], cursor: null }) } },
    problems: [400],
  },
  'GET /services/{service}/metrics': {
    id: 'getServiceMetrics',
    summary: 'The metrics of a service that are known.',
    pathParameters: { service: { description: 'The service, percent-encoded.', schema: NAME, example: 'checkout' } },
    successes: {
      200: { description: 'Metrics by name.', content: jsonOf('ServiceMetrics', { service: 'checkout', metrics: [{ metric: 'cpu', ...KNOWN }], cursor: null }) },
    },
    problems: [400, 404],
  },
  ...INCIDENT_OPERATIONS,
  'GET /health': {
    id: 'getHealth',
    summary: 'Says that the API answers, and touches nothing.',
    successes: { 200: { description: 'It answers.', content: jsonOf('Health', { status: 'ok' }) } },
    problems: [400],
  },
  'GET /health/deep': {
    id: 'getDeepHealth',
    summary: 'Reads the table.',
    successes: {
      200: {
        description: 'The table can be read.',
        content: jsonOf('DeepHealth', { status: 'ok', services: 3, newestSample: '2026-11-23T02:59:58.000Z', newestDay: '2026-11-23', version: '1.0.0' }),
      },
    },
    problems: [400, 503],
  },
  'GET /openapi.json': {
    id: 'getOpenApi',
    summary: 'Describes the API in OpenAPI 3.1.',
    successes: { 200: { description: 'The description.', content: jsonOf('OpenApi', { openapi: '3.1.0', info: { title: 'Metrics API', version: '1' }, paths: {} }) } },
    problems: [400],
  },
};
