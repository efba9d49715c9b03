/** The routes that are loaded when they are asked for (see app.ts). */
export { getIncident } from './incidents/get-incident';
export { getIncidents } from './incidents/get-incidents';
export { getOpenApi } from './get-openapi';
export { answerPrometheus } from './prometheus/routes';
