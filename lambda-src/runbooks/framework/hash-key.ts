import { createHash } from 'node:crypto';

/** Table keys are customer data: a report carries a hash, by which the same key is recognised again. */
export function hashKey(key: string): string {
  return `key-${createHash('sha256').update(key).digest('hex').slice(0, 10)}`;
}
