/** One log document, as services upload them: one JSON object a line. */
export interface LogDocument {
  readonly service: string;
  readonly timestamp: string;
  readonly metrics: Record<string, number>;
  readonly level?: string;
  readonly message?: string;
}

/** One log file. */
export interface LogFile {
  readonly key: string;
  readonly documents: LogDocument[];
}

const STEP_MS = 10_000;
const FILE_MS = 5 * 60_000;

/** Each service's usual requests per line, and its usual latency in milliseconds. */
const SERVICES = { checkout: { requests: 40, latency: 120 }, payments: { requests: 15, latency: 210 }, search: { requests: 90, latency: 35 } };

/** An hour of healthy services up to `end`, a line every ten seconds, a file every five minutes. */
export function healthyHour(end: number): LogFile[] {
  const start = end - 3_600_000;
  const files: LogFile[] = [];
  for (const [service, usual] of Object.entries(SERVICES)) {
    for (let from = start; from < end; from += FILE_MS) {
      const documents: LogDocument[] = [];
      for (let at = from; at < from + FILE_MS; at += STEP_MS) {
        // A wave and some unrest, the same in every run.
        const line = (at - start) / STEP_MS;
        const wave = Math.sin(line / 25) + 0.3 * Math.sin(line * 7.3);
        documents.push({
          service,
          timestamp: new Date(at).toISOString(),
          metrics: {
            cpu: round(45 + 15 * wave, 1),
            memory: 512 + (line % 37),
            requests: Math.round(usual.requests * (1 + 0.3 * wave)),
            latency: round(usual.latency * (1 + 0.2 * wave), 2),
            errors: 0,
          },
        });
      }
      files.push({ key: `${service}/${stamp(from)}.json`, documents });
    }
  }
  return files;
}

/** The last minute before `end` of a checkout whose payment provider has stopped to answer. */
export function failingCheckout(end: number): LogFile {
  const documents = Array.from({ length: 6 }, (_, line): LogDocument => ({
    service: 'checkout',
    timestamp: new Date(end - 1000 - line * 2000).toISOString(),
    level: 'ERROR',
    message: `PaymentTimeout: payments.example.com did not answer within 3000 ms (order ${4711 + line})`,
    metrics: { cpu: 22, memory: 530, requests: 40, latency: 3050 + line, errors: 12 },
  }));
  return { key: `checkout/${stamp(end)}-errors.json`, documents };
}

/** How many samples the documents carry: one for each value of each metric. */
export function countSamples(documents: LogDocument[]): number {
  return documents.reduce((count, { metrics }) => count + Object.keys(metrics).length, 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function stamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace(/:/g, '-');
}
