import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { App, Stack } from 'aws-cdk-lib';
import { DEFINITIONS } from '../lambda-src/runbooks';
import { validateResult } from '../lambda-src/shared/contract-validation';
import { ServerlessMonitoring } from '../src';
import { BUILT_IN_RUNBOOKS } from '../src/private/shared/runbook-table';

/** The documentation is held to the code: what it links exists, and what the code links in it exists too. */
const root = join(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const docs = (readdirSync(join(root, 'docs'), { recursive: true }) as string[]).filter((file) => file.endsWith('.md')).map((file) => join('docs', file));
const pages = ['README.md', 'CONTRIBUTING.md', ...docs];

/** A page without what stands in code. */
const prose = (page: string) => read(page).replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');

/** Explicit anchors, and those that GitHub gives to headings. */
function anchorsOf(page: string): Set<string> {
  const text = read(page).replace(/^```[\s\S]*?^```$/gm, '');
  const explicit = [...text.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id);
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));
  return new Set([...explicit, ...headings]);
}

/** Sections between explicit anchors, by anchor. */
function sectionsOf(page: string): Map<string, string> {
  const [, ...parts] = read(page).split(/<a id="([^"]+)"><\/a>/);
  return new Map(parts.flatMap((part, index) => index % 2 === 0 ? [[part, parts[index + 1]] as const] : []));
}

/** The contents of the code blocks of one language. */
const blocks = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);

test.each(pages)('%s: every relative link leads somewhere', (page) => {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link));
  const broken = links.filter((link) => {
    const [path, anchor] = link.split('#');
    const target = path === '' ? page : relative(root, resolve(root, dirname(page), path));
    return !existsSync(join(root, target)) || (anchor !== undefined && !(target.endsWith('.md') && anchorsOf(target).has(anchor)));
  });
  expect(broken).toEqual([]);
});

test('the README shows the architecture, whose source is beside it', () => {
  expect(read('README.md')).toContain('](docs/architecture.png)');
  expect(read('docs/architecture.svg')).toMatch(/^<svg [^>]*viewBox="0 0 1200 860"/);
  const png = readFileSync(join(root, 'docs/architecture.png'));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  // Twice the source's size: rendered from it, and sharp.
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2400, 1720]);
});

test.each(BUILT_IN_RUNBOOKS.map((name) => [name]))('%s: every rule has its section, and every section a rule', (name) => {
  const rules = DEFINITIONS[name].book.rules.map(({ id }: { id: string }) => id);
  expect(rules.length).toBeGreaterThanOrEqual(4);
  const page = `docs/runbooks/${name}.md`;
  const sections = sectionsOf(page);
  expect([...sections.keys()].sort()).toEqual(rules.map((id: string) => id.toLowerCase()).sort());
  for (const id of rules) expect(sections.get(id.toLowerCase())!.trimStart()).toMatch(new RegExp(`^## ${id} `));
});

describe('alarms on our own parts', () => {
  const monitoring = new ServerlessMonitoring(new Stack(new App(), 'Stack'), 'Monitoring');
  const keys = monitoring.alerting.alarms.map(({ key }) => key);

  test('each has its section: what it means, how to confirm it, what to do', () => {
    const sections = sectionsOf('docs/runbooks/monitoring.md');
    expect([...sections.keys()].sort()).toEqual(keys.map((key) => key.toLowerCase().replace('/', '-')).sort());
    for (const [anchor, text] of sections) {
      expect([anchor, text]).toEqual([anchor, expect.stringMatching(/^\s*## \w+\/\w+\n[\s\S]*\*\*Means:\*\*[\s\S]*\*\*Confirm:\*\*[\s\S]*\*\*Do:\*\*/)]);
    }
  });

  test('the README lists each', () => {
    expect(keys.filter((key) => !read('README.md').includes(`[\`${key}\`](docs/runbooks/monitoring.md#${key.toLowerCase().replace('/', '-')})`))).toEqual([]);
  });

  test('the README counts them rightly', () => {
    expect(keys).toHaveLength(14);
    expect(read('README.md')).toContain('fourteen alarms on these very parts');
    expect(read('README.md')).toContain('14 alarms, standard resolution');
  });
});

describe('the contract\'s page', () => {
  const page = read('docs/handlers.md');

  test('names every member and every value of the contract', () => {
    // An alarm's severity is no part of request or result.
    const contract = read('src/private/shared/contract.ts').replace(/SEVERITIES = .*/, '');
    const members = [...contract.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name);
    const values = [...contract.matchAll(/'([A-Z][A-Z_]+)'/g)].map(([, value]) => value);
    expect(members.length).toBeGreaterThan(40);
    expect(values.length).toBeGreaterThan(30);
    expect([...new Set([...members, ...values])].filter((name) => !new RegExp(`[\`.]${name}[\`.]`).test(page))).toEqual([]);
  });

  test('has an example of each that fits the other', () => {
    const [request, result] = blocks('docs/handlers.md', 'json').map((code) => JSON.parse(code)).filter(({ runId }) => runId);
    expect(validateResult(JSON.stringify(result), request.runId)).toEqual({ valid: true, result });
  });
});

test('the reasons of the quarantine are all explained', () => {
  const [, codes] = /type ProblemCode =([^;]*);/.exec(read('lambda-src/shared/document.ts'))!;
  const reasons = [...codes.matchAll(/'(\w+)'/g)].map(([, code]) => code);
  expect(reasons.length).toBeGreaterThan(10);
  expect(reasons.filter((reason) => !sectionsOf('docs/runbooks/monitoring.md').get('logingestion-quarantinedlines')!.includes(`\`${reason}\``))).toEqual([]);
});

test.each([['up', 200, 'PP-00'], ['down', 503, 'PP-01']])('the README\'s handler answers a valid result: provider %s', async (_state, status, ruleId) => {
  const [code] = blocks('README.md', 'js');
  const fetch = async () => ({ ok: status === 200, status });
  const handler = runInNewContext(`${code.replace('export ', '')}; handler`, { fetch, Date });
  const answer = await handler({ runId: 'r', runbook: { parameters: { statusPage: 'https://status.example.com' } } });
  expect(validateResult(JSON.stringify(answer), 'r')).toMatchObject({ valid: true, result: { verdict: { ruleId } } });
});
