import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPage } from './api-page';
import { openApiText } from './openapi-text';

const write = (name: string, text: string) => writeFileSync(join(__dirname, '..', 'docs', name), text);

/**
 * Writes `docs/openapi.json`, the description that `GET /openapi.json` serves, and `docs/api.md`, which says the same to people. A test
 * tells when they must be written again.
 */
write('openapi.json', openApiText());
write('api.md', apiPage());
