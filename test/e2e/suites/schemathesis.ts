import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_ROUTES } from '../../../src/private/shared/api-routes';
import { pythonWith } from '../../../tools/local-cloud/installation';
import { run } from '../../../tools/local-cloud/processes';
import { askApi, localApiUrl } from '../../../tools/local-cloud/signed-fetch';
import { Environment } from '../environment';

const PACKAGES = {
  name: 'schemathesis', is: 'which tests APIs by their description', python: 11, requirements: join(__dirname, '..', 'schemathesis-requirements.txt'),
};

const CHECKS = [
  'not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance', 'response_headers_conformance',
  'negative_data_rejection', 'unsupported_method', 'allow_header_conformance',
  // Not `positive_data_acceptance`: no schema can say that a cursor is one that was given, or that a timestamp is not too old.
];

/**
 * Requests that nobody thought of: schemathesis makes them of the API's own description, those that fit it and those that do not,
 * and holds every answer to it.
 *
 * It cannot sign, so it asks an open API over the same store. It posts services of the strangest names there: this comes last.
 */
export function schemathesis(deployed: () => Environment) {
  describe('schemathesis', () => {
    let folder: string;
    beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'schemathesis-')); });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('finds no request that is not answered as the API\'s description says', async () => {
      const { cloud, outputs } = deployed();
      const url = localApiUrl(cloud, outputs.OpenApiUrl);
      const { text, json } = await askApi(cloud, `${url}/openapi.json`, { as: 'none' });
      // From a file: the address that a description was loaded from is not tested.
      const description = join(folder, 'openapi.json');
      writeFileSync(description, text);
      const output = await outputOf(await pythonWith(PACKAGES, () => undefined), [
        description, '--url', url, '--tls-verify', cloud.certificateFile, '--checks', CHECKS.join(','),
        // The same requests each time, found again by nothing that an earlier run left behind.
        '--seed', '1', '--generation-database', 'none', '--max-examples', '40', '--continue-on-failure', '--no-color',
      ]);
      const operations = Object.values<object>(json.paths).flatMap(Object.keys).length;
      expect(operations).toBeGreaterThan(API_ROUTES.length);
      expect(output).toContain(`${operations} selected / ${operations} total`);
      expect(Number(/(\d+) generated, \d+ passed/.exec(output)?.[1])).toBeGreaterThan(500);
    }, 300_000);

    /** What it printed; a failure carries all of it, for it names each request to repeat, and the answer. */
    async function outputOf(python: string, args: string[]): Promise<string> {
      const lines: string[] = [];
      try {
        return await run(python, ['-m', 'schemathesis.cli', 'run', ...args], {
          // Where it may leave what it likes.
          what: 'schemathesis', cwd: folder, env: deployed().cloud.env, onLine: (line) => lines.push(line),
        });
      } catch (error) {
        throw new Error(lines.length > 0 ? lines.join('\n') : (error as Error).message);
      }
    }
  });
}
