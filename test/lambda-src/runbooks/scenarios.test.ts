import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFINITIONS } from '../../../lambda-src/runbooks';
import { runScenario } from '../../../lambda-src/scenarios/run-scenario';
import { parseScenario } from '../../../lambda-src/scenarios/schema';
import { validateResult } from '../../../lambda-src/shared/contract-validation';

/** Every YAML file under test/scenarios, against the runbook it names. */
const folder = join(__dirname, '..', '..', 'scenarios');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml')).sort();

test.each(files)('%s', async (file) => {
  const path = join(folder, file);
  const { runbook } = parseScenario(readFileSync(path, 'utf8'), file);
  const definition = DEFINITIONS[runbook];
  if (!definition) throw new Error(`${file} names the runbook ${runbook}; the registry has ${Object.keys(DEFINITIONS).join(', ')}`);
  const { result, differences } = await runScenario(path, definition);
  expect(differences).toEqual([]);
  expect(validateResult(JSON.stringify(result), 'scenario-run')).toEqual({ valid: true, result: JSON.parse(JSON.stringify(result)) });
});

describe.each(Object.values(DEFINITIONS))('the runbook $name', ({ name, book }) => {
  const page = () => readFileSync(join(__dirname, '..', '..', '..', 'docs', 'runbooks', `${name}.md`), 'utf8');

  test.each(book.rules.map(({ id }) => id))('%s has a section that links can reach', (id) => {
    expect(page()).toContain(`<a id="${id.toLowerCase()}"></a>`);
    expect(page()).toMatch(new RegExp(`^## ${id} `, 'm'));
  });

  test('chooses among rules that exist', () => {
    const ids = book.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const named = [...book.precedence, ...book.frames ?? [], ...book.recovered ? [book.recovered] : [], book.inconclusive];
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('has a scenario for each of its rules', () => {
    const led = files.map((file) => parseScenario(readFileSync(join(folder, file), 'utf8'), file).expect).flatMap(({ rule, alsoMention }) => [rule, ...alsoMention]);
    expect(book.rules.map(({ id }) => id).filter((id) => !led.includes(id))).toEqual([]);
  });
});
