import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ask } from './ask';
import { median } from './median';
import { openStore } from '../lambda-src/shared/store';

/** What this program reads from its standard input, serialised by V8. */
export interface Questions {
  readonly now: number;
  /** By name. */
  readonly questions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the table answers, by the command's input as JSON. */
  readonly answers: ReadonlyMap<string, unknown>;
}

const RUNS = 31;

/**
 * Prints, as JSON, how many milliseconds the API's handler takes for each question when all items are there at once. It is a process of its
 * own: in a function there is nothing but what the answer is made of, and whatever else there is costs the garbage collector time.
 */
async function main(): Promise<void> {
  const { now, questions, answers } = deserialize(readFileSync(0)) as Questions;
  const client = { send: async (command: { input: object }) => answers.get(JSON.stringify(command.input)) } as unknown as DynamoDBClient;
  const store = openStore({ client, table: 'memory', sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => now });
  const times = Object.keys(questions).map((): number[] => []);
  // In turn, so that each has its share of the runs in which the code is still being compiled, and of what else the machine does.
  for (let run = 0; run < RUNS; run++) {
    for (const [i, question] of Object.values(questions).entries()) {
      const start = process.hrtime.bigint();
      await ask(store, now, question);
      times[i].push(Number(process.hrtime.bigint() - start) / 1e6);
    }
  }
  console.log(JSON.stringify(Object.fromEntries(Object.keys(questions).map((name, i) => [name, median(times[i])]))));
}

void main();
