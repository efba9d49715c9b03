/** Functions of the test app, as the text that is deployed. */

const handler = (body: string) => `exports.handler = async (event) => { ${body} };`;

/** Fails in the way that it is told, so that metrics and logs of failures are real ones. */
export const FAILING = handler(`
  if (event && event.fail) {
    console.error(JSON.stringify({ level: 'ERROR', errorType: 'TypeError', message: "Cannot read properties of undefined (reading 'price')" }));
    throw new TypeError("Cannot read properties of undefined (reading 'price')");
  }
  return { statusCode: 200, body: '{}' };`);

/** A runbook of one's own, by contract v1. */
export const CUSTOM_RUNBOOK = handler(`return {
  schemaVersion: '1', runId: event.runId, status: 'SUCCEEDED', summary: 'The custom handler looked at ' + event.alarm.name,
  verdict: { ruleId: 'OWN-01', title: 'The provider is down', confidence: 'HIGH', category: 'DEPENDENCY' },
  findings: [{ ruleId: 'OWN-01', summary: 'Its status page says so.', evidence: ['status'] }], ruledOut: [], notChecked: [],
  evidence: [{ id: 'status', kind: 'CONFIG', status: 'OK', summary: 'status page: major outage' }],
  proposedActions: ['Call the provider.'], metrics: { durationMs: 1, apiCalls: 1, logBytesScanned: 0 },
};`);

export const THROWING_RUNBOOK = handler('throw new Error("this handler always throws");');

export const NONSENSE_RUNBOOK = handler('return { hello: "world" };');

/** Hands out the credentials of its role: a test then is that role. */
export const HAND_OUT_CREDENTIALS = handler(`return {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
};`);
