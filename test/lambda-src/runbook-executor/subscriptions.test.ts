import { World } from './world';
import { maskedEndpoint } from '../../../lambda-src/runbook-executor/masked-endpoint';

/** What the schedule sees of those who are to be told. */

const RECONCILE = JSON.stringify({ executor: 'RECONCILE' });
const REFUSED = Object.assign(new Error('User is not authorized to perform: SNS:ListSubscriptionsByTopic'), { name: 'AuthorizationErrorException' });

const subscribed = (name: string, arn: string) => ({ Protocol: 'email', Endpoint: `${name}@example.com`, SubscriptionArn: arn });
const confirmed = (name: string) => subscribed(name, `arn:aws:sns:eu-west-1:123456789012:alerts:${name}`);
const pending = (name: string) => subscribed(name, 'PendingConfirmation');

const world = new World();
const { alertTopicArn: alerts } = world.services();
beforeEach(() => world.fresh());
const reconcile = async () => expect(await world.deliver(RECONCILE)).toBe('DONE');

test('those who have not confirmed are counted, and warned of once', async () => {
  world.subscriptions = { [alerts]: [confirmed('anna'), pending('bert'), subscribed('carl', 'Deleted')] };
  await reconcile();
  expect(world.emitted).toEqual([['UnconfirmedSubscriptions', 2]]);
  expect(world.warnings).toEqual([['subscriptions not confirmed', {
    count: 2,
    unconfirmed: [
      { topic: alerts, protocol: 'email', endpoint: 'b***@example.com', state: 'PendingConfirmation' },
      { topic: alerts, protocol: 'email', endpoint: 'c***@example.com', state: 'Deleted' },
    ],
    fix: expect.stringContaining('aws sns subscribe'),
  }]]);
  expect(JSON.stringify(world.warnings)).not.toMatch(/bert|carl/);
});

test('where all have confirmed, nothing is said and nothing emitted', async () => {
  world.subscriptions = { [alerts]: [confirmed('anna')] };
  await reconcile();
  expect([world.emitted, world.warnings]).toEqual([[], []]);
});

test('a list of several pages is read to its end', async () => {
  world.subscriptions = { [alerts]: [confirmed('anna'), confirmed('bert'), pending('carl'), confirmed('dora'), pending('emil')] };
  await reconcile();
  expect(world.listings).toEqual([alerts, alerts, alerts]);
  expect(world.emitted).toEqual([['UnconfirmedSubscriptions', 2]]);
});

test('each topic is asked, and none twice', async () => {
  const [reports, chat] = ['reports', 'chat'].map((name) => `arn:aws:sns:eu-west-1:123456789012:${name}`);
  world.subscriptions = { [alerts]: [pending('anna')], [reports]: [pending('bert')], [chat]: [pending('carl')] };
  await reconcile();
  expect(world.listings).toEqual([alerts]);
  world.reportTopicArn = reports;
  world.chat = true;
  world.listings = [];
  await reconcile();
  expect(world.listings).toEqual([alerts, reports, chat]);
  expect(world.emitted).toEqual([['UnconfirmedSubscriptions', 1], ['UnconfirmedSubscriptions', 3]]);
});

test('a topic that may not be asked is said, and the others are asked all the same', async () => {
  world.reportTopicArn = 'arn:aws:sns:eu-west-1:210987654321:reports';
  world.subscriptions = { [alerts]: REFUSED, [world.reportTopicArn]: [pending('anna')] };
  await reconcile();
  expect(world.emitted).toEqual([['UnconfirmedSubscriptions', 1]]);
  expect(world.warnings).toEqual([
    ['subscriptions not listed', { topic: alerts, error: REFUSED, fix: expect.stringContaining('sns:ListSubscriptionsByTopic') }],
    ['subscriptions not confirmed', expect.anything()],
  ]);
});

test.each([
  ['oncall@example.com', 'o***@example.com'],
  ['a@example.com', 'a***@example.com'],
  ['"a@b"@example.com', '"***@example.com'],
  ['https://pager.example.com/hook/s3cret?token=s3cret', 'https://pager.example.com/***'],
  ['https://user:s3cret@pager.example.com/hook', 'https://pager.example.com/***'],
  ['http://pager.example.com?token=s3cret@x', 'http://pager.example.com/***'],
  ['+491701234567', '***4567'],
  ['abc', '***'],
  ['', '***'],
])('the endpoint %s is written to the log as %s', (endpoint, masked) => {
  expect(maskedEndpoint(endpoint)).toBe(masked);
});
