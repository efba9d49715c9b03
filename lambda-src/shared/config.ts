/** The function's configuration: variables that its construct sets, read once when the module loads. */

/** A variable that the function cannot do without. */
export function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`Environment variable ${name} is missing: the construct that makes this function sets it.`);
}

/** A variable that is absent where its feature is not used. */
export function optional(name: string): string | undefined {
  return process.env[name] || undefined;
}

/** A variable that is a whole number above zero. */
export function requiredNumber(name: string): number {
  return wholeNumber(name, 1, 'above zero');
}

/** A variable that is a whole number, where 0 stands for nothing. */
export function naturalNumber(name: string): number {
  return wholeNumber(name, 0, 'of zero or more');
}

function wholeNumber(name: string, least: number, which: string): number {
  const found = required(name);
  const value = Number(found);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`Environment variable ${name} is "${found}": expected a whole number ${which}.`);
}
