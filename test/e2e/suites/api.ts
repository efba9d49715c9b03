import { IAMClient } from '@aws-sdk/client-iam';
import { API_ROUTES } from '../../../src/private/shared/api-routes';
import { makeUser } from '../../../tools/local-cloud/credentials';
import { Environment } from '../environment';

/** The metrics API, from outside. */
export function api(deployed: () => Environment) {
  describe('the API', () => {
    test('GET /health answers everybody', async () => {
      const { status, json } = await deployed().ask('health', { as: 'none' });
      expect({ status, json }).toEqual({ status: 200, json: { status: 'ok' } });
    });

    test.each(API_ROUTES.filter(({ access }) => access !== 'open').map(({ method, path }) => [method, path]))(
      '%s %s without credentials is refused, with a problem', async (method, path) => {
        const { status, headers, json } = await deployed().ask(path.slice(1).replace(/\{[^}]+\}/g, 'x'), { method, as: 'none' });
        expect(status).toBe(403);
        expect(headers['content-type']).toMatch(/^application\/problem\+json/);
        expect(json).toMatchObject({ status: 403, title: expect.any(String) });
      });

    test('who may read may not write', async () => {
      const environment = deployed();
      const [, apiId] = /^https:\/\/([^.]+)/.exec(environment.outputs.ApiUrl)!;
      const { cloud } = environment;
      const reader = await makeUser(new IAMClient(cloud.clientConfig()), 'reader', [{
        Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `arn:aws:execute-api:${cloud.region}:${cloud.account}:${apiId}/*/GET/metrics`,
      }]);
      expect((await environment.ask('metrics?timeRange=1h', { as: reader })).status).toBe(200);
      expect((await environment.ask('metrics', { as: reader, method: 'POST', body: { service: 'x', metrics: { y: 1 } } })).status).toBe(403);
    });

    test('POST /metrics without a key is stored each time', async () => {
      const environment = deployed();
      for (const value of [1, 2]) {
        const { status, json } = await environment.ask('metrics', { method: 'POST', body: { service: 'posted', metrics: { value } } });
        expect({ status, json }).toEqual({ status: 201, json: { accepted: 1, rejected: [] } });
      }
      await environment.samplesBecome('posted', 'value', [1, 2]);
    });

    test('POST /metrics with an Idempotency-Key is stored once, and its key is good for no other body', async () => {
      const environment = deployed();
      const post = (value: number) => environment.ask('metrics', {
        method: 'POST', headers: { 'idempotency-key': 'once' }, body: { service: 'posted-once', metrics: { value } },
      });
      const first = await post(1);
      const again = await post(1);
      expect(first.status).toBe(201);
      expect({ status: again.status, json: again.json }).toEqual({ status: first.status, json: first.json });
      expect((await post(2)).status).toBe(422);
      await environment.samplesBecome('posted-once', 'value', [1]);
    });

    test('a bad request is a problem that says what is wrong', async () => {
      const { status, headers, json } = await deployed().ask('metrics?timeRange=soon');
      expect(status).toBe(400);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(json).toMatchObject({ status: 400, parameter: 'timeRange', detail: expect.stringContaining('soon') });
    });

    test('GET /metrics answers in CSV whoever asks for it', async () => {
      const environment = deployed();
      const service = '=posted,"csv"';
      await environment.ask('metrics', { method: 'POST', body: { service, metrics: { value: 1.5 } } });
      await environment.samplesBecome(encodeURIComponent(service), 'value', [1.5]);
      const { status, headers, text } = await environment.ask(`metrics?service=${encodeURIComponent(service)}&step=raw`, { headers: { accept: 'text/csv' } });
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'content-type': expect.stringMatching(/^text\/csv/), 'metrics-complete': 'true' });
      expect(text).toMatch(/^service,metric,timestamp,value\r\n"'=posted,""csv""",value,[^,]+Z,1\.5\r\n$/);
    });

    test('GET /openapi.json describes every route, and says where the API is', async () => {
      const { status, json } = await deployed().ask('openapi.json');
      expect({ status, servers: json.servers }).toEqual({ status: 200, servers: [{ url: '/v1' }] });
      expect(API_ROUTES.filter(({ method, path }) => !json.paths[path]?.[method.toLowerCase()])).toEqual([]);
    });

    test('of a POST with one bad value the good ones are stored', async () => {
      const environment = deployed();
      const { status, json } = await environment.ask('metrics', {
        method: 'POST', body: { service: 'half', metrics: { good: 1, bad: 'many' } },
      });
      expect(status).toBe(207);
      expect(json).toMatchObject({ accepted: 1, rejected: [{ index: 0, path: 'metrics.bad' }] });
      await environment.samplesBecome('half', 'good', [1]);
    });
  });
}
