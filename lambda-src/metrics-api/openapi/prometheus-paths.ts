import { parametersIn, type Success } from './operation';
import { COMMON, problemAnswer, PROBLEMS } from './problems';
import { PROMETHEUS_OPERATIONS, type PrometheusOperation } from './prometheus-operations';
import { members, ref } from './schemas';
import type { Schema } from '../parameters';
import { PROMETHEUS_BASE, PROMETHEUS_ROUTES, type PrometheusRoute } from '../prometheus/route-table';

/** What the routes refuse in Prometheus' own envelope. */
const REFUSALS: Record<number, string> = {
  400: 'A parameter or the expression cannot be understood, or asks for too much: `error` says what was found and what is expected.',
  404: 'There is nothing at this path.',
  422: 'The expression has something that is not answered here, or takes too much work: `error` names it.',
  500: PROBLEMS[500],
};

/** The paths of the Prometheus routes, from the table by which the handler answers them. `facts` stand with each operation. */
export function prometheusPaths(facts: object): Record<string, Record<string, unknown>> {
  return Object.fromEntries(Object.entries(PROMETHEUS_ROUTES).map(([route, methods]) => {
    const operation = PROMETHEUS_OPERATIONS[route as PrometheusRoute];
    return [PROMETHEUS_BASE + route, Object.fromEntries(methods.map((method) => [
      method.toLowerCase(), { ...(method === 'GET' ? byQuery(operation) : byForm(operation)), ...facts },
    ]))];
  }));
}

interface Refusal { readonly description: string; readonly content: Readonly<Record<string, { schema: Schema }>> }

function byQuery({ id, summary, pathParameters, parameters, success, refusals }: PrometheusOperation) {
  return {
    operationId: id,
    summary,
    parameters: [...parametersIn('path', pathParameters), ...parametersIn('query', parameters)],
    responses: responsesOf(success, refusals),
  };
}

/** The same by POST: for expressions that are too long for an address. */
function byForm({ id, summary, parameters, success, refusals }: PrometheusOperation) {
  const fields = Object.entries(parameters);
  const schema = members(Object.fromEntries(fields.map(([name, { description, schema: field, required }]) => [
    required ? name : `${name}?`,
    // A form does not tell one from a list of one.
    { ...(field.type === 'array' ? { anyOf: [field.items, field] } : field), description },
  ])));
  return {
    operationId: `${id}ByForm`,
    summary,
    parameters: [],
    // What it does not know, the route ignores: Prometheus' clients send more.
    requestBody: { required: fields.some(([, { required }]) => required), content: { 'application/x-www-form-urlencoded': { schema: { ...schema, additionalProperties: true } } } },
    responses: responsesOf(success, refusals, [413]),
  };
}

function responsesOf(success: Success, refusals: readonly number[], ofTheGateway: readonly number[] = []) {
  const responses: Record<number, Success | Refusal> = { 200: success };
  for (const status of [...ofTheGateway, ...COMMON]) responses[status] = problemAnswer(status);
  for (const status of [...refusals, 500]) {
    responses[status] = { description: REFUSALS[status], content: { ...responses[status]?.content, 'application/json': { schema: ref('PrometheusError') } } };
  }
  return responses;
}
