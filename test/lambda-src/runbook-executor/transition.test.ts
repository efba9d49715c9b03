import { Decision, OpenState, StateChange, transition } from '../../../lambda-src/runbook-executor/transition';
import type { AlarmState } from '../../../src/private/shared/contract';
import fc from '../../property';

const STATES: AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const time = (minute: number) => new Date(Date.UTC(2026, 10, 20) + minute * 60_000).toISOString();

/** A history of real changes of one alarm: no state follows itself. */
function historyOf(picks: readonly number[]): StateChange[] {
  let state: AlarmState = 'INSUFFICIENT_DATA';
  return picks.map((pick, index) => {
    const from = state;
    state = STATES.filter((other) => other !== from)[pick];
    return { event: `E#${state}#${time(index)}#-`, alarmArn: 'arn', alarm: 'a', state, at: time(index), from, severity: 'HIGH' };
  });
}

/** Delivers changes the way the executor does: one after the other, each closing at once what is over already. */
function deliver(changes: readonly StateChange[], last: StateChange, open?: OpenState): { open?: OpenState; decisions: Decision[] } {
  const decisions: Decision[] = [];
  const apply = (change: StateChange) => {
    const { decision, next } = transition(open, change);
    open = next ?? open;
    decisions.push(decision);
    return decision;
  };
  for (const change of changes) {
    const { action, incident } = apply(change);
    if ((action === 'OPEN' || action === 'RERUN') && last.state === 'OK') {
      apply({ ...change, event: `${change.event}~end`, state: 'OK', at: last.at, from: undefined, closes: incident!.id });
    }
  }
  return { open, decisions };
}

/** A history and the order, with repetitions, in which its messages come. */
const deliveries = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 8 }).chain((picks) => {
  const history = historyOf(picks);
  const repeated = fc.array(fc.nat(history.length - 1), { maxLength: 6 });
  return fc.tuple(
    fc.constant(history),
    repeated.chain((again) => fc.shuffledSubarray([...history.keys(), ...again.map((index) => index)], { minLength: history.length + again.length })),
  );
});

describe('in whatever order and however often messages come', () => {
  test('every ALARM is in one incident, none is decided twice, at most one incident is open, and after OK none is', () => {
    fc.assert(fc.property(deliveries, ([history, order]) => {
      const { open, decisions } = deliver(order.map((index) => history[index]), history.at(-1)!);
      for (const change of history.filter(({ state }) => state === 'ALARM')) {
        const own = decisions.filter(({ event }) => event === change.event);
        expect(own.every((decision) => decision === own[0])).toBe(true);
        expect(own[0].incident).toBeDefined();
      }
      const opened = new Set(decisions.filter(({ action }) => action === 'OPEN').map(({ incident }) => incident!.id));
      const closed = new Set(decisions.filter(({ action }) => action === 'CLOSE').map(({ incident }) => incident!.id));
      const stillOpen = [...opened].filter((id) => !closed.has(id));
      expect(stillOpen).toEqual(open?.incident ? [open.incident] : []);
      expect(stillOpen.length).toBeLessThanOrEqual(1);
      if (history.at(-1)!.state === 'OK') expect(stillOpen).toEqual([]);
      if (history.at(-1)!.state === 'ALARM') expect(stillOpen).toHaveLength(1);
      if (history.some(({ state }) => state === 'ALARM')) expect(opened.size).toBeGreaterThan(0);
    }), { numRuns: 2000 });
  });

  test('in order, every stretch of ALARM ends in one closed incident of its own length', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 12 }), (picks) => {
      const history = historyOf(picks);
      // Nothing is over already when each message is read as it comes.
      let open: OpenState | undefined;
      const decisions = history.map((change) => {
        const { decision, next } = transition(open, change);
        open = next ?? open;
        return decision;
      });
      let running: string | undefined;
      const expected: string[] = [];
      for (const { state, at } of history) {
        if (state === 'ALARM') running ??= at;
        if (state === 'OK' && running) {
          expected.push(`${running}/${at}`);
          running = undefined;
        }
      }
      const closed = decisions.filter(({ action }) => action === 'CLOSE').map(({ incident }) => `${incident!.opened}/${incident!.closed}`);
      expect(closed).toEqual(expected);
    }), { numRuns: 500 });
  });
});

test('what the item remembers stays bounded', () => {
  const history = historyOf(Array.from({ length: 200 }, (_, index) => index % 2));
  const { open } = deliver(history, history[0]);
  expect(open!.recent).toHaveLength(20);
  expect(open!.previous.length).toBeLessThanOrEqual(5);
});
