import { parseArgs } from 'node:util';
import { type Answer, type Command, type Input, type Option, UsageError } from './command';
import { doctor } from './doctor';
import { drill } from './drill';
import { explain } from './explain';
import { replay } from './replay';
import { scenarios } from './scenarios';
import { labelled, wrapped } from './text';

export const TOOL = 'cdk-serverless-monitoring';
export const COMMANDS: readonly Command[] = [scenarios, explain, replay, drill, doctor];

const COMMON: Record<string, Option> = {
  json: { help: 'print the answer as one JSON value, and nothing else' },
  help: { help: 'print this text' },
};

/** Where a run of the tool writes to. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

/** @returns the exit code: 0 yes, 1 no, 2 the command was called wrongly or could not be done */
export async function run(args: readonly string[], { out, err }: Streams): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    out(overview());
    return name === undefined ? 2 : 0;
  }
  const asJson = rest.includes('--json');
  try {
    const command = COMMANDS.find((each) => each.name === name);
    if (!command) throw new UsageError(`there is no command ${name}: the commands are ${COMMANDS.map((each) => each.name).join(', ')}`);
    if (rest.includes('--help')) {
      out(helpOf(command));
      return 0;
    }
    const answer = await command.run(inputOf(command, rest, asJson ? err : out));
    out(rendered(answer, asJson));
    return answer.ok ? 0 : 1;
  } catch (error) {
    const message = advised((error as Error).message);
    if (asJson) out(JSON.stringify({ error: message }, undefined, 2));
    else err(`${TOOL} ${name}: ${message}`);
    return 2;
  }
}

/** What the SDK says where the caller's own set-up is missing, and what to do about it. */
const ADVICE: readonly (readonly [found: RegExp, fix: string])[] = [
  [/^Region is missing/, 'set AWS_REGION, or AWS_PROFILE to a profile that has a region'],
  [/^Could not load credentials/, 'set AWS_PROFILE, or sign in as for the AWS CLI'],
];

function advised(message: string): string {
  const fix = ADVICE.find(([found]) => found.test(message))?.[1];
  return fix === undefined ? message : `${message}: ${fix}`;
}

function rendered({ json, lines }: Answer, asJson: boolean): string {
  return asJson ? JSON.stringify(json, undefined, 2) : lines.join('\n');
}

function inputOf(command: Command, args: string[], say: (line: string) => void): Input {
  const options = { ...command.options, ...COMMON };
  const { values, positionals } = parsed(command, options, args);
  return {
    positionals,
    one: (option) => values[option] as string | undefined,
    all: (option) => (values[option] ?? []) as string[],
    has: (option) => values[option] === true,
    say,
  };
}

function parsed(command: Command, options: Record<string, Option>, args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: command.positionals !== '',
      options: Object.fromEntries(Object.entries(options).map(([name, { takes, multiple = false }]) => [name, { type: takes ? 'string' as const : 'boolean' as const, multiple }])),
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.replace(/\.$/, '')}; see ${TOOL} ${command.name} --help`);
  }
}

function overview(): string {
  return [
    `Usage: ${TOOL} <command> [options]`,
    '',
    ...labelled(COMMANDS.map(({ name, summary }) => [name, summary]), '  '),
    '',
    `${TOOL} <command> --help tells more about one.`,
    'Exit codes: 0 yes, 1 the answer is no, 2 the command was called wrongly or failed.',
  ].join('\n');
}

export function helpOf({ name, summary, positionals, options, notes }: Command): string {
  const rows = Object.entries({ ...options, ...COMMON }).map(([option, { takes, help }]) => [`--${option}${takes ? ` ${takes}` : ''}`, help] as const);
  return [
    `Usage: ${[TOOL, name, positionals, '[options]'].filter((part) => part !== '').join(' ')}`,
    '',
    ...wrapped(`${summary}.`),
    '',
    ...labelled(rows, '  '),
    ...notes.flatMap((note) => ['', ...wrapped(note)]),
  ].join('\n');
}
