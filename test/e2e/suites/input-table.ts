import { gzipSync } from 'node:zlib';
import { logLines } from './documents';
import { eventually } from '../../../tools/local-cloud/eventually';
import { Environment } from '../environment';

/** Every form that a log object may have, and every way in which it may be bad: from the upload to the answer of a query, or to the quarantine. */

const text = (service: string, values: number[], indent?: number) => (
  logLines(service, values.map((value) => ({ value }))).map((line) => JSON.stringify(line, undefined, indent)));
const pretty = (service: string, values: number[]) => text(service, values, 2);
const truncated = (bytes: Buffer) => bytes.subarray(0, bytes.length - 5);

/** What is read: each holds the values 1, 2 and 3 of its service. */
const FORMS: Record<string, (service: string) => string | Buffer> = {
  'lines': (service) => `${text(service, [1, 2, 3]).join('\n')}\n`,
  'no-last-newline': (service) => text(service, [1, 2, 3]).join('\n'),
  'bom-and-crlf': (service) => `\ufeff${text(service, [1, 2, 3]).join('\r\n')}\r\n`,
  'array': (service) => `[${text(service, [1, 2, 3]).join(',')}]`,
  'pretty-array': (service) => `[\n${pretty(service, [1, 2, 3]).join(',\n')}\n]\n`,
  'pretty-objects': (service) => pretty(service, [1, 2, 3]).join('\n'),
  'records': (service) => `{"Records":[${text(service, [1, 2, 3]).join(',')}]}`,
  'records-with-more': (service) => `{"Records":[${text(service, [1, 2, 3]).join(',')}],"owner":"me"}`,
  'gzip-lines': (service) => gzipSync(text(service, [1, 2, 3]).join('\n')),
  'gzip-array': (service) => gzipSync(`[${text(service, [1, 2, 3]).join(',')}]`),
  'gzip-members': (service) => Buffer.concat([gzipSync(`${text(service, [1, 2])[0]}\n`), gzipSync(text(service, [1, 2, 3]).slice(1).join('\n'))]),
  'embedded': (service) => [1, 2, 3].map((value, i) => JSON.stringify({
    _aws: {
      Timestamp: Date.parse(logLines(service, [{}, {}, {}])[i].timestamp),
      CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions: [['service', 'step']], Metrics: [{ Name: 'value', Unit: 'Count' }] }],
    },
    service,
    step: 'pay',
    value,
  })).join('\n'),
};

/** Keys that are easily taken for others. */
const KEYS: Record<string, string> = {
  'plus-and-percent': 'keys/a b+c%20d%2Bé.json',
  'unicode': 'keys/日本語/Ω.json',
  'long': `keys/${'k'.repeat(1_019)}`,
  'no-extension': 'keys/none',
};

const DAY = 86_400_000;
const at = (service: string, time: number, metrics: unknown = { value: 9 }) => (
  JSON.stringify({ service, timestamp: new Date(time).toISOString(), metrics }));

/** What cannot be stored: each line with its reason, beside one that can. */
const BAD_LINES: Record<string, (service: string) => string> = {
  not_json: () => '{"service": oops',
  not_an_object: () => '["not","an","object"]',
  no_service: (service) => at(service, Date.now()).replace('service', 'servant'),
  no_metrics: (service) => at(service, Date.now(), {}),
  bad_time: (service) => at(service, Date.now()).replace(/"timestamp":"[^"]+"/, '"timestamp":"yesterday"'),
  too_old: (service) => at(service, Date.now() - 62.5 * DAY),
  future: (service) => at(service, Date.now() + 0.5 * DAY),
  bad_name: (service) => at(service, Date.now(), { 'a{b}': 1 }),
  not_a_number: (service) => at(service, Date.now(), { value: 4, bad: 'many' }),
  line_too_long: (service) => at(service, Date.now()).replace('{', `{"note":"${'x'.repeat(1_100_000)}",`),
};

/** What cannot be used at all. */
const BAD_OBJECTS: Record<string, (service: string) => Buffer> = {
  bad_gzip: (service) => truncated(gzipSync(text(service, [1, 2, 3]).join('\n'))),
  object_too_large: (service) => gzipSync(`${text(service, [1]).join('')}\n${' '.repeat(20_000_000)}`),
};

interface Quarantined { readonly head: Record<string, string>; readonly entries: Record<string, unknown>[] }

export function inputTable(deployed: () => Environment) {
  describe('every input', () => {
    beforeAll(async () => {
      const environment = deployed();
      const uploads = [
        ...Object.entries(FORMS).map(([form, make]) => [`forms/${form}`, make(`form-${form}`)] as const),
        ...Object.entries(KEYS).map(([name, key]) => [key, text(`key-${name}`, [1, 2, 3]).join('\n')] as const),
        ...Object.entries(BAD_LINES).map(([reason, make]) => (
          [`bad/${reason}`, [text(`bad-${reason}`, [1])[0], make(`bad-${reason}`), text(`bad-${reason}`, [1, 2])[1]].join('\n')] as const)),
        ...Object.entries(BAD_OBJECTS).map(([reason, make]) => [`unusable/${reason}`, make(`unusable-${reason}`)] as const),
        ['folder/', ''], ['empty', ''], ['blank', ' \r\n\n'],
      ] as const;
      await Promise.all(uploads.map(([key, body]) => environment.putObject(key, body)));
    });

    const quarantineOf = (key: string): Promise<Quarantined> => eventually(async () => {
      const file = (await deployed().objects('quarantine/')).find(({ text: content }) => JSON.parse(content.split('\n')[0]).key === key);
      if (!file) return undefined;
      const [head, ...entries] = file.text.trim().split('\n').map((line) => JSON.parse(line));
      return { head, entries };
    }, { what: `the quarantine of ${key}`, timeoutMs: 30_000 });

    test.each(Object.keys(FORMS))('the form %s is read', async (form) => {
      await deployed().samplesBecome(`form-${form}`, 'value', [1, 2, 3]);
    });

    test.each(Object.keys(KEYS))('the key %s is read as it is', async (name) => {
      await deployed().samplesBecome(`key-${name}`, 'value', [1, 2, 3]);
    });

    test.each(Object.keys(BAD_LINES))('a line that is %s is quarantined with its place, and the others are stored', async (reason) => {
      const environment = deployed();
      const { head, entries } = await quarantineOf(`bad/${reason}`);
      expect(head).toEqual({ bucket: environment.outputs.LogBucketName, key: `bad/${reason}` });
      const expected = reason === 'not_an_object' ? 'not_json' : reason;
      expect(entries[0]).toMatchObject({
        reason: expected, line: 2, offset: expect.any(Number), sample: expect.any(String), message: expect.any(String),
      });
      await environment.samplesBecome(`bad-${reason}`, 'value', reason === 'not_a_number' ? [1, 2, 4] : [1, 2]);
    });

    test.each(Object.keys(BAD_OBJECTS))('an object that is %s is quarantined as a whole', async (reason) => {
      const { entries } = await quarantineOf(`unusable/${reason}`);
      expect(entries).toEqual([{ reason, line: 0, offset: 0, sample: '', message: expect.any(String) }]);
      expect(await deployed().samples(`unusable-${reason}`, 'value')).toEqual([]);
    });

    test('folder markers, empty and blank objects are complete with nothing', async () => {
      const environment = deployed();
      await environment.drained(environment.outputs.ProcessorQueueUrl);
      const quarantined = (await environment.objects('quarantine/')).map(({ text: content }) => JSON.parse(content.split('\n')[0]).key);
      expect(quarantined.filter((key) => ['folder/', 'empty', 'blank'].includes(key))).toEqual([]);
    });

    test('an object that was replaced before it was read is left to its newer content; one that is gone is quarantined', async () => {
      const environment = deployed();
      const { LogBucketName, ProcessorQueueUrl } = environment.outputs;
      await environment.putObject('late/replaced', text('late', [1]).join('\n'));
      await environment.samplesBecome('late', 'value', [1]);
      const event = (key: string, sequencer: string) => JSON.stringify({
        time: new Date().toISOString(), detail: { bucket: { name: LogBucketName }, object: { key, etag: '0'.repeat(32), sequencer } },
      });
      await environment.send(ProcessorQueueUrl, event('late/replaced', 'FFFF'));
      await environment.send(ProcessorQueueUrl, event('late/gone', '01'));
      const { entries } = await quarantineOf('late/gone');
      expect(entries).toMatchObject([{ reason: 'source_gone', line: 0 }]);
      await environment.drained(ProcessorQueueUrl);
      expect(await environment.samples('late', 'value')).toEqual([1]);
      expect(await environment.take(environment.outputs.DeadLettersUrl)).toEqual([]);
    });

    test('what waits in the dead-letter queue is stored when it is moved back, and S3 allows it by then', async () => {
      const environment = deployed();
      const { DeadLettersUrl, ProcessorQueueUrl } = environment.outputs;
      await environment.putObject('denied/redriven', text('redriven', [1, 2]).join('\n'));
      await environment.holds(DeadLettersUrl, 1);
      expect(await environment.samples('redriven', 'value')).toEqual([]);
      await environment.allowAll();
      await environment.moveMessages(DeadLettersUrl, ProcessorQueueUrl);
      await environment.samplesBecome('redriven', 'value', [1, 2]);
    });
  });
}
