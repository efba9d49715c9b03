/** As much of JSON Schema as the API's description uses; a keyword that is not here is an error, not a silent pass. */
type Schema = Record<string, any>;
type Check = (limit: any, value: any, schema: Schema, at: string, root: any) => string[];

const TYPES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};
const FORMATS: Record<string, RegExp> = {
  'date': /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-(0\d|1[0-2])-[0-3]\d[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/,
};

const unless = (good: boolean, problem: string) => (good ? [] : [problem]);
/** A keyword that says nothing of values of other types. */
const of = (type: string, check: Check): Check => (limit, value, ...rest) => (TYPES[type](value) ? check(limit, value, ...rest) : []);
const nothing: Check = () => [];

const KEYWORDS: Record<string, Check> = {
  description: nothing,
  default: nothing,
  examples: nothing,
  type: (types, value, _, at) => unless([types].flat().some((type: string) => TYPES[type](value)), `${at} is no ${types}`),
  const: (only, value, _, at) => unless(value === only, `${at} is not ${only}`),
  enum: (some, value, _, at) => unless(some.includes(value), `${at} is none of ${some}`),
  anyOf: (some, value, _, at, root) => unless(some.some((each: Schema) => problemsOf(each, value, root).length === 0), `${at} fits none`),
  $ref: (to, value, _, at, root) => problemsOf(resolve(to, root), value, root, at),
  pattern: of('string', (pattern, value, _, at) => unless(new RegExp(pattern, 'u').test(value), `${at} does not match ${pattern}`)),
  format: of('string', (format, value, _, at) => unless(FORMATS[format].test(value), `${at} is no ${format}`)),
  minLength: of('string', (least, value, _, at) => unless([...value].length >= least, `${at} is too short`)),
  maxLength: of('string', (most, value, _, at) => unless([...value].length <= most, `${at} is too long`)),
  minimum: of('number', (least, value, _, at) => unless(value >= least, `${at} is below ${least}`)),
  maximum: of('number', (most, value, _, at) => unless(value <= most, `${at} is above ${most}`)),
  minItems: of('array', (least, value, _, at) => unless(value.length >= least, `${at} has too few`)),
  maxItems: of('array', (most, value, _, at) => unless(value.length <= most, `${at} has too many`)),
  prefixItems: of('array', (first, value, _, at, root) => first.flatMap((items: Schema, i: number) => problemsOf(items, value[i], root, `${at}[${i}]`))),
  items: of('array', (items, value, _, at, root) => value.flatMap((each: unknown, i: number) => problemsOf(items, each, root, `${at}[${i}]`))),
  minProperties: of('object', (least, value, _, at) => unless(Object.keys(value).length >= least, `${at} has too few members`)),
  required: of('object', (names, value, _, at) => names.flatMap((name: string) => unless(Object.hasOwn(value, name), `${at}.${name} is missing`))),
  propertyNames: of('object', (names, value, _, at, root) => Object.keys(value).flatMap((name) => problemsOf(names, name, root, `${at}'s ${name}`))),
  properties: of('object', (all, value, _, at, root) => Object.keys(value).filter((name) => Object.hasOwn(all, name))
    .flatMap((name) => problemsOf(all[name], value[name], root, `${at}.${name}`))),
  additionalProperties: of('object', (others, value, { properties = {} }, at, root) => Object.keys(value).filter((name) => !Object.hasOwn(properties, name))
    .flatMap((name) => (others === false ? [`${at}.${name} is unknown`] : problemsOf(others, value[name], root, `${at}.${name}`)))),
};

/** What `$ref` leads to. */
export function resolve(to: string, root: any): Schema {
  const found = to.split('/').slice(1).reduce((at, name) => at?.[name], root);
  if (!to.startsWith('#/') || found === undefined) throw new Error(`${to} leads nowhere`);
  return found;
}

/** What of a value does not fit its schema. */
export function problemsOf(schema: Schema, value: unknown, root: unknown, at = 'it'): string[] {
  return Object.entries(schema).flatMap(([keyword, limit]) => {
    if (!KEYWORDS[keyword]) throw new Error(`${keyword}: a keyword that is not known here`);
    return KEYWORDS[keyword](limit, value, schema, at, root);
  });
}
