/** Whether a value is an object with members: of JSON's values the one that is neither a list nor a single thing. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
