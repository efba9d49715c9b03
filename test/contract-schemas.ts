import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';

// Strict: a keyword that ajv does not know, or that says nothing where it stands, is an error.
const ajv = new Ajv2020({ strict: true, allErrors: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ } });

function problemsBy(file: string): (value: unknown) => string[] {
  const validate = ajv.compile(JSON.parse(readFileSync(join(__dirname, '..', 'contract', file), 'utf8')));
  return (value) => validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`);
}

/** What of a request does not fit the published schema. */
export const requestProblems = problemsBy('request-v1.schema.json');
/** What of a result does not fit the published schema. */
export const resultProblems = problemsBy('result-v1.schema.json');

/** The blocks of JSON in a page. */
export const jsonOf = (page: string): any[] =>
  [...readFileSync(join(__dirname, '..', page), 'utf8').matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, code]) => JSON.parse(code));
