import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describedPath, undescribed } from './described';
import { IncidentHistory } from './incident-history';
import { createApi } from '../../../lambda-src/metrics-api/app';
import type { Backend } from '../../../lambda-src/metrics-api/backend';
import { openStore } from '../../../lambda-src/shared/store';
import { LocalStore } from '../shared/local-store';

export const NOW = Date.parse('2026-11-23T12:00:00.000Z');

export interface Query { readonly [name: string]: string | readonly string[] }

export interface RequestOptions {
  readonly query?: Query;
  readonly path?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly event?: Partial<APIGatewayProxyEvent>;
}

/** An event as a REST API sends it. */
export function eventOf(method: string, resource: string, { query, path, headers, body, event }: RequestOptions = {}): APIGatewayProxyEvent {
  const lists = query && Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value].flat() as string[]]));
  return {
    httpMethod: method,
    resource,
    path: resource,
    headers: headers ?? {},
    multiValueHeaders: {},
    queryStringParameters: lists ? Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1)!])) : null,
    multiValueQueryStringParameters: lists ?? null,
    pathParameters: path ?? null,
    stageVariables: null,
    isBase64Encoded: false,
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    requestContext: { requestId: 'request-1', identity: { userArn: 'arn:aws:iam::123456789012:user/alice' } } as never,
    ...event,
  };
}

/** The API over a table in memory, with a clock that the test sets. */
export class Harness {
  public static async start(): Promise<Harness> {
    return new Harness(LocalStore.inMemory());
  }

  public now = NOW;
  public readonly published: string[][] = [];
  public readonly logged: { level: string; message: string; facts: unknown }[] = [];
  public readonly backend: Backend;
  private readonly api: ReturnType<typeof createApi>;
  /** Writes incidents as the executor does. */
  public history!: IncidentHistory;
  public readonly client: DynamoDBClient;

  private constructor(private readonly local: LocalStore) {
    const { client } = local;
    this.client = client;
    const log = (level: string) => (message: unknown, facts?: unknown) => { this.logged.push({ level, message: String(message), facts }); };
    this.backend = {
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      store: openStore({ client, table: 'none', sampleRetentionDays: 63, rollupRetentionDays: 455, now: () => this.now }),
      version: '1.2.3',
      now: () => this.now,
      publish: async (parts) => { this.published.push(parts.map(({ service }) => service)); },
    };
    this.api = createApi(this.backend);
  }

  /** An empty table for what follows. */
  public async freshTable(): Promise<void> {
    const table = await this.local.freshTable();
    const incidents = { client: this.client, table: await this.local.freshTable() };
    Object.assign(this.backend, { store: openStore({ ...this.backend.store, table }), incidents });
    this.history = new IncidentHistory(incidents);
    this.now = NOW;
  }

  public async send(method: string, resource: string, options?: RequestOptions) {
    const answer = await this.api(eventOf(method, resource, options));
    const headers = answer.headers!;
    const body = /json/.test(String(headers['content-type'])) ? JSON.parse(answer.body) : answer.body;
    // So every test of a route is one of its description too.
    expect(undescribed(method, describedPath(resource, options?.path?.proxy), { status: answer.statusCode, headers, body })).toEqual([]);
    return { status: answer.statusCode, headers, body };
  }

  public get(resource: string, query?: Query) {
    return this.send('GET', resource, { query });
  }

  public post(body: unknown, headers?: Record<string, string>) {
    return this.send('POST', '/metrics', { body, headers });
  }

  public async stop(): Promise<void> {
    await this.local.stop();
  }
}
