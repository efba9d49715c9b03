import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiText } from './openapi-text';

/** Writes `docs/openapi.json`: the description that `GET /openapi.json` serves. A test tells when it must be written again. */
writeFileSync(join(__dirname, '..', 'docs', 'openapi.json'), openApiText());
