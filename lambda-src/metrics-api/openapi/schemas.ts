import { PLAIN_STATISTICS } from '../../timeseries/aggregate';
import { MAX_DOCUMENTS, MAX_POINTS, MAX_REJECTIONS, MAX_SERIES } from '../limits';
import { NAME, Schema } from '../parameters';

/** An object with just these members; a name that ends in a question mark may be missing. */
export function members(all: Record<string, Schema>): Schema {
  const names = Object.keys(all);
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ''), all[name]])),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

export const list = (items: Schema, facts: Schema = {}): Schema => ({ type: 'array', items, ...facts });
/** That each leads somewhere is tested. */
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export const TIME: Schema = { type: 'string', format: 'date-time' };
const DAY: Schema = { type: 'string', format: 'date' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
/** Null where the number is beyond what JSON can carry. */
const NUMBER: Schema = { type: ['number', 'null'] };
export const CURSOR: Schema = { type: ['string', 'null'], description: 'Leads to the next page; null on the last one.' };
const REJECTED: Record<string, Schema> = {
  'accepted': { ...COUNT, description: 'Samples that were stored.' },
  'rejected': list(ref('Rejection'), { maxItems: MAX_REJECTIONS }),
  'rejectedNotListed?': { ...COUNT, description: 'Rejections beyond those that are listed.' },
};
const PROBLEM: Record<string, Schema> = {
  'type': { const: 'about:blank' },
  'title': { type: 'string' },
  'status': { type: 'integer' },
  'detail': { type: 'string', description: 'What was found, and what is expected.' },
  'parameter?': { type: 'string', description: 'The query parameter, header or path of the body that is wrong.' },
  'limit?': { type: 'number', description: 'The number that was exceeded.' },
};

/** The bodies of requests and answers. */
export const SCHEMAS = {
  Metrics: members({
    from: TIME,
    to: TIME,
    step: { anyOf: [{ type: 'number', description: 'Seconds.' }, { const: 'raw' }] },
    stat: { type: ['string', 'null'], description: 'Null for `step=raw`.' },
    resolution: {
      enum: ['raw', 'hour', 'day-sketch'],
      description: 'The coarsest data behind the answer: samples, the exact figures of hours, or sketches of days, whose percentiles are within 1.1 %.',
    },
    complete: { type: 'boolean', description: 'False where a stored part could not be read.' },
    series: list(ref('Series'), { maxItems: MAX_SERIES }),
    cursor: CURSOR,
  }),
  Series: members({
    service: NAME,
    metric: NAME,
    summary: { ...members(Object.fromEntries(PLAIN_STATISTICS.map((statistic) => [statistic, NUMBER]))), description: 'Of all samples in the range.' },
    timestamps: list(TIME, { maxItems: MAX_POINTS, description: 'Beginnings of the buckets that are not empty.' }),
    values: list(NUMBER, { maxItems: MAX_POINTS, description: 'Run in parallel with the timestamps.' }),
  }),
  Document: {
    type: 'object',
    properties: {
      service: NAME,
      timestamp: { ...TIME, description: 'The time of receipt where it is left out.' },
      metrics: { type: 'object', minProperties: 1, additionalProperties: { type: 'number' }, propertyNames: { ...NAME, pattern: '^[^{}\\u0000-\\u001f\\u007f-\\u009f]+$' } },
    },
    required: ['service', 'metrics'],
    description: 'Other members are not stored.',
  },
  Documents: { anyOf: [ref('Document'), list(ref('Document'), { minItems: 1, maxItems: MAX_DOCUMENTS })] },
  Stored: members(REJECTED),
  Rejection: members({ 'index': { ...COUNT, description: 'Of the document.' }, 'path?': { type: 'string' }, 'code': { type: 'string' }, 'message': { type: 'string' } }),
  Services: members({ services: list(members({ service: NAME, firstDay: DAY, lastDay: DAY })), cursor: CURSOR }),
  ServiceMetrics: members({ service: NAME, metrics: list(members({ metric: NAME, firstDay: DAY, lastDay: DAY })), cursor: CURSOR }),
  Health: members({ status: { const: 'ok' } }),
  DeepHealth: members({
    status: { const: 'ok' },
    services: COUNT,
    newestSample: { ...TIME, type: ['string', 'null'], description: 'Of the last two hours.' },
    newestDay: { ...DAY, type: ['string', 'null'] },
    version: { type: 'string', description: 'Of the library.' },
  }),
  OpenApi: { type: 'object', required: ['openapi', 'info', 'paths'] },
  Problem: {
    ...members({ ...PROBLEM, 'requestId?': { type: 'string' }, 'version?': { type: 'string' } }),
    description: 'RFC 9457.',
    examples: [{ type: 'about:blank', title: 'Bad Request', status: 400, detail: 'limit is 501; at most 500 is given.', parameter: 'limit', limit: 500 }],
  },
  PostProblem: {
    ...members({ ...PROBLEM, 'requestId?': { type: 'string' }, 'accepted?': { const: 0 }, 'rejected?': REJECTED.rejected, 'rejectedNotListed?': COUNT }),
    description: 'RFC 9457; where documents were looked at, with what is wrong with each.',
  },
} satisfies Record<string, Schema>;
