import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { createLocalTable } from '../test/local-table';

/** DynamoDB in this process, whose capacity figures are those of AWS. */
export async function withLocalTable<T>(work: (client: DynamoDBClient, table: string) => Promise<T>): Promise<T> {
  const server: Server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'a' },
  });
  try {
    await createLocalTable(client, 'metrics');
    return await work(client, 'metrics');
  } finally {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
