import { Environment } from '../environment';
import { logLines } from './documents';

/** Objects that lie in the bucket already are processed as their events would have them. */
export function backfill(deployed: () => Environment) {
  describe('the backfill', () => {
    /** Resumes until nothing is left, and then until the processor has nothing left to do. */
    async function backfilled(payload: object): Promise<any[]> {
      const environment = deployed();
      const { BackfillFunctionName, ProcessorQueueUrl } = environment.outputs;
      const answers: any[] = [];
      for (let asked: object | undefined = payload; asked;) {
        const answer = await environment.invoke(BackfillFunctionName, asked);
        if (answer.errorMessage) throw new Error(answer.errorMessage);
        answers.push(answer);
        asked = answer.next === null ? undefined : { resume: answer.next };
      }
      await environment.drained(ProcessorQueueUrl);
      return answers;
    }

    /** A service's parts of a day, and all that the ledger knows of their sources; without what every write of the ledger renews. */
    async function stored(service: string, day: string) {
      const environment = deployed();
      const { MetricsTableName } = environment.outputs;
      const parts = await environment.items(MetricsTableName, `P#${service}#${day}`);
      const sources = [...new Set(parts.map(({ sk }) => sk.split('#')[1]))];
      const ledger = await Promise.all(sources.map((source) => environment.items(MetricsTableName, `S#${source}`)));
      return { parts, ledger: ledger.flat().map(({ v: _, ...item }) => item) };
    }

    test('changes nothing of what events have brought, bit by bit, whatever characters the keys have', async () => {
      const environment = deployed();
      const lines = logLines('refilled', [{ value: 1 }, { value: 2 }, { value: 3 }, { value: 4 }]);
      await environment.putLog('refilled/a.json', [lines[0], 'this is not JSON']);
      await environment.putLog('refilled/b b+c%20d.json', [lines[1]]);
      await environment.putLog('refilled/ü&<\u{1f600}>.json', [lines[2], lines[3]]);
      await environment.samplesBecome('refilled', 'value', [1, 2, 3, 4]);
      await environment.drained(environment.outputs.ProcessorQueueUrl);
      const state = async () => ({
        ...await stored('refilled', lines[0].timestamp.slice(0, 10)),
        quarantine: (await environment.objects('quarantine/')).filter(({ text }) => text.includes('refilled/')),
      });
      const before = await state();
      expect([before.parts.length, before.ledger.length, before.quarantine.length]).toEqual([3, 3, 1]);

      const answers = await backfilled({ prefix: 'refilled/', perSecond: 100 });
      expect(answers).toEqual([{ queued: 3, skipped: { quarantine: 0, archived: 0, otherKeys: 0 }, next: null }]);
      expect(await state()).toEqual(before);
    });

    test('brings an object of which nothing is known, and gives way to its next event', async () => {
      const environment = deployed();
      const { MetricsTableName } = environment.outputs;
      const lines = logLines('lost', [{ value: 1 }, { value: 2 }, { value: 3 }]);
      const day = lines[0].timestamp.slice(0, 10);
      await environment.putLog('lost/a.json', lines.slice(0, 2));
      await environment.samplesBecome('lost', 'value', [1, 2]);
      await environment.drained(environment.outputs.ProcessorQueueUrl);
      const before = await stored('lost', day);
      await environment.deleteItems(MetricsTableName, [...before.parts, ...before.ledger]);
      expect(await environment.samples('lost', 'value')).toEqual([]);

      await backfilled({ prefix: 'lost/' });
      await environment.samplesBecome('lost', 'value', [1, 2]);
      const { parts: [part] } = await stored('lost', day);
      expect(part).toEqual({ ...before.parts[0], g: expect.stringMatching(/^!\d{10}$/) });

      await environment.putLog('lost/a.json', lines);
      await environment.samplesBecome('lost', 'value', [1, 2, 3]);
    });

    test('goes on where the page before ended', async () => {
      const environment = deployed();
      // Of the quarantine, which is listed, but neither queued nor waited for.
      for (let n = 0; n < 46; n++) await environment.putLog(`quarantine/pages/${n}.ndjson`, ['x']);
      const answers = await backfilled({ prefix: 'quarantine/pages/', perSecond: 1 });
      expect(answers.map(({ queued, skipped }) => [queued, skipped.quarantine])).toEqual([[0, 45], [0, 1]]);
    });

    test('says what is wrong with a payload', async () => {
      const answer = await deployed().invoke(deployed().outputs.BackfillFunctionName, { prefix: 'lost/', perSecond: 5000 });
      expect(answer.errorMessage).toBe('payload.perSecond is 5000; expected a whole number from 1 to 1000. Leave it out for 20 objects a second.');
    });
  });
}
