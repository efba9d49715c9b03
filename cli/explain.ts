import { type Answer, type Command, type Input, UsageError } from './command';
import { readEvent } from './explain/event';
import { alarmOf, type Explanation, explanationOf, namesOf } from './explain/explanation';
import { tableOfApp, tableOfFile } from './explain/read-table';
import { readText } from './read-json';
import { labelled } from './text';
import type { AlarmFacts } from '../src/private/shared/contract';

export const explain: Command = {
  name: 'explain',
  summary: 'Tells which runbooks would run for an alarm and why, and why not the others',
  positionals: '',
  options: {
    event: { takes: '<file>', help: 'the alarm\'s message as JSON (SNS, EventBridge or direct), or what describe-alarms says of it' },
    app: { takes: '<folder>', help: 'the synthesised app; default: cdk.out' },
    table: { takes: '<file>', help: 'the runbook table instead: what `aws ssm get-parameters-by-path --recursive` printed' },
    prefix: { takes: '<path>', help: 'the app\'s runbookParameterPrefix, where there are several' },
    alarm: { takes: '<name>', help: 'the alarm, where describe-alarms told of several' },
    tag: { takes: '<key=value>', multiple: true, help: 'a tag of the alarm; may be repeated' },
  },
  notes: ['Works offline. Names that only a deployment gives are unknown in cdk.out: where that matters, the answer says so.', 'Exit code 1 where no runbook would run.'],
  run: async ({ one, all }) => {
    const path = one('event');
    if (path === undefined) throw new UsageError('give the alarm\'s message with --event <file>');
    if (one('app') !== undefined && one('table') !== undefined) throw new UsageError('give --app or --table, not both');
    const event = readEvent(readText(path), path, one('alarm'));
    const alarm = await alarmOf(event, tagsOf(all('tag')));
    return answerOf(explanationOf(alarm, await tableFor(alarm, one), event.notes));
  },
};

function tableFor(alarm: AlarmFacts, one: Input['one']) {
  const file = one('table');
  if (file !== undefined) return tableOfFile(file, one('prefix'));
  const names = [alarm.name, ...alarm.children, ...alarm.metrics.flatMap(({ dimensions }) => Object.values(dimensions))];
  return tableOfApp(one('app') ?? 'cdk.out', { alarmArn: alarm.arn, names }, one('prefix'));
}

function tagsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((tag) => {
    const [key, ...value] = tag.split('=');
    if (key === '' || value.length === 0) throw new UsageError(`--tag ${tag}: expected key=value`);
    return [key, value.join('=')];
  }));
}

export function answerOf(explanation: Explanation): Answer {
  const { alarm, entry, targets, candidates, stopped, notes } = explanation;
  const running = stopped === undefined ? candidates.filter(({ outcome }) => outcome === 'RUNS') : [];
  const others = candidates.filter((candidate) => !running.includes(candidate));
  const watched = alarm.metrics.map(({ namespace, name, dimensions }) =>
    [`${namespace} ${name}`, ...Object.entries(dimensions).map(([key, value]) => `${key}=${value}`)].join(', '));
  const nothing = stopped ?? 'none that is registered fits the alarm';
  return {
    ok: running.length > 0,
    json: { runs: running.map(({ runbook }) => runbook), ...explanation },
    lines: [
      ...labelled([
        ['Alarm', `${alarm.name}${entry ? ` (${entry.key})` : ''}, ${alarm.state} since ${alarm.stateTimestamp}`],
        ...column('Watches', watched.length > 0 ? watched : alarm.children.map((child) => `the alarm ${child}`)),
        ...column('Targets', targets.length > 0 ? namesOf(targets) : ['none that is registered']),
        ['', ''],
        ...running.length > 0 ? running.map(({ runbook, reason, class: by }): [string, string] => ['Runs', `${runbook}: ${reason} (${by})`]) : [['Runs', `nothing: ${nothing}`] as const],
        ...column('Not', others.map(({ runbook, outcome, reason }) => outcome === 'RUNS' ? runbook : `${runbook}: ${reason}`)),
        ...notes.length > 0 ? [['', ''] as const] : [],
        ...column('Mind', notes),
      ]),
    ],
  };
}

/** A label for the first of several texts. */
function column(label: string, texts: readonly string[]): [string, string][] {
  return texts.map((text, index) => [index === 0 ? label : '', text]);
}
