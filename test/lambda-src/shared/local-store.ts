import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AttributeValue, DynamoDBClient, ResourceNotFoundException, ScanCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { MemoryTable } from './memory-table';
import { NOW } from './sources';
import { openStore, type Store } from '../../../lambda-src/shared/store';
import { createLocalTable } from '../../local-table';

type Send = DynamoDBClient['send'];
type Command = Parameters<Send>[0];

/** Stands for the death of a worker. */
export class Crash extends Error {}

/** DynamoDB in this process: dynalite, or where nothing depends on pages and capacity, tables in memory, which are a hundred times faster. */
export class LocalStore {
  public static inMemory(): LocalStore {
    const tables = new Map<string, MemoryTable>();
    const send = async (command: { input: { TableName: string; RequestItems?: object } }) => {
      const { input } = command;
      const table = tables.get(input.RequestItems ? Object.keys(input.RequestItems)[0] : input.TableName);
      if (!table) throw new ResourceNotFoundException({ message: 'Requested resource not found', $metadata: {} });
      return table.execute(command as never);
    };
    const create = async (table: string) => { tables.set(table, new MemoryTable()); };
    return new LocalStore({ send, destroy: () => undefined } as unknown as DynamoDBClient, create);
  }

  public static async start(): Promise<LocalStore> {
    const server = dynalite({ createTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'a' },
      maxAttempts: 1,
    });
    return new LocalStore(client, (table) => createLocalTable(client, table), server);
  }

  private tables = 0;

  private constructor(
    public readonly client: DynamoDBClient, private readonly create: (table: string) => Promise<void>, private readonly server?: Server,
  ) {}

  public async freshTable(): Promise<string> {
    const table = `metrics-${this.tables++}`;
    await this.create(table);
    return table;
  }

  /** A process of its own, which remembers nothing yet. */
  public worker(table: string, around?: (command: Command, send: () => Promise<unknown>) => Promise<unknown>): Store {
    const client = around && { send: (command: Command) => around(command, () => this.client.send(command)) } as unknown as DynamoDBClient;
    return openStore({ client: client ?? this.client, table, sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => NOW });
  }

  /** A worker that dies at its nth write, which is done or not; nothing that it does afterwards reaches the table. */
  public mortal(table: string, fatalWrite: number, done: boolean): Store & { died(): boolean } {
    let writes = 0;
    const store = this.worker(table, async (command, send) => {
      if (writes >= fatalWrite) throw new Crash();
      if (!isWrite(command) || ++writes < fatalWrite) return send();
      if (done) await send();
      throw new Crash();
    });
    return { ...store, died: () => writes >= fatalWrite };
  }

  /** All items, without what is random in them. */
  public async dump(table: string): Promise<Record<string, AttributeValue>[]> {
    const { Items } = await this.client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
    const keyOf = (item: Record<string, AttributeValue>) => `${item.pk.S} ${item.sk.S}`;
    return Items!.map(({ v: _, id: __, ...item }) => item).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  public async stop(): Promise<void> {
    this.client.destroy();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }
}

export function isWrite(command: Command): boolean {
  return ['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand'].includes(command.constructor.name);
}
