import { type AttributeValue, type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type CallOptions, type Calls, ok } from './calls';
import { documentsOf } from '../../../log-processor/embedded-metrics';
import { readContent, UnusableObject } from '../../../log-processor/log-object';
import { splitDocuments } from '../../../log-processor/split';
import { parseTime } from '../../../shared/document';
import { hoursBetween, partsOfDay } from '../../../shared/items';
import { type LedgerHead, ledgerHead, ledgerKey } from '../../../shared/ledger-items';
import { forEachBounded } from '../../../shared/store';
import { readParts } from '../../../shared/store-reader';
import { DAY, floorTo, HOUR, MINUTE } from '../../../timeseries/time';
import type { LogLine, Look, Port, Span } from '../port';
import type { ServicePoint } from '../port-data';
import { contains } from '../time';

/** Where the services' metrics and logs lie; each is absent where the deployment has none. */
export interface ServiceStore {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly table?: string;
  readonly bucket?: string;
  readonly quarantinePrefix?: string;
}

/** So many log objects are opened for samples: the newest ones. */
const MOST_OBJECTS = 20;
/** So many ledger entries are read to find them. */
const MOST_HEADS = 200;
/** What is read of one object at most, and the longest line in it. */
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_LINE = 256 * 1024;
const AT_ONCE = 8;

type ServicePart = Pick<Port, 'serviceSamples' | 'serviceQuarantine' | 'serviceLines'>;

export function serviceCalls(calls: Calls, store: ServiceStore): ServicePart {
  return {
    serviceSamples: ({ service, metric, span }) => calls.look('dynamodb:Query', async () => {
      if (!store.table) return notWired('metrics table');
      const { parts, unreadable } = await calls.count(readParts({ client: store.dynamodb, table: store.table }, service, span.start, span.end));
      const points = minutesOf(parts.flatMap((part) => samplesOf(part.get(metric), span)));
      if (unreadable.length > 0) return { status: 'INCOMPLETE', data: { points }, reason: unreadable[0] };
      return points.length > 0 ? ok({ points }) : { status: 'NO_DATA' };
    }),

    serviceQuarantine: ({ service, span }) => calls.look('s3:GetObject', async (options) => {
      if (!store.table || !store.bucket || !store.quarantinePrefix) return notWired('log bucket');
      let count = 0;
      await forEachBounded(await objectsOf(calls, store, service, span, options), AT_ONCE, async ({ source, head }) => {
        const bytes = await contentOf(calls, store.s3, head.bucket, `${store.quarantinePrefix}${source}/${head.generation}.ndjson`, options);
        count += bytes ? quarantinedIn(bytes) : 0;
      });
      return ok(count);
    }),

    serviceLines: ({ service, span, limit }) => calls.look('s3:GetObject', async (options) => {
      if (!store.table || !store.bucket) return notWired('log bucket');
      const lines: LogLine[] = [];
      await forEachBounded(await objectsOf(calls, store, service, span, options), AT_ONCE, async ({ head }) => {
        const bytes = await contentOf(calls, store.s3, head.bucket, head.key, options);
        if (bytes) lines.push(...linesOf(bytes, service, span));
      });
      lines.sort((a, b) => a.time - b.time);
      return lines.length > 0 ? ok({ lines: lines.slice(0, limit), total: lines.length, sampled: lines.length > limit }) : { status: 'NO_DATA' };
    }),
  };
}

function notWired(what: string): Look<never> {
  return { status: 'NOT_CONFIGURED', reason: `this runbook was not given the ${what}` };
}

/** The newest log objects that hold samples of the service in the span; what was posted to the API has none. */
async function objectsOf(
  calls: Calls, store: ServiceStore, service: string, span: Span, options: CallOptions,
): Promise<{ source: string; head: LedgerHead }[]> {
  const sources = new Set<string>();
  for (let day = floorTo(span.start, DAY); day < span.end; day += DAY) {
    const { from, to } = hoursBetween(Math.max(floorTo(span.start, HOUR), day), Math.min(floorTo(span.end - 1, HOUR), day + DAY - HOUR));
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await calls.count(store.dynamodb.send(new QueryCommand({
        TableName: store.table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ProjectionExpression: 'sk',
        ExpressionAttributeValues: { ':pk': { S: partsOfDay(service, day) }, ':from': { S: from }, ':to': { S: to } },
        ExclusiveStartKey,
      }), options));
      (page.Items ?? []).forEach(({ sk }) => sources.add(sk.S!.split('#')[1]));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
  const found: { source: string; head: LedgerHead }[] = [];
  await forEachBounded([...sources].slice(0, MOST_HEADS), AT_ONCE, async (source) => {
    const { Item } = await calls.count(store.dynamodb.send(new GetItemCommand({ TableName: store.table, Key: ledgerKey(source) }), options));
    if (Item && isObject(Item)) found.push({ source, head: ledgerHead(Item) });
  });
  return found.sort((a, b) => b.head.eventTime - a.head.eventTime).slice(0, MOST_OBJECTS);
}

/** The ledger also knows requests, which have no object. */
const isObject = (item: Record<string, AttributeValue>) => item.bucket?.S !== undefined && item.key?.S !== undefined;

/** Undefined where there is no such object: it expired, or nothing was quarantined. */
async function contentOf(calls: Calls, s3: S3Client, Bucket: string, Key: string, options: CallOptions): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await calls.count(s3.send(new GetObjectCommand({ Bucket, Key }), options));
    const chunks: Uint8Array[] = [];
    for await (const chunk of readContent(Body as AsyncIterable<Uint8Array>, MOST_BYTES)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    calls.usage.logBytesScanned += bytes.length;
    return bytes;
  } catch (error) {
    if (error instanceof UnusableObject) return undefined;
    if ((error as Error).name === 'NoSuchKey' || (error as Error).name === 'NotFound') return undefined;
    throw error;
  }
}

/** The first line names the object; `more` counts what is not listed. */
function quarantinedIn(bytes: Uint8Array): number {
  const [, ...entries] = Buffer.from(bytes).toString().split('\n').filter(Boolean);
  return entries.reduce((total, entry) => total + ((JSON.parse(entry) as { more?: number }).more ?? 1), 0);
}

function linesOf(bytes: Uint8Array, service: string, span: Span): LogLine[] {
  const lines: LogLine[] = [];
  for (const { value } of splitDocuments(bytes, LONGEST_LINE)) {
    const times = (documentsOf(value) as ({ service?: unknown; timestamp?: unknown } | undefined)[])
      .filter((document) => typeof document?.service === 'string' && document.service.normalize('NFC') === service)
      .map((document) => parseTime(document!.timestamp));
    const time = times.find((each) => each !== undefined && contains(span, each));
    if (time !== undefined) lines.push({ time, message: JSON.stringify(value) });
  }
  return lines;
}

function samplesOf(columns: { timestamps: ArrayLike<number>; values: ArrayLike<number> } | undefined, span: Span): { time: number; value: number }[] {
  return Array.from(columns?.timestamps ?? [], (time, index) => ({ time, value: columns!.values[index] })).filter(({ time }) => contains(span, time));
}

function minutesOf(samples: { time: number; value: number }[]): ServicePoint[] {
  const minutes = new Map<number, ServicePoint>();
  for (const { time, value } of samples) {
    const start = floorTo(time, MINUTE);
    const { count, sum, min, max } = minutes.get(start) ?? { count: 0, sum: 0, min: value, max: value };
    minutes.set(start, { time: start, count: count + 1, sum: sum + value, min: Math.min(min, value), max: Math.max(max, value) });
  }
  return [...minutes.values()].sort((a, b) => a.time - b.time);
}
