import { DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LocalStore } from './local-store';
import { MemoryTable } from './memory-table';
import fc from '../../property';

jest.setTimeout(60_000);

let local: LocalStore;
beforeAll(async () => { local = await LocalStore.start(); });
afterAll(() => local.stop());

/** Each kind of call that the library makes of its table, with few enough keys and values that they meet. */
const text = fc.constantFrom('', '1', '2', '3').map((end) => ({ S: `x${end}` }));
const Key = fc.record({ pk: text, sk: text });
const TableName = 'T';
const command = fc.oneof(
  Key.map((key) => () => new GetItemCommand({ TableName, Key: key, ConsistentRead: true })),
  fc.tuple(Key, text, fc.constantFrom(
    {},
    { ConditionExpression: 'attribute_not_exists(pk)' },
    ...['v = :v', 'attribute_not_exists(v) OR v <= :v'].map((ConditionExpression) => ({ ConditionExpression, ExpressionAttributeValues: { ':v': { S: 'x2' } } })),
  )).map(([key, v, condition]) => () => new PutItemCommand({ TableName, Item: { ...key, v }, ...condition })),
  Key.map((key) => () => new DeleteItemCommand({ TableName, Key: key })),
  fc.tuple(Key, text).map(([key, v]) => () => (
    new DeleteItemCommand({ TableName, Key: key, ConditionExpression: 'v = :v', ExpressionAttributeValues: { ':v': v } })
  )),
  fc.tuple(Key, text, text).map(([key, first, last]) => () => new UpdateItemCommand({
    TableName,
    Key: key,
    UpdateExpression: 'SET #first = if_not_exists(#first, :first), #last = :last',
    ConditionExpression: 'attribute_not_exists(#last) OR #last < :last',
    ExpressionAttributeNames: { '#first': 'first', '#last': 'v' },
    ExpressionAttributeValues: { ':first': first, ':last': last },
    ReturnValues: 'ALL_NEW',
  })),
  fc.tuple(Key, text).map(([key, first]) => () => new UpdateItemCommand({
    TableName,
    Key: key,
    UpdateExpression: 'SET #first = :first',
    ConditionExpression: '#first > :first',
    ExpressionAttributeNames: { '#first': 'first' },
    ExpressionAttributeValues: { ':first': first },
  })),
  fc.tuple(text, fc.boolean(), fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })).map(([pk, ScanIndexForward, Limit]) => () => (
    new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk }, ScanIndexForward, Limit, ConsistentRead: true })
  )),
  fc.tuple(text, text, text).map(([pk, a, b]) => () => new QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': pk, ':from': a.S < b.S ? a : b, ':to': a.S < b.S ? b : a },
    ConsistentRead: true,
  })),
);

/** What the library looks at of an answer. */
async function answerTo(send: () => Promise<any>): Promise<unknown> {
  try {
    const { Item, Items, Attributes } = await send();
    return { Item, Items, Attributes };
  } catch (error) {
    return (error as Error).name;
  }
}

test('answers as dynalite does, whatever is asked in which order', async () => {
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 40 }), async (commands) => {
    const table = await local.freshTable();
    const memory = new MemoryTable();
    for (const make of commands) {
      const ofDynalite = make();
      (ofDynalite.input as { TableName: string }).TableName = table;
      const expected = await answerTo(() => local.client.send(ofDynalite as never));
      const found = await answerTo(() => memory.client.send(make() as never));
      // An update without ReturnValues has no Attributes; nobody who does not ask for them reads them.
      if (!(ofDynalite instanceof UpdateItemCommand && !ofDynalite.input.ReturnValues)) expect(found).toEqual(expected);
    }
  }), { numRuns: 25 });
});
