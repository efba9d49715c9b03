import { arnOf, eventBridgeEvent, snsMessage } from './messages';
import { runbook, T0, World } from './world';
import type { ForeignEntry } from '../../../src/private/shared/runbook-table';

const EVENT = eventBridgeEvent({ state: 'ALARM', at: T0 });
const PREFIX: ForeignEntry = { namePrefix: 'checkout-' };
const TAG: ForeignEntry = { tagKey: 'team', tagValue: 'payments' };

const world = new World();
beforeEach(() => world.fresh());

test.each<[string, ForeignEntry, Record<string, string>]>([
  ['name prefix', PREFIX, {}],
  ['tag', TAG, { team: 'payments' }],
])('an alarm of the %s that is listened for is investigated', async (_, entry, tags) => {
  world.tags = tags;
  world.register([runbook('general')], [], [entry]);
  expect(await world.deliver(EVENT)).toBe('DONE');
  expect(world.invoked).toHaveLength(1);
  expect(world.reports()).toHaveLength(1);
});

test('what is said of alarms that are like it counts for it: severity, and the runbook that it names', async () => {
  world.register([runbook('general'), runbook('checkout', { order: 1, matches: [] })], [], [{ ...PREFIX, severity: 'CRITICAL', runbook: 'checkout' }]);
  await world.deliver(EVENT);
  expect(world.invoked.map((request) => request.runbook.name)).toEqual(['checkout']);
  expect(await world.incidents()).toMatchObject([{ severity: 'CRITICAL' }]);
});

test.each<[string, ForeignEntry[], Record<string, string>]>([
  ['nothing is listened for', [], {}],
  ['its name begins otherwise', [{ namePrefix: 'orders-' }], {}],
  ['it has another tag', [TAG], { team: 'orders' }],
  ['it has no tag', [TAG], {}],
])('an alarm that was only heard of leaves no trace where %s', async (_, foreign, tags) => {
  world.tags = tags;
  world.register([runbook('general')], [], foreign);
  expect(await world.deliver(EVENT)).toBe('IGNORED');
  expect(await world.items()).toEqual([]);
  expect(world.published).toEqual([]);
});

test('an alarm that sends messages of its own is heard a second time, which counts for nothing', async () => {
  world.register([runbook('general')], [{ arn: arnOf('checkout-errors'), key: 'Checkout/Errors' }], [PREFIX]);
  expect(await world.deliver(EVENT)).toBe('IGNORED');
  expect(await world.deliver(snsMessage({ state: 'ALARM', at: T0 }))).toBe('DONE');
  expect(world.invoked).toHaveLength(1);
});

test('an alarm that was added by itself is listened to', async () => {
  world.register([runbook('general')], [{ arn: arnOf('checkout-errors'), key: 'Theirs', foreign: true }]);
  expect(await world.deliver(EVENT)).toBe('DONE');
});

test('tags that cannot be read are none: the alarm is left out, and a later change may find them', async () => {
  world.tags = new Error('AccessDenied');
  world.register([runbook('general')], [], [TAG]);
  expect(await world.deliver(EVENT)).toBe('IGNORED');
});
