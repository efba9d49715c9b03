import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { ApiAnswer, askApi, localApiUrl } from '../../../tools/local-cloud/signed-fetch';
import { Environment } from '../environment';

/** Routes under each kind of authorization, the API's and the Prometheus routes' own, asked by those who may not and by those who may. */
export function authorization(deployed: () => Environment) {
  /** Unsigned, with nothing but the given headers. */
  const ask = (output: 'ApiUrl' | 'GuardedApiUrl', path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<ApiAnswer> => {
    const { cloud, outputs } = deployed();
    return askApi(cloud, `${localApiUrl(cloud, outputs[output])}/${path}`, { as: 'none', headers, method });
  };
  const ONE_AND_ONE = 'prometheus/api/v1/query?query=1%2B1';
  const two = { status: 'success', data: { resultType: 'scalar', result: [expect.any(Number), '2'] } };

  describe('who may call', () => {
    test.each([
      ['iam', 'ApiUrl', 'metrics?timeRange=1h', {}],
      ['iam, for the key of the Prometheus routes', 'ApiUrl', 'metrics?timeRange=1h', { 'x-api-key': 'KEY' }],
      ['apiKey', 'ApiUrl', ONE_AND_ONE, {}],
      ['apiKey, for a wrong key', 'ApiUrl', ONE_AND_ONE, { 'x-api-key': 'guessed-guessed-guessed' }],
      ['custom', 'GuardedApiUrl', 'metrics?timeRange=1h', {}],
      ['custom, for a wrong token', 'GuardedApiUrl', 'metrics?timeRange=1h', { authorization: 'guessed' }],
      ['cognito', 'GuardedApiUrl', ONE_AND_ONE, {}],
      ['cognito, for a token that is none', 'GuardedApiUrl', ONE_AND_ONE, { authorization: 'Bearer a.b.c' }],
      ['cognito, for the other routes\' token', 'GuardedApiUrl', ONE_AND_ONE, { authorization: 'let-me-in' }],
    ] as const)('%s refuses, with a problem', async (_kind, output, path, headers) => {
      const sent = 'x-api-key' in headers && headers['x-api-key'] === 'KEY' ? { 'x-api-key': await prometheusKey(deployed()) } : headers;
      const answer = await ask(output, path, sent);
      expect([401, 403]).toContain(answer.status);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.json).toMatchObject({ type: 'about:blank', status: answer.status, title: expect.any(String), detail: expect.any(String) });
    });

    test('apiKey lets in who sends the key', async () => {
      const { status, json } = await ask('ApiUrl', ONE_AND_ONE, { 'x-api-key': await prometheusKey(deployed()) });
      expect({ status, json }).toEqual({ status: 200, json: two });
    });

    test('custom lets in whom the authorizer lets in', async () => {
      const { status, json } = await ask('GuardedApiUrl', 'metrics?timeRange=1h', { authorization: 'let-me-in' });
      expect({ status, json }).toMatchObject({ status: 200, json: { complete: true } });
    });

    test.each(['ApiUrl', 'GuardedApiUrl'] as const)('GET /health of %s is open', async (output) => {
      expect((await ask(output, 'health')).status).toBe(200);
    });
  });

  describe('pages of other origins', () => {
    const origin = 'https://dashboards.example.com';

    test('a browser that asks first is told that it may', async () => {
      const { status, headers } = await ask('ApiUrl', 'metrics', { origin, 'access-control-request-method': 'GET' }, 'OPTIONS');
      expect([200, 204]).toContain(status);
      expect(headers).toMatchObject({ 'access-control-allow-origin': origin, 'access-control-allow-headers': expect.stringContaining('X-Api-Key') });
    });

    test('answers and refusals can be read', async () => {
      expect((await ask('ApiUrl', 'health', { origin })).headers).toMatchObject({ 'access-control-allow-origin': origin, 'vary': 'origin' });
      expect((await ask('ApiUrl', 'metrics', { origin })).headers).toMatchObject({ 'access-control-allow-origin': origin });
    });
  });
}

/** The key that the Prometheus routes of the first API ask for. */
export async function prometheusKey({ cloud, outputs }: Environment): Promise<string> {
  const client = new APIGatewayClient(cloud.clientConfig());
  const { value } = await client.send(new GetApiKeyCommand({ apiKey: outputs.PrometheusKeyId, includeValue: true }));
  return value!;
}
