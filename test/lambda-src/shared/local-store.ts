import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { openStore, type Store } from '../../../lambda-src/shared/store';
import { createLocalTable } from '../../local-table';

type Send = DynamoDBClient['send'];
type Command = Parameters<Send>[0];

/** Stands for the death of a worker. */
export class Crash extends Error {}

/** DynamoDB in this process. */
export class LocalStore {
  public static async start(): Promise<LocalStore> {
    const server = dynalite({ createTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'a' },
      maxAttempts: 1,
    });
    return new LocalStore(server, client);
  }

  private tables = 0;

  private constructor(private readonly server: Server, public readonly client: DynamoDBClient) {}

  public async freshTable(): Promise<string> {
    const table = `metrics-${this.tables++}`;
    await createLocalTable(this.client, table);
    return table;
  }

  /** A process of its own, which remembers nothing yet. */
  public worker(table: string, around?: (command: Command, send: () => Promise<unknown>) => Promise<unknown>): Store {
    const client = around && { send: (command: Command) => around(command, () => this.client.send(command)) } as unknown as DynamoDBClient;
    return openStore({ client: client ?? this.client, table, sampleRetentionDays: 63, rollupRetentionDays: 455 });
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
    return Items!.map(({ v: _, ...item }) => item).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  public async stop(): Promise<void> {
    this.client.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function isWrite(command: Command): boolean {
  return ['PutItemCommand', 'UpdateItemCommand'].includes(command.constructor.name);
}
