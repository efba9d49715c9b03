import { isObject } from '../shared/is-object';

/** Where the service's name is looked for, in this order. */
const SERVICE_DIMENSIONS = ['service', 'Service', 'ServiceName'];
/** Every directive may name the same long array again: without a limit, one line could stand for more than fits into memory. */
const MAX_VALUES = 100_000;

/**
 * The documents that an object stands for, as the product's own shape `{ service, timestamp, metrics }`, not checked yet.
 *
 * An object in CloudWatch's embedded metric format has a member `_aws` with at least one metric directive in
 * `CloudWatchMetrics`; any other object stands for itself. The format is read by these rules:
 *
 * - The time is `_aws.Timestamp`, a number of milliseconds since the epoch.
 * - The service is the value of the first of the dimensions `service`, `Service` and `ServiceName` that a dimension set of the
 *   directive names and that is a text other than empty; else it is the directive's `Namespace`. Other dimensions are not kept.
 * - A metric is named by the `Name` of its definition. It is taken once for each directive, not for each of its dimension sets:
 *   sums do not double.
 * - An array of numbers is as many samples of the same time: the i-th document holds the i-th values.
 * - Whatever breaks the format is left for the check to refuse: a directive that is no object, or has no array `Metrics` or
 *   nothing in it; a definition without a name or without its value; an empty array; values beyond the first 100,000 of an object.
 */
export function documentsOf(value: unknown): readonly unknown[] {
  const aws = member(value, '_aws');
  const directives = member(aws, 'CloudWatchMetrics');
  if (!Array.isArray(directives) || directives.length === 0) return [value];
  const timestamp = timeOf(member(aws, 'Timestamp'));
  const values = new Values(value);
  return directives.flatMap((directive) => (isObject(directive) ? documentsOfDirective(directive, timestamp, values) : [directive]));
}

function documentsOfDirective(directive: Record<string, unknown>, timestamp: string, values: Values): unknown[] {
  const service = serviceOf(directive, values);
  const definitions = member(directive, 'Metrics');
  if (!Array.isArray(definitions)) return [{ service, timestamp }];
  const documents: [name: string, value: unknown][][] = [[]];
  for (const name of new Set(definitions.map(nameOf))) {
    values.samples(name).forEach((sample, i) => (documents[i] ??= []).push([name, sample]));
  }
  return documents.map((metrics) => ({ service, timestamp, metrics: Object.fromEntries(metrics) }));
}

function serviceOf(directive: Record<string, unknown>, values: Values): unknown {
  const sets = member(directive, 'Dimensions');
  const isDimension = (name: string) => Array.isArray(sets) && sets.some((set) => Array.isArray(set) && set.includes(name));
  const dimension = SERVICE_DIMENSIONS.find((name) => isDimension(name) && values.isText(name));
  return dimension === undefined ? member(directive, 'Namespace') : values.of(dimension);
}

/** A definition without a name gets the empty one, which is refused. */
function nameOf(definition: unknown): string {
  const name = member(definition, 'Name');
  return typeof name === 'string' ? name : '';
}

/** RFC 3339, or else a text that tells in the refusal what is wrong. */
function timeOf(timestamp: unknown): string {
  const date = new Date(typeof timestamp === 'number' ? timestamp : NaN);
  return Number.isNaN(date.getTime()) ? '_aws.Timestamp, which is no number of milliseconds' : date.toISOString();
}

/** The members of an object that its directives refer to. */
class Values {
  private left = MAX_VALUES;

  constructor(private readonly root: unknown) {}

  public of(name: string): unknown {
    return member(this.root, name);
  }

  public isText(name: string): boolean {
    const value = this.of(name);
    return typeof value === 'string' && value !== '';
  }

  /** What is no array of samples is one sample, though maybe a bad one. */
  public samples(name: string): readonly unknown[] {
    const value = this.of(name);
    const samples: unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
    this.left -= samples.length;
    return this.left < 0 ? [`a value beyond the ${MAX_VALUES} of an object`] : samples;
  }
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
