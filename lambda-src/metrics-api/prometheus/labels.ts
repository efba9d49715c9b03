import type { SeriesName } from './series-name';

/** The labels of a series, in the order of their names. A map, because names and values are anything that somebody sent. */
export type Labels = ReadonlyMap<string, string>;

export const NAME = '__name__';

/**
 * The labels of a stored metric: its name, its service, and where its true name is none that Prometheus takes, that name as
 * `metric`: two metrics whose names become one stay apart by it.
 *
 * The rule: every character other than `[a-zA-Z0-9_:]` becomes `_`, and a digit at the beginning gets `_` before it.
 */
export function labelsOf({ service, metric }: SeriesName): Labels {
  const name = metricName(metric);
  return new Map(name === metric ? [[NAME, name], ['service', service]] : [[NAME, name], ['metric', metric], ['service', service]]);
}

export function metricName(metric: string): string {
  return metric.replace(/[^a-zA-Z0-9_:]/gu, '_').replace(/^\d/, '_$&');
}

export function without(labels: Labels, names: readonly string[]): Labels {
  return new Map([...labels].filter(([name]) => !names.includes(name)));
}

export function only(labels: Labels, names: readonly string[]): Labels {
  return new Map([...labels].filter(([name]) => names.includes(name)));
}

export function withoutName(labels: Labels): Labels {
  return labels.has(NAME) ? without(labels, [NAME]) : labels;
}

/** A text that is the same for the same labels only. */
export function keyOf(labels: Labels): string {
  return JSON.stringify([...labels]);
}

/** The order in which Prometheus gives series: label by label, by name and value. */
export function compareLabels(a: Labels, b: Labels): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    for (const part of [0, 1]) if (left[i][part] !== right[i][part]) return left[i][part] < right[i][part] ? -1 : 1;
  }
  return left.length - right.length;
}

/** As an object for JSON. */
export function plain(labels: Labels): Record<string, string> {
  return Object.fromEntries(labels);
}
