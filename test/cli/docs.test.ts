import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { COMMANDS } from '../../cli/run';
import { runScenario } from '../../lambda-src/scenarios/kit';
import { parseScenario, scenario } from '../../lambda-src/scenarios/schema';

/** The pages on the tools, held to what they describe. */
const read = (page: string) => readFileSync(join(__dirname, '..', '..', 'docs', page), 'utf8');
const blocks = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);

/** Every key of a schema, however deep: valibot keeps the parts of each kind of schema under a name of its own. */
function keysOf(schema: any): string[] {
  const { entries, wrapped, item, value, options, pipe } = schema;
  const parts = [wrapped, item, value, ...Array.isArray(options) ? options : [], ...(pipe ?? []).slice(1)].filter((part) => part?.kind === 'schema');
  return [...Object.entries(entries ?? {}).flatMap(([key, member]) => [key, ...keysOf(member)]), ...parts.flatMap(keysOf)];
}

test('docs/scenarios.md names every key of the format', () => {
  const keys = [...new Set(keysOf(scenario))];
  expect(keys.length).toBeGreaterThan(90);
  expect(keys.filter((key) => !read('scenarios.md').includes(`\`${key}\``))).toEqual([]);
});

test('its first scenario holds, and the others are scenarios', async () => {
  const [first, ...others] = blocks('scenarios.md', 'yaml');
  expect(await runScenario(parse(first))).toMatchObject({ holds: true, differences: [] });
  expect(others.map((yaml) => parseScenario(yaml).runbook)).toEqual(['payment-provider-down']);
});

test.each(COMMANDS.map((command) => [command.name, command] as const))('docs/tools.md has a section on %s, with each of its options', (name, { options }) => {
  const [, section] = new RegExp(`^## ${name}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(read('tools.md'))!;
  expect(section).toContain(`$ npx cdk-serverless-monitoring ${name} `);
  expect(Object.keys(options).filter((option) => !section.includes(`--${option}`))).toEqual([]);
});
