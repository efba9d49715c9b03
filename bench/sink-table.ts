import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { MemoryTable } from '../test/lambda-src/shared/memory-table';

/** A table that takes parts and forgets them: what is measured is the way there. */
export class SinkTable {
  public parts = 0;
  public bytes = 0;
  private readonly rest = new MemoryTable();

  public readonly client = {
    send: async (command: any) => {
      const { Item } = command.input;
      if (!Item?.pk.S.startsWith('P#')) return this.rest.execute(command);
      this.parts++;
      this.bytes += Item.d?.B.length ?? 0;
      return {};
    },
  } as unknown as DynamoDBClient;
}
