import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prometheusKey } from './authorization';
import { run } from '../../../tools/local-cloud/processes';
import { localApiUrl } from '../../../tools/local-cloud/signed-fetch';
import { Environment } from '../environment';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'api.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code]) => code.trimEnd());
const [signing, ...calls] = blocks;
/** What takes its place where callers do not sign, as the page's table says. */
const authOf = (choice: string) => new RegExp(`^\\| \`\\.${choice}\\(\\)\` \\|.* \`(AUTH=.*)\` \\|$`, 'm').exec(page)![1];
const [keyed, open] = [authOf('apiKey'), authOf('none')];

/** Every line of docs/api.md, in the order of the page, as it stands there. */
export function apiPage(deployed: () => Environment) {
  describe('docs/api.md', () => {
    test('has blocks for the shell: one that says how to sign, and calls', () => {
      expect(signing).toMatch(/^AUTH=\(--aws-sigv4 /);
      expect(calls.length).toBeGreaterThan(10);
      expect(calls.filter((call) => !call.includes('curl '))).toEqual([]);
    });

    describe.each([['signed', signing, 'ApiUrl'], ['to an open API', open, 'OpenApiUrl']])('%s', (_how, auth, output) => {
      test.each(calls.map((call) => [call.split('\n')[0], call]))('%s', async (_line, call) => {
        const { cloud, outputs } = deployed();
        // The Prometheus routes of the first API have an authorization of their own.
        const ofPrometheus = output === 'ApiUrl' && call.includes('/prometheus/');
        // A refusal is an error, with the refusal's text; and no bar of progress stands between the answers.
        const script = `set -euo pipefail\ncurl() { command curl --fail-with-body --silent --show-error "$@"; }\n${ofPrometheus ? keyed : auth}\n${call}`;
        const answers = await run('bash', ['-c', script], {
          what: call,
          // Credentials that last have no token: the header for it must do no harm.
          env: {
            ...cloud.env,
            API_URL: localApiUrl(cloud, outputs[output]),
            ...(ofPrometheus && { API_KEY: await prometheusKey(deployed()) }),
            CURL_CA_BUNDLE: cloud.certificateFile,
            AWS_SESSION_TOKEN: '',
          },
        });
        expect(answers).toMatch(/^(\{.*\}|service,metric,timestamp,value\r\n[\s\S]*)$/);
      });
    });
  });
}
