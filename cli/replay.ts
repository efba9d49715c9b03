import { type Answer, type Command, UsageError } from './command';
import { readJson } from './read-json';
import { type Replayed, replayRun } from './replay/replay-run';
import { runsOfFile, runsOfItems, type StoredRun } from './replay/stored-runs';
import { labelled } from './text';
import { incidentPk } from '../lambda-src/shared/incident-items';
import type { RunbookResult } from '../src/private/shared/contract';

export const replay: Command = {
  name: 'replay',
  summary: 'Judges the stored evidence of an incident by today\'s rules and compares the verdicts',
  positionals: '<incident id>',
  options: {
    table: { takes: '<name>', help: 'the incident table; read with your AWS credentials (dynamodb:Query)' },
    file: { takes: '<file>', help: 'offline: the answer of GET /incidents/{id}, or the incident\'s items' },
  },
  notes: ['Replays the built-in runbooks; nothing is asked of AWS but the table. Exit code 1 where a verdict changed, or where no run could be replayed.'],
  run: async ({ positionals: [incident, ...others], one }) => {
    const [table, file] = [one('table'), one('file')];
    if (incident === undefined || others.length > 0) throw new UsageError('give one incident id, as a report or GET /incidents tells it');
    if ((table === undefined) === (file === undefined)) throw new UsageError('give --table <name> or --file <file>');
    const runs = file !== undefined ? runsOfFile(readJson(file), file, incident) : await runsOfTable(table!, incident);
    return answerOf(incident, runs.map(replayRun));
  },
};

async function runsOfTable(table: string, incident: string): Promise<StoredRun[]> {
  const { openTable } = await import('./aws');
  return runsOfItems(await openTable(table).list<object>(incidentPk(incident)), `the table ${table}`, incident);
}

export function answerOf(incident: string, runs: readonly Replayed[]): Answer {
  const judged = runs.flatMap((run) => 'today' in run ? [run] : []);
  const changed = judged.filter((run) => run.changed).length;
  const total = judged.length === 0 ? 'No run could be replayed.' : changed === 0 ? 'Today\'s rules come to the same verdicts.' : `${changed} of ${judged.length} verdicts changed.`;
  return {
    ok: judged.length > 0 && changed === 0,
    json: { incident, changed: changed > 0, runs: runs.map(jsonOf) },
    lines: [...runs.flatMap((run) => [...linesOf(run), '']), total],
  };
}

function jsonOf(run: Replayed): object {
  const { runId, runbook, result } = run;
  const stored = result ? { verdict: result.verdict, summary: result.summary } : null;
  if (!('today' in run)) return { runId, runbook, stored, notReplayed: run.notReplayed };
  const { today, changed, withoutData } = run;
  return { runId, runbook, changed, stored, today: { verdict: today.verdict, summary: today.summary }, withoutData };
}

function linesOf(run: Replayed): string[] {
  const head = `${run.runbook}, run ${run.runId}`;
  if (!('today' in run)) return [`${head}: not replayed`, ...labelled([['', run.notReplayed]])];
  const { result, today, changed, withoutData } = run;
  return [
    `${head}: ${changed ? 'CHANGED' : 'same'}`,
    ...labelled([
      ['stored', verdictOf(result!)],
      ...changed ? [['today', verdictOf(today)], ['', today.summary]] as const : [],
      ...withoutData.length > 0 ? [['mind', `the data of ${withoutData.join(', ')} was too large to be stored: rules that read it see nothing`]] as const : [],
    ], '  '),
  ];
}

const verdictOf = ({ verdict }: RunbookResult) => `${verdict.ruleId} ${verdict.title}: ${verdict.confidence}, ${verdict.category}`;
