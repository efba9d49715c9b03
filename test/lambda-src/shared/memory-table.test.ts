import { BatchGetItemCommand, DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LocalStore } from './local-store';
import { MemoryTable } from './memory-table';
import fc from '../../property';

jest.setTimeout(60_000);

let local: LocalStore;
beforeAll(async () => { local = await LocalStore.start(); });
afterAll(() => local.stop());

/** Each kind of call that the library makes of its table, with few enough keys and values that they meet. */
const text = fc.constantFrom('', '1', '2', '3').map((end) => ({ S: `x${end}` }));
const value = fc.oneof(text, fc.constantFrom('1', '2', '10').map((N) => ({ N })));
const Key = fc.record({ pk: text, sk: text });
const TableName = 'T';
const command = fc.oneof(
  Key.map((key) => () => new GetItemCommand({ TableName, Key: key, ConsistentRead: true })),
  fc.tuple(fc.uniqueArray(Key, { minLength: 1, maxLength: 4, selector: ({ pk, sk }) => `${pk.S} ${sk.S}` }), fc.constantFrom(
    {}, { ProjectionExpression: '#v, #sk', ExpressionAttributeNames: { '#v': 'v', '#sk': 'sk' } },
  )).map(([Keys, projection]) => () => new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ...projection } } })),
  fc.tuple(Key, value, value, fc.constantFrom('#v = :v', 'attribute_not_exists(#v) OR #v <= :v')).map(([key, v, before, ConditionExpression]) => () => (
    new PutItemCommand({
      TableName, Item: { ...key, v }, ConditionExpression, ExpressionAttributeNames: { '#v': 'v' }, ExpressionAttributeValues: { ':v': before },
    })
  )),
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
  // Each kind of value has an attribute of its own: adding a number to a set is an error that the library cannot make.
  fc.tuple(Key, fc.oneof(
    text.map(({ S }) => ({ member: 'set', added: { SS: [S] }, name: { S } })),
    fc.constantFrom('1', '2').map((N) => ({ member: 'number', added: { N }, name: { S: 'x' } })),
  ), fc.constantFrom('attribute_not_exists(#set)', 'size(#set) < :most', 'contains(#set, :name)', 'attribute_not_exists(#set) OR size(#set) < :most OR contains(#set, :name)'))
    .map(([key, { member, added, name }, ConditionExpression]) => () => {
      const values = { ':added': added, ':ttl': { N: '1' }, ':most': { N: '2' }, ':name': name };
      return new UpdateItemCommand({
        TableName,
        Key: key,
        UpdateExpression: 'ADD #member :added SET #ttl = :ttl',
        ConditionExpression,
        ExpressionAttributeNames: { '#member': member, '#ttl': 'ttl', '#set': 'set' },
        ExpressionAttributeValues: Object.fromEntries(Object.entries(values).filter(([each]) => /added|ttl/.test(each) || ConditionExpression.includes(each))),
      });
    }),
  fc.tuple(Key, text, text).map(([key, v, set]) => () => new UpdateItemCommand({
    TableName,
    Key: key,
    UpdateExpression: 'SET #w = :w',
    ConditionExpression: '#v = :v AND #w = :before',
    ExpressionAttributeNames: { '#v': 'v', '#w': 'w' },
    ExpressionAttributeValues: { ':v': v, ':w': set, ':before': set },
  })),
  fc.tuple(text, fc.boolean(), fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })).map(([pk, ScanIndexForward, Limit]) => () => (
    new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk }, ScanIndexForward, Limit, ConsistentRead: true })
  )),
  fc.tuple(text, text, text).map(([pk, from, to]) => () => new QueryCommand({
    TableName, KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to', ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to }, ConsistentRead: true,
  })),
);

/** What the library looks at of an answer. */
async function answerTo(send: () => Promise<any>): Promise<unknown> {
  try {
    const { Item, Items, Attributes, Responses } = await send();
    // In any order.
    const batch = Responses && Object.values<object[]>(Responses)[0].map((item) => JSON.stringify(Object.entries(item).sort())).sort();
    return { Item, Items, Attributes, batch };
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
      const input = ofDynalite.input as { TableName?: string; RequestItems?: Record<string, unknown> };
      if (input.RequestItems) input.RequestItems = { [table]: input.RequestItems[TableName] };
      else input.TableName = table;
      const expected = await answerTo(() => local.client.send(ofDynalite as never));
      const found = await answerTo(() => memory.client.send(make() as never));
      // An update without ReturnValues has no Attributes; nobody who does not ask for them reads them.
      if (!(ofDynalite instanceof UpdateItemCommand && !ofDynalite.input.ReturnValues)) expect(found).toEqual(expected);
    }
  }), { numRuns: 25 });
});
