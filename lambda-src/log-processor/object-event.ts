import { objectGeneration, objectSource } from '../shared/items';
import type { ObjectVersion } from '../shared/ledger';

/** The object that an EventBridge event `Object Created` tells of. EventBridge carries the raw key: there is nothing to decode. */
export function objectOf(messageBody: string): ObjectVersion {
  const event = JSON.parse(messageBody);
  const bucket = text(event, 'detail', 'bucket', 'name');
  const key = text(event, 'detail', 'object', 'key');
  const eventTime = Date.parse(text(event, 'time'));
  if (Number.isNaN(eventTime)) throw new Error(`The event's time is "${event.time}", expected RFC 3339`);
  return {
    source: objectSource(bucket, key),
    generation: objectGeneration(text(event, 'detail', 'object', 'sequencer')),
    bucket,
    key,
    etag: text(event, 'detail', 'object', 'etag'),
    eventTime,
  };
}

function text(event: unknown, ...path: string[]): string {
  const value = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], event);
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`The message is no "Object Created" event of S3 from EventBridge: ${path.join('.')} is ${JSON.stringify(value)}, expected a text`);
}
