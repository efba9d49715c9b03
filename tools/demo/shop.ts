import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LogDocument, LogFile } from './sample-logs';
import { LocalCloud } from '../local-cloud/local-cloud';
import { ApiAnswer, ApiRequest, askApi, localApiUrl } from '../local-cloud/signed-fetch';

/** One series of `GET /metrics`. */
export interface Series {
  readonly service: string;
  readonly metric: string;
  readonly summary: { count: number; sum: number; min: number; max: number; avg: number; last: number };
  readonly timestamps: string[];
  readonly values: number[];
}

/** The deployed example, as its users see it: a bucket to put logs in, and an API. */
export class Shop {
  public readonly apiUrl: string;
  private readonly s3: S3Client;

  constructor(private readonly cloud: LocalCloud, private readonly outputs: Record<string, string>) {
    this.apiUrl = localApiUrl(cloud, outputs.ApiUrl);
    this.s3 = new S3Client(cloud.clientConfig());
  }

  /** Uploads a log file: one JSON object a line. */
  public async upload({ key, documents }: LogFile): Promise<void> {
    const Body = documents.map((document) => JSON.stringify(document)).join('\n');
    await this.s3.send(new PutObjectCommand({ Bucket: this.outputs.LogBucketName, Key: key, Body }));
  }

  /** Asks the API, signed; an answer of another status than the expected one is an error that shows it. */
  public async ask(path: string, expected: number, request: ApiRequest = {}): Promise<ApiAnswer> {
    const answer = await askApi(this.cloud, `${this.apiUrl}/${path}`, request);
    if (answer.status !== expected) {
      throw new Error(`${request.method ?? 'GET'} /${path} answered ${answer.status}, not ${expected}: ${answer.text.slice(0, 500)}`);
    }
    return answer;
  }

  /** Every sample of a service in a span of time, as the API has it. */
  public async samples(service: string, from: number, to: number): Promise<Series[]> {
    const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
    const { json } = await this.ask(`metrics?service=${service}&${span}&step=raw`, 200);
    if (!json.complete || json.cursor) throw new Error(`GET /metrics of ${service} was not complete.`);
    return json.series;
  }
}

/** What differs between what was sent and what was read back, one line each: nothing, where all is well. */
export function differences(sent: LogDocument[], read: Series[]): string[] {
  const expected = new Map<string, string>();
  for (const { service, timestamp, metrics } of sent) {
    for (const [metric, value] of Object.entries(metrics)) expected.set(`${service} ${metric} at ${Date.parse(timestamp)}`, `${value}`);
  }
  const differing: string[] = [];
  for (const { service, metric, timestamps, values } of read) {
    timestamps.forEach((timestamp, index) => {
      const sample = `${service} ${metric} at ${Date.parse(timestamp)}`;
      if (expected.get(sample) !== `${values[index]}`) differing.push(`${sample}: sent ${expected.get(sample)}, read ${values[index]}`);
      expected.delete(sample);
    });
  }
  return [...differing, ...[...expected.keys()].map((sample) => `${sample}: sent, not read`)];
}
