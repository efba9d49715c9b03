import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { type Credentials, keyOf } from '../../../tools/local-cloud/credentials';
import { askApi, localApiUrl } from '../../../tools/local-cloud/signed-fetch';
import { Environment } from '../environment';

/** The incident of the alarm that fired from logs, as the API tells it, while it is open and when it is over. */
export const incidents = {
  open(deployed: () => Environment) {
    describe('GET /incidents, while the alarm is on', () => {
      let reader: Credentials;
      let onCall: Credentials;
      beforeAll(async () => {
        const { cloud, outputs } = deployed();
        const iam = new IAMClient(cloud.clientConfig());
        [reader, onCall] = [await keyOf(iam, outputs.ReaderName), await keyOf(iam, outputs.OnCallName)];
      });

      test('lists the incident as open, to who may read incidents', async () => {
        const { status, json } = await deployed().ask('incidents?service=checkout&state=OPEN', { as: onCall });
        const { id, verdict } = (await deployed().report(deployed().alarms.CheckoutErrors)).incident;
        expect({ status, json }).toEqual({
          status: 200,
          json: {
            incidents: [{
              id,
              state: 'OPEN',
              alarm: deployed().alarms.CheckoutErrors,
              service: 'checkout',
              severity: 'CRITICAL',
              opened: expect.stringMatching(/^\d{4}-.*Z$/),
              closed: null,
              verdict: verdict ?? expect.objectContaining({ ruleId: expect.stringMatching(/^HE-/) }),
            }],
            cursor: null,
          },
        });
        expect((await deployed().ask('incidents?service=checkout&state=RESOLVED', { as: onCall })).json.incidents).toEqual([]);
      });

      test('tells the timeline of it, and the result that was reported', async () => {
        const report = await deployed().report(deployed().alarms.CheckoutErrors);
        const { status, json } = await deployed().ask(`incidents/${report.incident.id}`, { as: onCall });
        expect(status).toBe(200);
        expect(json.result).toMatchObject({ runId: report.result.runId, summary: report.result.summary, verdict: report.result.verdict });
        expect(json.runs).toMatchObject([{ runId: report.result.runId, runbook: 'high-error-rate', status: report.result.status }]);
        expect(json.timeline.map(({ type }: { type: string }) => type)).toEqual(expect.arrayContaining(['OPENED', 'RUN_STARTED', 'RESULT', 'REPORTED']));
        expect(JSON.stringify(json)).not.toMatch(/"(pk|sk|ttl|lease)":/);
      });

      test.each(['incidents', 'incidents/x'])('%s is refused to who may read metrics, and metrics to who may read incidents', async (path) => {
        const environment = deployed();
        expect((await environment.ask('metrics?timeRange=1h', { as: reader })).status).toBe(200);
        expect((await environment.ask(path, { as: reader })).status).toBe(403);
        expect((await environment.ask('metrics?timeRange=1h', { as: onCall })).status).toBe(403);
      });

      test('an incident that nobody knows is a problem', async () => {
        expect(await deployed().ask(`incidents/${'0'.repeat(24)}`, { as: onCall })).toMatchObject({ status: 404, json: { status: 404, parameter: 'id' } });
      });

      test('the function that answers may read the table by its keys, not scan or write it', async () => {
        const { cloud, outputs: { IncidentTableName: TableName } } = deployed();
        const client = new DynamoDBClient(cloud.clientConfig(await deployed().credentialsOf('MetricsApi/ApiLambda')));
        await expect(client.send(new ScanCommand({ TableName }))).rejects.toThrow(/is not authorized to perform/);
        await expect(client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'x' }, sk: { S: 'y' } } }))).rejects.toThrow(/is not authorized to perform/);
      });

      test('an API without incidents has no such routes, and describes none', async () => {
        const { cloud, outputs } = deployed();
        const ask = (path: string) => askApi(cloud, `${localApiUrl(cloud, outputs.GuardedApiUrl)}/${path}`, { as: 'none', headers: { authorization: 'let-me-in' } });
        expect([403, 404]).toContain((await ask('incidents')).status);
        expect(Object.keys((await ask('openapi.json')).json.paths).filter((path) => path.startsWith('/incidents'))).toEqual([]);
      });
    });
  },

  over(deployed: () => Environment) {
    test('GET /incidents lists the incident as resolved when the alarm is over', async () => {
      const environment = deployed();
      const { incident } = await environment.report(environment.alarms.CheckoutErrors, 'RESOLVED');
      const { json } = await environment.ask('incidents?service=checkout&state=RESOLVED');
      expect(json.incidents).toMatchObject([{ id: incident.id, state: 'RESOLVED', closed: incident.closed }]);
      const { timeline } = (await environment.ask(`incidents/${incident.id}`)).json;
      expect(timeline.map(({ type }: { type: string }) => type)).toContain('RESOLVED');
      expect((await environment.ask('incidents?service=checkout&state=OPEN')).json.incidents).toEqual([]);
    });
  },
};
