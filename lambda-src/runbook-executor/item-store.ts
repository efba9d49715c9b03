import {
  type AttributeValue, ConditionalCheckFailedException, DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, PutItemCommandInput,
  QueryCommand, QueryCommandOutput, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { fromAttributes, Plain, toAttribute, toAttributes } from '../shared/attributes';
import { batchGet, MAX_KEYS } from '../shared/batch-get';
import type { Key } from '../shared/incident-items';

/** A condition on the item as it is: an expression over `#name`s, which stand for themselves, and `:value`s. */
export interface Condition {
  readonly expression: string;
  readonly values?: Record<string, Plain>;
}

/** Members of an item, by name. */
type Members = Record<string, Plain | undefined>;

/** Plain items in and out of the incident table. Reads are consistent: each decision rests on what is there. */
export class ItemStore {
  constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  async get<T>(key: Key): Promise<T | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key: toAttributes(key), ConsistentRead: true }));
    return Item && fromAttributes<T>(Item);
  }

  /** The items of any number of keys, in any order; those that are not there are missing. */
  async getAll<T>(keys: readonly Key[]): Promise<T[]> {
    const items: T[] = [];
    for (let first = 0; first < keys.length; first += MAX_KEYS) {
      const found = await batchGet({ client: this.client, table: this.table }, keys.slice(first, first + MAX_KEYS), { consistent: true });
      items.push(...found.map((item) => fromAttributes<T>(item)));
    }
    return items;
  }

  /** Writes the whole item; false where the condition does not hold. */
  async put(key: Key, item: object, condition?: Condition): Promise<boolean> {
    const Item = toAttributes({ ...item, ...key });
    return succeeded(this.client.send(new PutItemCommand({ TableName: this.table, Item, ...expressions(condition) })));
  }

  /** Sets some members and leaves the others; undefined ones are left as they are. */
  async set(key: Key, members: Members, condition?: Condition): Promise<boolean> {
    return this.update(key, members, condition);
  }

  /** Adds a number to a number, or a text to a set of texts, and sets some members; false where the condition does not hold. */
  async add(key: Key, member: string, value: number | string, members: Members, condition?: Condition): Promise<boolean> {
    return this.update(key, members, condition, { member, value: typeof value === 'string' ? { SS: [value] } : toAttribute(value) });
  }

  async delete(key: Key, condition?: Condition): Promise<boolean> {
    return succeeded(this.client.send(new DeleteItemCommand({ TableName: this.table, Key: toAttributes(key), ...expressions(condition) })));
  }

  /** Every item of a partition, in the order of their sort keys. */
  async list<T>(pk: string): Promise<(T & Key)[]> {
    const items: (T & Key)[] = [];
    let ExclusiveStartKey: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const page: QueryCommandOutput = await this.client.send(new QueryCommand({
        TableName: this.table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } }, ConsistentRead: true, ExclusiveStartKey,
      }));
      items.push(...(page.Items ?? []).map((item) => fromAttributes<T & Key>(item)));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }

  private async update(key: Key, members: Members, condition?: Condition, added?: { member: string; value: AttributeValue }): Promise<boolean> {
    const set = Object.entries(members).filter((member): member is [string, Plain] => member[1] !== undefined);
    const conditional = expressions(condition);
    return succeeded(this.client.send(new UpdateItemCommand({
      TableName: this.table,
      Key: toAttributes(key),
      UpdateExpression: `${added ? 'ADD #added :added ' : ''}SET ${set.map(([name]) => `#${name} = :set_${name}`).join(', ')}`,
      ConditionExpression: conditional.ConditionExpression,
      ExpressionAttributeNames: {
        ...conditional.ExpressionAttributeNames,
        ...Object.fromEntries(set.map(([name]) => [`#${name}`, name])),
        ...(added && { '#added': added.member }),
      },
      ExpressionAttributeValues: {
        ...conditional.ExpressionAttributeValues,
        ...Object.fromEntries(set.map(([name, value]) => [`:set_${name}`, toAttribute(value)])),
        ...(added && { ':added': added.value }),
      },
    })));
  }
}

/** The condition's part of a request. */
type Expressions = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

function expressions(condition: Condition | undefined): Expressions {
  if (!condition) return {};
  const names = condition.expression.match(/#\w+/g) ?? [];
  return {
    ConditionExpression: condition.expression,
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])) }),
    ...(condition.values && { ExpressionAttributeValues: toAttributes(condition.values) }),
  };
}

async function succeeded(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
