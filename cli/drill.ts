import { createInterface } from 'node:readline/promises';
import { type Answer, type Command, UsageError } from './command';
import { checkAlarm, type Drilled, runDrill } from './drill/run-drill';
import { labelled } from './text';

/** Longer than a runbook may take, and than the queue keeps a message back. */
const DEFAULT_WAIT_SECONDS = 300;

export const drill: Command = {
  name: 'drill',
  summary: 'Sets an alarm to ALARM on purpose and follows what comes of it, from incident to report',
  positionals: '',
  options: {
    alarm: { takes: '<name>', help: 'the alarm to set' },
    table: { takes: '<name>', help: 'the incident table of the deployment' },
    wait: { help: 'wait for the report, tell each step, and set the alarm back to OK' },
    timeout: { takes: '<seconds>', help: `how long to wait; default: ${DEFAULT_WAIT_SECONDS}` },
    keep: { help: 'do not set the alarm back' },
    yes: { help: 'do not ask before' },
  },
  notes: [
    'Needs cloudwatch:DescribeAlarms and cloudwatch:SetAlarmState on the alarm, and dynamodb:PutItem, GetItem and Query on the table. People get CloudWatch\'s message and the report, which says that it was a drill.',
    'Without --wait the alarm stays in ALARM until its next evaluation. Exit code 1 where no report came in time.',
  ],
  run: async ({ one, has, say }) => {
    const [alarm, table] = [one('alarm'), one('table')];
    if (alarm === undefined || table === undefined) throw new UsageError('give --alarm <name> and --table <incident table>');
    const waitMs = has('wait') ? seconds(one('timeout')) * 1000 : undefined;
    const { openCloudWatch, openTable } = await import('./aws');
    const cloudwatch = openCloudWatch();
    await checkAlarm({ cloudwatch }, alarm);
    if (!has('yes') && !await confirmed(`This sets ${alarm} to ALARM: people are told, and its runbooks run. Go on? [y/N] `)) {
      return { ok: false, json: { alarm, started: false }, lines: ['Nothing was done.'] };
    }
    const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    return answerOf(await runDrill({ cloudwatch, store: openTable(table), now: Date.now, pause, say }, { alarm, waitMs, keep: has('keep') }), waitMs !== undefined);
  },
};

export function answerOf(drilled: Drilled, waited: boolean): Answer {
  const { incident, verdict, reported, alarm } = drilled;
  const outcome = !waited ? `Not waited for. ${alarm} stays in ALARM until its next evaluation.`
    : reported ? `The report was sent: ${verdict ? `${verdict.ruleId} ${verdict.title}` : 'without a verdict'}.`
      : incident ? 'The incident opened, but no report came in time: look at the executor\'s log.'
        : 'No incident opened in time: is the alarm an action of the alert topic, and does its queue have a consumer?';
  return { ok: reported, json: drilled, lines: labelled([...incident ? [['Incident', incident] as const] : [], ['Drill', outcome]]) };
}

function seconds(given: string | undefined): number {
  const number = given === undefined ? DEFAULT_WAIT_SECONDS : Number(given);
  if (!Number.isFinite(number) || number <= 0) throw new UsageError(`--timeout ${given}: expected a number of seconds above 0`);
  return number;
}

/** The question goes to stderr: with --json, stdout is for the answer. */
async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('nobody is there to be asked: give --yes to go on without a question');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
