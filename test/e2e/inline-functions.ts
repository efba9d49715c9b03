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

/** What a result has besides what a test is about. */
const RESULT = `schemaVersion: '1', runId: event.runId, ruledOut: [], notChecked: [], proposedActions: [],
  metrics: { durationMs: 1, apiCalls: 1, logBytesScanned: 0 }`;

/** Knows more the second time. */
export const CHANGING_RUNBOOK = handler(`
  const again = event.mode === 'SECOND_LOOK';
  const verdict = again ? { ruleId: 'OWN-03', title: 'It was the deployment', confidence: 'HIGH', category: 'DEPLOYMENT' }
    : { ruleId: 'OWN-00', title: 'Nothing found', confidence: 'LOW', category: 'INCONCLUSIVE' };
  return { ${RESULT}, status: 'SUCCEEDED', summary: verdict.title, verdict, findings: [], evidence: [] };`);

/** Never done in time. */
export const HANGING_RUNBOOK = handler('await new Promise((resolve) => setTimeout(resolve, 9000)); return {};');

/** More than a result may hold. */
export const HUGE_RUNBOOK = handler(`return {
  ${RESULT}, status: 'SUCCEEDED', summary: 's', verdict: { ruleId: 'OWN-04', title: 't', confidence: 'LOW', category: 'CODE' }, findings: [],
  evidence: [{ id: 'all', kind: 'LOG', status: 'OK', summary: 'x'.repeat(300 * 1024) }],
};`);

/** Fails for as long as the alarm's reason says so. */
export const FLAKY_RUNBOOK = handler(`
  if (event.alarm.reason.includes('broken')) throw new Error('the handler is broken');
  return {
    ${RESULT}, status: 'SUCCEEDED', summary: 'works again', findings: [], evidence: [],
    verdict: { ruleId: 'OWN-05', title: 'It works', confidence: 'LOW', category: 'INCONCLUSIVE' },
  };`);

export const THROWING_RUNBOOK = handler('throw new Error("this handler always throws");');

export const NONSENSE_RUNBOOK = handler('return { hello: "world" };');

/** Hands out the credentials of its role: a test then is that role. */
export const HAND_OUT_CREDENTIALS = handler(`return {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
};`);

/** Knows one token. */
export const AUTHORIZER = handler(`
  if (event.authorizationToken !== 'let-me-in') throw new Error('Unauthorized');
  return {
    principalId: 'somebody',
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }] },
  };`);
