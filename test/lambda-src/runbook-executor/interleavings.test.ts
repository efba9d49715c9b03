import { snsMessage } from './messages';
import { Life, minutes, runbook, World } from './world';
import fc from '../../property';

const EXECUTORS = 3;
/** More than a life without a death takes. */
const EFFECTS = 40;

const world = new World();

/** An alarm's changes, ALARM first; the order in which their messages come, some of them again; and after how many effects who takes one dies. */
const histories = fc.integer({ min: 1, max: 5 }).chain((changes) => fc.record({
  changes: fc.constant(changes),
  order: fc.array(fc.nat(changes - 1), { maxLength: 4 }).chain((again) => {
    const all = [...Array(changes).keys(), ...again];
    return fc.shuffledSubarray(all, { minLength: all.length });
  }),
  deaths: fc.array(fc.option(fc.integer({ min: 1, max: EFFECTS }), { nil: Infinity }), { minLength: 9, maxLength: 9 }),
}));

const stateOf = (change: number) => (change % 2 === 0 ? 'ALARM' as const : 'OK' as const);
const bodyOf = (change: number) => snsMessage({ state: stateOf(change), from: stateOf(change + 1), at: minutes(change) });

test('several executors, messages in any order and again, and deaths after any write: one open incident at most, no run twice, no report lost', async () => {
  await fc.assert(fc.asyncProperty(fc.scheduler(), histories, async (scheduler, { changes, order, deaths }) => {
    world.fresh();
    world.register([runbook('lambda-error', { cooldown: 0 })]);
    world.alarm(stateOf(changes - 1), minutes(changes - 1));
    world.now = Date.parse(minutes(changes));

    const queue = order.map((change, i) => ({ body: bodyOf(change), life: new Life(deaths[i]) }));
    let again: string[] = [];
    const deliver = (body: string, life?: Life) => world.deliver(body, 300_000, life).catch(() => again.push(body));
    const executor = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await deliver(next.body, next.life);
    };
    world.turn = () => scheduler.schedule(Promise.resolve());
    await scheduler.waitFor(Promise.all(Array.from({ length: EXECUTORS }, executor)));

    // What was not finished comes again when the leases have ended.
    world.turn = async () => undefined;
    for (let round = 0; again.length > 0; round++) {
      expect(round).toBeLessThan(3);
      const left = again;
      again = [];
      world.now += 301_000;
      for (const body of left) await deliver(body);
    }

    const incidents = await world.incidents();
    const last = stateOf(changes - 1) === 'ALARM';
    expect(incidents.filter(({ state }) => state === 'OPEN')).toHaveLength(last ? 1 : 0);
    const events = (await world.items('A#')).filter(({ sk }) => sk.startsWith('E#'));
    expect(events.filter(({ step }) => step !== 'REPORTED')).toEqual([]);
    const ids = incidents.map(({ id }) => id);
    const alarms = events.filter(({ state }) => state === 'ALARM');
    expect(alarms).toHaveLength(Math.ceil(changes / 2));
    expect(alarms.filter(({ decision }) => !ids.includes(decision.incident.id))).toEqual([]);

    const investigated = world.invoked.map(({ alarm }) => alarm.stateTimestamp);
    expect(investigated).toEqual([...new Set(investigated)]);
    const runs = (await world.items('I#')).filter(({ sk }) => sk.startsWith('RUN#'));
    const told = new Set(world.reports().map(({ json }) => json.result.runId));
    expect(runs.filter(({ finished, runId }) => !finished || !told.has(runId))).toEqual([]);
    const closed = new Set(world.reports('RESOLVED').map(({ json }) => json.incident.id));
    expect(incidents.filter(({ state, id }) => state === 'RESOLVED' && !closed.has(id))).toEqual([]);
  }), { numRuns: 300 });
}, 60_000);
