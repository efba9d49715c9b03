import { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { Credentials } from './credentials';
import { LocalCloud } from './local-cloud';

export interface ApiRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as it is if a string, else as JSON. */
  readonly body?: unknown;
  /** Who signs; `none` leaves the request unsigned. @default - the account's root user */
  readonly as?: Credentials | 'none';
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body parsed; undefined where it is not JSON. */
  readonly json: any;
}

/** Where a REST API's stage is found on the local cloud: `apiUrl` is what the stack put out. */
export function localApiUrl(cloud: LocalCloud, apiUrl: string): string {
  const [, apiId, stage] = /^https:\/\/([^.]+)\.execute-api\.[^/]+\/([^/]+)/.exec(apiUrl)
    ?? fail(`"${apiUrl}" is not the address of a REST API's stage (https://<id>.execute-api.<region>.<suffix>/<stage>).`);
  return `${cloud.endpoint}/restapis/${apiId}/${stage}/_user_request_`;
}

/** Asks a REST API, signed by Signature Version 4 as IAM authorisation wants it. */
export async function askApi(cloud: LocalCloud, url: string, options: ApiRequest = {}): Promise<ApiAnswer> {
  const { method = 'GET', as = cloud.credentials } = options;
  const { hostname, port, pathname, searchParams } = new URL(url);
  const body = options.body === undefined || typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
  const query: Record<string, string[]> = {};
  for (const [name, value] of searchParams) (query[name] ??= []).push(value);
  const headers: Record<string, string> = { host: `${hostname}:${port}`, ...options.headers };
  if (body !== undefined) headers['content-type'] ??= 'application/json';
  if (as === 'none') return send(cloud, url, method, headers, body);
  const signer = new SignatureV4({ service: 'execute-api', region: cloud.region, credentials: as, sha256: Sha256 });
  const signed = await signer.sign({ method, protocol: 'https:', hostname, port: Number(port), path: pathname, query, body, headers });
  return send(cloud, url, method, signed.headers, body);
}

function send(cloud: LocalCloud, url: string, method: string, headers: Record<string, string>, body?: string): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: cloud.agent, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode!, headers: response.headers, text, json: parsed(text) });
      });
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${url}: no answer within 30 s`)));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fail(message: string): never {
  throw new Error(message);
}
