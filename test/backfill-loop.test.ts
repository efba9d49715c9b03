import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { sliceOf } from '../lambda-src/backfill/request';

/** The loop of docs/backfill.md, as it stands there, with a stand-in for the AWS CLI that answers from a list. */
const page = readFileSync(join(__dirname, '..', 'docs', 'backfill.md'), 'utf8');
const [begin, loop] = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code]) => code);

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'backfill-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const aws = `#!/bin/sh
case "$1 $2" in
  'cloudformation list-stack-resources') echo Shop-MonitoringLogIngestionBackfill-1 ;;
  'lambda invoke')
    printf '%s\\n' "$*" >> invocations
    # The last parameter is the file to answer into.
    for last; do :; done
    n=$(grep -c '' invocations)
    [ -f "answer.$n" ] || exit 1
    cat "answer.$n" > "$last" ;;
esac
`;

function run(...answers: string[]): { output: string; invocations: string[] } {
  writeFileSync(join(folder, 'aws'), aws);
  chmodSync(join(folder, 'aws'), 0o755);
  answers.forEach((answer, n) => writeFileSync(join(folder, `answer.${n + 1}`), answer));
  const output = execFileSync('sh', ['-u', '-c', `${begin}\n${loop}\necho "payload: $payload"`], {
    cwd: folder, env: { PATH: `${folder}${delimiter}${process.env.PATH}` }, encoding: 'utf8',
  });
  return { output, invocations: readFileSync(join(folder, 'invocations'), 'utf8').trimEnd().split('\n') };
}

const answer = (next: string | null) => JSON.stringify({ queued: 900, skipped: { quarantine: 0, archived: 0, otherKeys: 0 }, next });
const payloadsOf = (invocations: string[]) => invocations.map((line) => JSON.parse(/--payload (\{.*\}) answer\.json$/.exec(line)![1]));

test('it goes on with what each answer says, until nothing is left', () => {
  const { output, invocations } = run(answer('eyJ-_1'), answer('eyJ-_2'), answer(null));
  expect(payloadsOf(invocations)).toEqual([{ prefix: 'checkout/', perSecond: 20 }, { resume: 'eyJ-_1' }, { resume: 'eyJ-_2' }]);
  expect(invocations[0]).toContain('--function-name Shop-MonitoringLogIngestionBackfill-1 --cli-binary-format raw-in-base64-out');
  expect(output).toBe(`${answer('eyJ-_1')}\n${answer('eyJ-_2')}\n${answer(null)}\nAll is queued.\npayload: \n`);
});

test('a slice that fails stops it, and is where it goes on', () => {
  const error = JSON.stringify({ errorType: 'BadPayload', errorMessage: 'payload.resume is "x"; expected "next":"..." or "next":null of an earlier answer' });
  const { output, invocations } = run(answer('eyJ-_1'), error);
  expect(invocations).toHaveLength(2);
  expect(output).toContain(`${error}\nStopped: put right what the error names, and run the loop again.\npayload: {"resume":"eyJ-_1"}\n`);
});

test('so does an invocation that does not come through', () => {
  const { output, invocations } = run(answer('eyJ-_1'));
  expect(invocations).toHaveLength(2);
  expect(output).toContain('Stopped');
  expect(output).toContain('payload: {"resume":"eyJ-_1"}\n');
});

test('it begins with a payload that the function takes', () => {
  const [first] = payloadsOf(run(answer(null)).invocations);
  expect(sliceOf(first, '', 0)).toMatchObject({ prefix: 'checkout/', perSecond: 20 });
});
