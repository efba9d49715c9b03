import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { SchemaMaker } from './contract-schema';
import * as contract from '../src/private/shared/contract';

const SOURCE = join(__dirname, '..', 'src', 'private', 'shared', 'contract.ts');
const MADE_FROM = '// Made from src/private/shared/contract.ts by tools/contract.ts.\n';

/** The files of `contract/`, by name: what authors of handlers write against, made from what the executor itself is written against. */
export function contractFiles(): Record<string, string> {
  const maker = new SchemaMaker(readFileSync(SOURCE, 'utf8'), contract);
  const schema = (name: string, subject: string) => `${JSON.stringify(maker.document(name, `urn:cdk-serverless-monitoring:${subject}`), null, 2)}\n`;
  return {
    'request-v1.schema.json': schema('RunbookRequest', 'request-v1'),
    'result-v1.schema.json': schema('RunbookResult', 'result-v1'),
    ...module(),
  };
}

/** The contract as any TypeScript project can import it: declarations, and the few constants as CommonJS, which both kinds of module can load. */
function module(): Record<string, string> {
  const files: Record<string, string> = {};
  const options = { declaration: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, types: [] };
  const program = ts.createProgram([SOURCE], { ...options, lib: ['lib.es2022.d.ts'], rootDir: join(SOURCE, '..') });
  program.emit(undefined, (name, text) => { files[`v1.${name.endsWith('.d.ts') ? 'd.ts' : 'js'}`] = MADE_FROM + text; });
  return files;
}
