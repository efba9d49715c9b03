import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOf, requestProblems, resultProblems } from './contract-schemas';
import { validateResult } from '../lambda-src/shared/contract-validation';

const folder = join(__dirname, '..', 'examples', 'handlers');
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

/**
 * The tests of each example, in its own language, hold its handler to the very results of these cases; here the cases are held
 * to the contract. Python and Go run in `npm run test:languages`.
 */
describe('the cases of the example handlers', () => {
  const cases = readdirSync(join(folder, 'cases')).map((file) => ({ file, ...JSON.parse(read('cases', file)) }));

  test.each(cases)('$file: request and result are valid', ({ request, result }) => {
    expect(requestProblems(request)).toEqual([]);
    expect(resultProblems(result)).toEqual([]);
    expect(validateResult(JSON.stringify(result), request.runId)).toEqual({ valid: true, result });
  });

  test('what was not seen is told as not checked, and never as nothing', () => {
    const seen = cases.map(({ result: { evidence: [{ status }], notChecked } }) => [status, notChecked.length === (status === 'OK' ? 0 : 1)]);
    expect(seen.filter(([, honest]) => !honest)).toEqual([]);
    expect(new Set(seen.map(([status]) => status))).toEqual(new Set(['OK', 'TIMED_OUT', 'ERROR', 'NOT_CONFIGURED']));
  });

  test('they ask what the contract\'s page asks', () => {
    const [example] = jsonOf('docs/handlers.md').filter(({ deadline }) => deadline);
    expect(cases.find(({ file }) => file === 'down.json').request).toEqual(example);
  });
});

test.each(['typescript', 'python', 'go'])('%s: what the README deploys, the app deploys', (language) => {
  const [, code] = /^```ts\n([\s\S]*?)^```$/m.exec(read(language, 'README.md'))!;
  const app = read('app.ts').split('\n').map((line) => line.trim());
  const lines = code.split('\n').map((line) => line.trim().replace('const paymentCheck =', `${language}: (scope) =>`));
  // In the app, a function is a member of a list.
  expect(lines.filter((line) => !app.includes(line) && !app.includes(line.replace(/;$/, ',')))).toEqual([]);
});
