import { eventually } from '../../../tools/local-cloud/eventually';
import { Environment } from '../environment';
import { logLines } from './documents';

/** From an object in the bucket to stored samples, or to the quarantine, or to the dead-letter queue. */
export function ingestion(deployed: () => Environment) {
  describe('log objects', () => {
    test('the same object, delivered three times, changes nothing', async () => {
      const environment = deployed();
      const { EventsUrl, ProcessorQueueUrl, MetricsTableName } = environment.outputs;
      const lines = logLines('thrice', [{ value: 1 }, { value: 2 }]);
      const day = lines[0].timestamp.slice(0, 10);
      await environment.putLog('thrice/a.json', lines);
      await environment.samplesBecome('thrice', 'value', [1, 2]);
      const stored = await environment.items(MetricsTableName, `P#thrice#${day}`);

      const event = await eventually(async () => (await environment.take(EventsUrl)).find((text) => text.includes('thrice/a.json')), { what: 'the event of the object' });
      await environment.send(ProcessorQueueUrl, event);
      await environment.send(ProcessorQueueUrl, event);
      await environment.drained(ProcessorQueueUrl);

      expect(await environment.samples('thrice', 'value')).toEqual([1, 2]);
      expect(await environment.items(MetricsTableName, `P#thrice#${day}`)).toEqual(stored);
    });

    test('an object that has grown under its key replaces what it was', async () => {
      const environment = deployed();
      const lines = logLines('grown', [{ value: 1 }, { value: 2 }, { value: 3 }]);
      await environment.putLog('grown/a.json', lines.slice(0, 2));
      await environment.samplesBecome('grown', 'value', [1, 2]);
      await environment.putLog('grown/a.json', lines);
      await environment.samplesBecome('grown', 'value', [1, 2, 3]);
    });

    test('of ten lines with two bad ones, eight are stored and two are explained', async () => {
      const environment = deployed();
      const good = logLines('mixed', [0, 1, 2, 3, 4, 5, 6, 7].map((value) => ({ value })));
      await environment.putLog('mixed/a.json', [...good.slice(0, 3), 'this is not JSON', ...good.slice(3, 7), { service: 'mixed' }, good[7]]);
      await environment.samplesBecome('mixed', 'value', [0, 1, 2, 3, 4, 5, 6, 7]);

      const quarantine = await eventually(async () =>
        (await environment.objects('quarantine/')).find(({ text }) => text.includes('mixed/a.json')), { what: 'the quarantine file' });
      const [head, ...bad] = quarantine.text.trim().split('\n').map((line) => JSON.parse(line));
      expect(head).toMatchObject({ bucket: environment.outputs.LogBucketName, key: 'mixed/a.json' });
      expect(bad.map(({ line }) => line)).toEqual([4, 9]);
      bad.forEach((entry) => expect(entry).toMatchObject({ reason: expect.any(String), offset: expect.any(Number), sample: expect.any(String) }));
    });

    test('an object that the bucket\'s policy denies ends in the dead-letter queue', async () => {
      const environment = deployed();
      await environment.putLog('denied/a.json', logLines('denied', [{ value: 1 }]));
      const letter = await eventually(async () =>
        (await environment.take(environment.outputs.DeadLettersUrl)).find((text) => text.includes('denied/a.json')), { what: 'the dead letter', timeoutMs: 60_000 });
      expect(JSON.parse(letter).detail.object.key).toBe('denied/a.json');
      expect(await environment.samples('denied', 'value')).toEqual([]);
    });
  });
}
