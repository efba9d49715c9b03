import { answerOf } from '../../cli/drill';
import { isReported, runDrill } from '../../cli/drill/run-drill';
import { rawMessage } from '../lambda-src/runbook-executor/messages';
import { T0, World } from '../lambda-src/runbook-executor/world';

/** Drills against the executor itself, in its world of tests. */
const world = new World();
const ALARM = 'checkout-errors';
let said: string[];
let set: any[];
/** Messages that CloudWatch has sent and nobody has read yet. */
let queue: string[];
let executorWorks: boolean;

beforeEach(() => {
  world.fresh();
  world.alarm('OK', T0);
  world.now += 60_000;
  [said, set, queue, executorWorks] = [[], [], [], true];
});

const drill = (options: { waitMs?: number; keep?: boolean } = {}) => {
  const { store, cloudwatch } = world.services();
  const send = async (command: { constructor: { name: string }; input: any }) => {
    if (command.constructor.name !== 'SetAlarmStateCommand') return cloudwatch.send(command as never);
    const { StateValue, StateReason, StateReasonData } = command.input;
    set.push(command.input);
    const at = new Date(world.now).toISOString();
    world.alarm(StateValue, at);
    world.alarms = world.alarms.map((alarm) => ({ ...alarm, StateReason, StateReasonData }));
    queue.push(rawMessage({ state: StateValue, at, reason: StateReason }));
    return {};
  };
  const pause = async (ms: number) => {
    world.now += ms;
    if (executorWorks) for (const body of queue.splice(0)) await world.deliver(body);
  };
  const tools = { cloudwatch: { send } as never, store, now: () => world.now, pause, say: (line: string) => said.push(line) };
  return runDrill(tools, { alarm: ALARM, keep: false, ...options });
};

test('a drill is followed from incident to report, and the alarm is set back', async () => {
  const drilled = await drill({ waitMs: 300_000 });
  expect(drilled).toMatchObject({ reported: true, setBack: true, verdict: { ruleId: 'LE-08' } });
  expect(drilled.steps.map(({ type }) => type)).toEqual(['OPENED', 'RUN_STARTED', 'RESULT', 'REPORTED']);
  expect(world.invoked).toMatchObject([{ mode: 'DRILL' }]);
  expect(set).toEqual([
    { AlarmName: ALARM, StateValue: 'ALARM', StateReason: 'drill', StateReasonData: JSON.stringify({ drill: drilled.drill }) },
    { AlarmName: ALARM, StateValue: 'OK', StateReason: 'drill is over' },
  ]);
  expect(await world.items(`DRILL#${drilled.drill}`)).toMatchObject([{ sk: '-', alarm: ALARM, ttl: Math.floor(Date.parse(T0) / 1000) + 60 + 86_400 }]);
  expect(said).toEqual([
    `checkout-errors is in ALARM (drill ${drilled.drill}).`,
    expect.stringMatching(/^\d\d:\d\d:\d\d {2}OPENED {7}ALARM: /),
    expect.stringMatching(/ {2}RUN_STARTED {2}lambda-error begins$/),
    expect.stringMatching(/ {2}RESULT {7}lambda-error: SUCCEEDED\. Every call fails/),
    expect.stringMatching(/ {2}REPORTED {5}/),
    'checkout-errors is set back to OK.',
  ]);
  expect(answerOf(drilled, true)).toMatchObject({ ok: true, lines: [`Incident  ${drilled.incident}`, 'Drill     The report was sent: LE-08 A new version fails.'] });
});

test('--keep leaves the alarm as it is', async () => {
  expect(await drill({ waitMs: 300_000, keep: true })).toMatchObject({ reported: true, setBack: false });
  expect(set).toHaveLength(1);
});

test('where nothing opens, the drill ends in time and the alarm is set back all the same', async () => {
  executorWorks = false;
  const drilled = await drill({ waitMs: 10_000 });
  expect(drilled).toMatchObject({ reported: false, steps: [], setBack: true });
  expect(drilled.incident).toBeUndefined();
  expect(answerOf(drilled, true)).toMatchObject({ ok: false, lines: [expect.stringMatching(/^Drill {2}No incident opened in time/), expect.anything()] });
});

test('without waiting, the alarm stays as it is: an OK that came first would hide the drill', async () => {
  const drilled = await drill();
  expect(drilled).toMatchObject({ steps: [], setBack: false });
  expect(set).toHaveLength(1);
  expect(answerOf(drilled, false).lines.join(' ')).toContain('stays in ALARM until its next evaluation');
});

test('an earlier incident of the alarm is not taken for the drill\'s', async () => {
  await drill({ waitMs: 300_000 });
  for (const body of queue.splice(0)) await world.deliver(body);
  const [first] = await world.incidents();
  executorWorks = false;
  world.now += 3_600_000;
  expect(await drill({ waitMs: 10_000 })).toMatchObject({ reported: false, steps: [] });
  expect(first.state).toBe('RESOLVED');
});

test.each<[string, () => void, RegExp]>([
  ['is not there', () => { world.alarms = []; }, /there is no alarm checkout-errors/],
  ['is in ALARM for real', () => world.alarm('ALARM', T0), /is in ALARM already, since 2026-11-20T10:00:00.000Z: a drill would only hide what is wrong/],
])('an alarm that %s is left alone', async (_what, arrange, message) => {
  arrange();
  await expect(drill({ waitMs: 1000 })).rejects.toThrow(message);
  expect(set).toEqual([]);
});

test('disabled actions are told', async () => {
  world.alarms = world.alarms.map((alarm) => ({ ...alarm, ActionsEnabled: false }));
  executorWorks = false;
  await drill({ waitMs: 1000 });
  expect(said[0]).toBe('The actions of checkout-errors are disabled: nobody will be told.');
});

test('it is reported when every run that began is', () => {
  const step = (type: any, runId?: string) => ({ time: T0, type, text: '', runId });
  expect(isReported([step('OPENED')])).toBe(false);
  expect(isReported([step('RUN_STARTED', 'a'), step('RUN_STARTED', 'b'), step('REPORTED', 'a')])).toBe(false);
  expect(isReported([step('RUN_STARTED', 'a'), step('REPORTED', 'a')])).toBe(true);
});
