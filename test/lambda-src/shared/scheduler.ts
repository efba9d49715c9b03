import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Crash, isWrite } from './local-store';
import type { MemoryTable } from './memory-table';

/** Random numbers that a seed determines (Mulberry32, by Tommy Ettinger, public domain). */
/* eslint-disable no-bitwise -- the generator is made of them */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) % below;
  };
}
/* eslint-enable no-bitwise */

/** Lets concurrent workers call a table one call at a time, in an order that the seed determines: one possible interleaving. */
export class Scheduler {
  private readonly waiting: { readonly isSlow: boolean; readonly goOn: () => void }[] = [];

  constructor(private readonly table: MemoryTable, public readonly random: (below: number) => number) {}

  /**
   * A worker's client. Every third worker is a slow one: others do whole pieces of work while it waits for its turn.
   *
   * @param fatalWrite the write at which the worker dies: done, or not even begun. Nothing that it does afterwards reaches the table
   */
  public client(fatalWrite = Infinity, done = true): DynamoDBClient {
    let writes = 0;
    const isSlow = this.random(3) === 0;
    const send = async (command: object) => {
      await this.turn(isSlow);
      if (writes >= fatalWrite) throw new Crash();
      if (isWrite(command as never) && ++writes === fatalWrite) {
        if (done) this.table.execute(command as never);
        throw new Crash();
      }
      return this.table.execute(command as never);
    };
    return { send } as unknown as DynamoDBClient;
  }

  /** Waits until it is one's turn. */
  public turn(isSlow = false): Promise<void> {
    return new Promise((goOn) => this.waiting.push({ isSlow, goOn }));
  }

  /** Runs until all of the work is done. */
  public async run(work: Promise<unknown>[]): Promise<void> {
    let ended = false;
    const all = Promise.all(work).finally(() => { ended = true; });
    while (!ended) {
      // Whoever could go on without the table has done so when the event loop comes round.
      await new Promise(setImmediate);
      if (this.waiting.length > 0) this.waiting.splice(this.next(), 1)[0].goOn();
    }
    await all;
  }

  private next(): number {
    let next = this.random(this.waiting.length);
    for (let tries = 0; tries < 8 && this.waiting[next].isSlow; tries++) next = this.random(this.waiting.length);
    return next;
  }
}
