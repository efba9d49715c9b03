import { type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What calls have consumed, in DynamoDB's units, by the partition they were on: the letters before the first `#`. */
export class Meter {
  private readonly units = new Map<string, number>();

  public add(partition: string, units: number): void {
    this.units.set(partition, (this.units.get(partition) ?? 0) + units);
  }

  /** Of the partitions given, or of all. */
  public of(...partitions: string[]): number {
    return [...this.units].reduce((sum, [partition, units]) => sum + (partitions.length === 0 || partitions.includes(partition) ? units : 0), 0);
  }
}

/** Asks with every call what it consumed. Reads and writes are counted apart: they have prices of their own. */
export function metered(client: DynamoDBClient): { client: DynamoDBClient; reads: Meter; writes: Meter } {
  const [reads, writes] = [new Meter(), new Meter()];
  const send = async (command: any) => {
    command.input.ReturnConsumedCapacity = 'TOTAL';
    const { Item, Key, ExpressionAttributeValues } = command.input;
    const pk: string = (Item?.pk ?? Key?.pk ?? ExpressionAttributeValues?.[':pk']).S;
    const meter = /^(Put|Update|Delete)/.test(command.constructor.name) ? writes : reads;
    try {
      const answer: any = await client.send(command);
      meter.add(pk.split('#')[0], answer.ConsumedCapacity.CapacityUnits);
      return answer;
    } catch (error) {
      // A write whose condition fails is paid like one that is done; none of ours is above 1 KB then.
      if ((error as Error).name === 'ConditionalCheckFailedException') meter.add(pk.split('#')[0], 1);
      throw error;
    }
  };
  return { client: { send } as unknown as DynamoDBClient, reads, writes };
}
