import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;
type Values = Record<string, AttributeValue> | undefined;
type Names = Record<string, string> | undefined;

interface Batch {
  readonly Keys: Item[];
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Names;
}

/** The inputs of the commands that the metrics table sees, as far as this table reads them. */
interface Input {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeValues?: Values;
  readonly ExpressionAttributeNames?: Names;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly RequestItems?: Record<string, Batch>;
}

/**
 * A table in memory that answers as DynamoDB does, for the few commands and expressions that the metrics table is used with: thousands of
 * schedules a second need no server between them. A test holds it to dynalite's answers.
 */
export class MemoryTable {
  private readonly partitions = new Map<string, Map<string, Item>>();

  public readonly client = { send: async (command: object) => this.execute(command as never) } as unknown as DynamoDBClient;

  public execute({ input, constructor }: { input: Input; constructor: { name: string } }): object {
    switch (constructor.name) {
      case 'GetItemCommand': return { Item: this.get(input.Key!) };
      case 'BatchGetItemCommand': return this.batchGet(input);
      case 'PutItemCommand': return this.put(input);
      case 'UpdateItemCommand': return this.update(input);
      case 'DeleteItemCommand': return this.delete(input);
      case 'QueryCommand': return this.query(input);
      case 'ScanCommand': return { Items: this.items() };
      default: throw new Error(`${constructor.name} is not known here`);
    }
  }

  public items(): Item[] {
    return [...this.partitions.values()].flatMap((items) => [...items.values()]);
  }

  private get({ pk, sk }: Item): Item | undefined {
    return this.partitions.get(pk.S!)?.get(sk.S!);
  }

  private batchGet({ RequestItems }: Input): object {
    const [[table, { Keys, ProjectionExpression, ExpressionAttributeNames }]] = Object.entries(RequestItems!);
    const found = Keys.map((key) => this.get(key)).filter((item) => item !== undefined);
    return { Responses: { [table]: found.map((item) => projected(item, ProjectionExpression, ExpressionAttributeNames)) }, UnprocessedKeys: {} };
  }

  private put({ Item: item, ...input }: Input): object {
    check(this.get(item!), input);
    this.set(item!);
    return {};
  }

  private update({ Key, UpdateExpression, ExpressionAttributeNames: names, ...input }: Input): object {
    const found = this.get(Key!);
    check(found, { ...input, ExpressionAttributeNames: names });
    const item = { ...found, ...Key };
    const [, added, set] = /^(?:ADD (\S+ \S+) )?SET (.*)$/.exec(UpdateExpression!)!;
    if (added) {
      const [name, value] = added.split(' ');
      item[nameOf(name, names)] = sum(found?.[nameOf(name, names)], input.ExpressionAttributeValues![value]);
    }
    for (const assignment of set.split(/, (?=#)/)) {
      const [name, value] = assignment.split(' = ');
      const attribute = nameOf(name, names);
      const [, kept, otherwise] = /^if_not_exists\(([^,]+), ([^)]+)\)$/.exec(value) ?? [];
      item[attribute] = (kept ? found?.[nameOf(kept, names)] : undefined) ?? input.ExpressionAttributeValues![otherwise ?? value];
    }
    this.set(item);
    return { Attributes: item };
  }

  private delete({ Key, ...input }: Input): object {
    check(this.get(Key!), input);
    this.partitions.get(Key!.pk.S!)?.delete(Key!.sk.S!);
    return {};
  }

  private query({ KeyConditionExpression, ExpressionAttributeValues: values, ScanIndexForward, Limit }: Input): object {
    const range = KeyConditionExpression!.includes('BETWEEN') ? { from: values![':from'].S!, to: values![':to'].S! } : undefined;
    if (range && range.from > range.to) {
      const message = 'Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound';
      throw new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata: {} });
    }
    const items = [...this.partitions.get(values![':pk'].S!) ?? []]
      .filter(([sk]) => !range || (range.from <= sk && sk <= range.to))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, item]) => item);
    if (ScanIndexForward === false) items.reverse();
    return { Items: items.slice(0, Limit) };
  }

  private set(item: Item): void {
    const items = this.partitions.get(item.pk.S!) ?? new Map<string, Item>();
    this.partitions.set(item.pk.S!, items.set(item.sk.S!, item));
  }
}

function check(found: Item | undefined, { ConditionExpression, ExpressionAttributeValues: values, ExpressionAttributeNames: names }: Input): void {
  const holds = (term: string): boolean => {
    const [, absent] = /^attribute_not_exists\((.+)\)$/.exec(term) ?? [];
    if (absent) return found?.[nameOf(absent, names)] === undefined;
    const [, container, member] = /^contains\((.+), (.+)\)$/.exec(term) ?? [];
    if (container) return found?.[nameOf(container, names)]?.SS?.includes(values![member].S!) ?? false;
    const [, sized, most] = /^size\((.+)\) < (.+)$/.exec(term) ?? [];
    if (sized) return (found?.[nameOf(sized, names)]?.SS?.length ?? Infinity) < Number(values![most].N);
    const [name, operator, value] = term.split(' ');
    const [left, right] = [plain(found?.[nameOf(name, names)]), plain(values![value])!];
    // Values of different types are never equal, and none is above the other.
    if (left === undefined || typeof left !== typeof right) return false;
    return operator === '=' ? left === right : operator === '<' ? left < right : operator === '>' ? left > right : left <= right;
  };
  if (!ConditionExpression || ConditionExpression.split(' OR ').some((terms) => terms.split(' AND ').every(holds))) return;
  throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
}

/** What ADD makes of an attribute: numbers are added, sets united. */
function sum(known: AttributeValue | undefined, added: AttributeValue): AttributeValue {
  if (added.SS) return { SS: [...new Set([...known?.SS ?? [], ...added.SS])] };
  return { N: String(Number(known?.N ?? 0) + Number(added.N)) };
}

function plain(value: AttributeValue | undefined): string | number | undefined {
  return value?.N === undefined ? value?.S : Number(value.N);
}

function projected(item: Item, expression: string | undefined, names: Names): Item {
  if (!expression) return item;
  const members = expression.split(', ').map((name) => nameOf(name, names));
  return Object.fromEntries(Object.entries(item).filter(([name]) => members.includes(name)));
}

function nameOf(name: string, names: Names): string {
  return names?.[name] ?? name;
}
