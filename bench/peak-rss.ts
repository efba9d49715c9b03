import { Readable } from 'node:stream';
import { CHUNK_BYTES, ingest } from './ingest';
import { LogWriter } from './samples';
import { SinkTable } from './sink-table';
import { openStore } from '../lambda-src/shared/store';
import { HOUR, MINUTE } from '../lambda-src/timeseries/time';

/** Ingests one object of so many megabytes, made as it is read, and prints the greatest memory that this process had, in megabytes. */
const START = Date.parse('2026-11-02T00:00:00Z');
const BYTES = Number(process.argv[2]) * 1e6;

function* object(): Generator<Buffer> {
  const logs = new LogWriter(50);
  let pending = '';
  for (let time = START, bytes = 0; bytes < BYTES; time += MINUTE) {
    pending += `${logs.lines(time, MINUTE).join('\n')}\n`;
    for (; pending.length >= CHUNK_BYTES; pending = pending.slice(CHUNK_BYTES)) {
      bytes += CHUNK_BYTES;
      yield Buffer.from(pending.slice(0, CHUNK_BYTES));
    }
  }
  yield Buffer.from(pending);
}

const store = openStore({ client: new SinkTable().client, table: 'sink', sampleRetentionDays: 63, rollupRetentionDays: 455 });
ingest(store, { key: 'logs/large.ndjson', content: Readable.from(object()), eventTime: START + 400 * HOUR })
  .then(() => console.log(process.resourceUsage().maxRSS / 1024), (error) => {
    console.error(error);
    process.exit(1);
  });
