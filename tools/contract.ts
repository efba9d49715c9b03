import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractFiles } from './contract-files';

/** Writes `contract/`: the contract with runbook handlers as declarations and as JSON Schemas. A test tells when it must be written again. */
for (const [name, text] of Object.entries(contractFiles())) writeFileSync(join(__dirname, '..', 'contract', name), text);
