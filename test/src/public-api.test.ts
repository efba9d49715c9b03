import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Reads the assembly that jsii makes of the public API: what every language sees. It is compiled aside, so that this test
 * says the truth also where nothing was built.
 */
const root = join(__dirname, '..', '..');
const aside = mkdtempSync(join(tmpdir(), 'public-api-'));

interface Docs { summary?: string; default?: string; subclassable?: boolean }
interface Member {
  name: string;
  docs?: Docs;
  optional?: boolean;
  overrides?: string;
  type?: unknown;
  parameters?: Member[];
  returns?: { type: unknown };
}
interface Type {
  fqn: string;
  name: string;
  kind: string;
  docs?: Docs;
  datatype?: boolean;
  properties?: Member[];
  methods?: Member[];
  initializer?: Member;
  members?: Member[];
}

let types: Type[];

beforeAll(() => {
  for (const part of ['src', 'package.json', 'tsconfig.json', 'README.md', 'LICENSE']) {
    cpSync(join(root, part), join(aside, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(aside, 'node_modules'));
  execFileSync(join(root, 'node_modules', '.bin', 'jsii'), ['--silence-warnings=reserved-word'], { cwd: aside, stdio: 'pipe' });
  types = Object.values(JSON.parse(readFileSync(join(aside, '.jsii'), 'utf8')).types);
}, 120_000);

afterAll(() => rmSync(aside, { recursive: true, force: true }));

const membersOf = (type: Type): Member[] => [...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []];

test('there is an API to look at', () => {
  expect(types.map(({ name }) => name)).toEqual(expect.arrayContaining(
    ['ServerlessMonitoring', 'MetricsStore', 'LogIngestion', 'MetricsApi', 'AlertingWithRunbooks', 'RunbookHandler', 'IRunbookHandler', 'AlarmMatcher']));
});

test('every type and member says what it is', () => {
  const silent = types.flatMap((type) => [
    ...type.docs?.summary ? [] : [type.name],
    ...membersOf(type).filter((member) => !member.overrides && !member.docs?.summary && !inherited(type, member)).map(({ name }) => `${type.name}.${name}`),
    ...(type.methods ?? []).filter((method) => !method.overrides && !inherited(type, method)).flatMap((method) => (method.parameters ?? [])
      .filter(({ docs }) => !docs?.summary).map(({ name }) => `${type.name}.${method.name}(${name})`)),
  ]);
  expect(silent).toEqual([]);
});

test('every optional property of a struct says its default', () => {
  const silent = types.filter(({ datatype }) => datatype)
    .flatMap((type) => (type.properties ?? []).filter(({ optional, docs }) => optional && !docs?.default).map(({ name }) => `${type.name}.${name}`));
  expect(silent).toEqual([]);
});

test('there is no union and no any: they are unusable in typed languages', () => {
  const bad = types.flatMap((type) => [...membersOf(type), ...type.initializer ? [type.initializer] : []]
    .filter((member) => /"union"|"primitive":"any"/.test(JSON.stringify([member.type, member.parameters?.map((p) => p.type), member.returns?.type])))
    .map(({ name }) => `${type.name}.${name ?? 'constructor'}`));
  expect(bad).toEqual([]);
});

test('pluggable interfaces are marked, so that they do not grow', () => {
  for (const name of ['IRunbookHandler', 'ITargetAccess']) {
    expect(types.find((type) => type.name === name)?.docs).toHaveProperty('subclassable', true);
  }
});

/** A member that an interface of this library declares has its words there. */
function inherited(type: Type, member: Member): boolean {
  return types.some((other) => other !== type && other.kind === 'interface' && membersOf(other).some(({ name, docs }) => name === member.name && docs?.summary));
}
