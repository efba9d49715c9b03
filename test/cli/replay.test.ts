import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf } from '../../cli/replay';
import { replayRun } from '../../cli/replay/replay-run';
import { runsOfFile, type StoredRun } from '../../cli/replay/stored-runs';
import { runScenario } from '../../lambda-src/scenarios/kit';
import { toAttributes } from '../../lambda-src/shared/attributes';
import { incidentKey, runKey, type RunItem } from '../../lambda-src/shared/incident-items';
import { redactDeep } from '../../lambda-src/shared/redaction';

/** Stored runs, judged again. A run is stored as the executor does it: redacted, and as text. */
const folder = join(__dirname, '..', 'scenarios');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml')).sort();
const ID = 'bd8f4c105ba4ecebeb835906';

async function itemOf(file: string): Promise<RunItem> {
  const { request, result, runbook } = await runScenario(join(folder, file));
  const { evidence, ...rest } = redactDeep(result!);
  return {
    runId: request.runId,
    runbook,
    step: 'REPORTED',
    started: '2026-11-20T10:10:00.000Z',
    finished: '2026-11-20T10:10:02.000Z',
    request: JSON.stringify(redactDeep(request)),
    evidence: JSON.stringify(evidence),
    result: JSON.stringify(rest),
  };
}

const asItem = (run: RunItem) => ({ ...runKey(ID, run.runId), ...run });
const runsOf = (...runs: RunItem[]) => runsOfFile(runs.map(asItem), 'items.json', ID);

test.each(files)('%s: today\'s rules say of the stored evidence what they said of the fresh', async (file) => {
  const [run] = runsOf(await itemOf(file));
  const replayed = replayRun(run);
  expect(replayed).toMatchObject({ changed: false, withoutData: [] });
  expect(JSON.parse(JSON.stringify('today' in replayed && replayed.today))).toEqual(run.result);
});

describe('where a run is stored', () => {
  let item: RunItem;
  beforeAll(async () => { item = await itemOf('general/out-of-the-ordinary.yaml'); });

  test('items as aws dynamodb query prints them', () => {
    const Items = [asItem(item), { ...incidentKey(ID), id: ID }].map(toAttributes);
    expect(runsOfFile({ Items }, 'items.json', ID)).toEqual(runsOf(item));
  });

  test('the answer of the API has one result: other runs are not replayed', () => {
    const [{ result }] = runsOf(item);
    const runs = runsOfFile({ id: ID, runs: [{ runId: item.runId, runbook: 'general' }, { runId: 'earlier', runbook: 'general' }], result, timeline: [] }, 'answer.json', ID);
    const { ok, lines } = answerOf(ID, runs.map(replayRun));
    expect(ok).toBe(true);
    expect(lines).toEqual([
      'general, run earlier: not replayed', '  its result is not here', '',
      'general, run scenario-run: same', expect.stringMatching(/^ {2}stored {2}GE-02 .*: MEDIUM, \w+$/), '',
      "Today's rules come to the same verdicts.",
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    ['another incident', { id: 'other', runs: [], result: null }, /is about the incident other, not bd8f/],
    ['no incident', { hello: 1 }, /is no stored incident: expected the answer of GET/],
    ['no item of it', [], /holds nothing of the incident bd8f/],
  ])('%s is an error', (_what, json, message) => {
    expect(() => runsOfFile(json, 'x.json', ID)).toThrow(message);
  });
});

describe('what cannot be replayed says why, and what changed shows both', () => {
  let run: StoredRun;
  beforeAll(async () => { [run] = runsOf(await itemOf('general/out-of-the-ordinary.yaml')); });
  const evidence = (change: (data: any) => unknown) => run.result!.evidence.map((item) => item.id === 'alarm.metric' ? { ...item, data: change(item.data) } : item);

  test.each<[string, () => StoredRun, RegExp]>([
    ['no result yet', () => ({ ...run, result: undefined }), /its result is not here/],
    ['a handler of one\'s own', () => ({ ...run, runbook: 'payments' }), /its own handler decides/],
    ['evidence of an older version', () => ({ ...run, result: { ...run.result!, evidence: evidence(({ windows, points }) => ({ windows, points })) } }), /does not tell windows, alarm and targets/],
  ])('%s', (_what, stored, reason) => {
    const replayed = replayRun(stored());
    expect(replayed).toMatchObject({ notReplayed: expect.stringMatching(reason) });
    expect(answerOf(ID, [replayed])).toMatchObject({ ok: false, lines: expect.arrayContaining(['No run could be replayed.']) });
  });

  test('another verdict than the stored one', () => {
    const verdict = { ...run.result!.verdict, ruleId: 'GE-99', title: 'A rule of old' };
    const { ok, json, lines } = answerOf(ID, [replayRun({ ...run, result: { ...run.result!, verdict } })]);
    expect(ok).toBe(false);
    expect(json).toMatchObject({ changed: true, runs: [{ changed: true, stored: { verdict }, today: { verdict: run.result!.verdict } }] });
    expect(lines.join('\n')).toMatch(/: CHANGED\n {2}stored {2}GE-99 A rule of old.*\n {2}today {3}GE-02 [\s\S]*1 of 1 verdicts changed\.$/);
  });

  test('data that was too large to be stored is named', () => {
    const replayed = replayRun({ ...run, result: { ...run.result!, evidence: run.result!.evidence.map((item) => item.id === 'metric.0' ? { ...item, data: undefined } : item) } });
    expect(replayed).toMatchObject({ withoutData: ['metric.0'] });
    expect(answerOf(ID, [replayed]).lines.join(' ')).toContain('the data of metric.0 was too large');
  });
});
