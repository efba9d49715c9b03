import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { LocalStore } from './local-store';
import { queryAll, type StoreTable } from '../../../lambda-src/shared/store';

jest.setTimeout(60_000);

/** Over dynalite, which cuts an answer after 1 MB as DynamoDB does: the table in memory has no pages. */
let local: LocalStore;
let store: StoreTable;

beforeAll(async () => {
  local = await LocalStore.start();
  store = { client: local.client, table: await local.freshTable() };
  for (const sk of ['1', '2', '3', '4', '5', '6', '7']) {
    await local.client.send(new PutItemCommand({ TableName: store.table, Item: { pk: { S: 'p' }, sk: { S: sk }, d: { S: 'x'.repeat(300_000) } } }));
  }
});
afterAll(() => local.stop());

test.each<[object, string]>([
  [{}, '1234567'], [{ from: '2', to: '6' }, '23456'], [{ descending: true }, '7654321'], [{ from: '2', to: '6', descending: true }, '65432'],
  [{ limit: 1 }, '1'], [{ limit: 5 }, '12345'], [{ limit: 5, descending: true }, '76543'], [{ limit: 7 }, '1234567'], [{ limit: 8, from: '3', to: '9' }, '34567'],
])('a query of %j over several pages', async (range, expected) => {
  expect((await queryAll(store, { pk: 'p', ...range })).map(({ sk }) => sk.S).join('')).toBe(expected);
});
