import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Plain values to DynamoDB attributes and back: the few kinds that our items use. Undefined members are left out. */

export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain | undefined };
export type PlainItem = { readonly [key: string]: Plain | undefined };
export type Attributes = Record<string, AttributeValue>;

export function toAttributes(item: object): Attributes {
  return Object.fromEntries(Object.entries(item)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, toAttribute(value as Plain)]));
}

export function toAttribute(value: Plain): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return { M: toAttributes(value as PlainItem) };
}

export function fromAttributes<T>(item: Attributes): T {
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, fromAttribute(value)])) as T;
}

function fromAttribute(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(fromAttribute);
  if (value.M !== undefined) return fromAttributes(value.M);
  if (value.SS !== undefined) return value.SS;
  return undefined;
}
