import type { Aggregation, Aggregator } from './expression';
import { cannotExecute } from './failure';
import { greatest, least } from './functions';
import { Heap } from './heap';
import { keyOf, type Labels, NAME, only, without } from './labels';
import { type Column, isEmpty, newColumn, type Steps } from './samples';
import { meanOf, quantileOf, sumOf } from './sums';

/** What the values of a group at one time come to; there is at least one. */
type Fold = (values: Float64Array, parameter: number) => number;

const FOLDS: Record<Exclude<Aggregator, 'topk' | 'bottomk'>, Fold> = {
  sum: (values) => sumOf(values, 0, values.length),
  avg: (values) => meanOf(values, 0, values.length),
  min: (values) => least(values, 0, values.length),
  max: (values) => greatest(values, 0, values.length),
  count: (values) => values.length,
  group: () => 1,
  quantile: (values, quantile) => quantileOf(quantile, values),
  stddev: (values) => Math.sqrt(variance(values)),
  stdvar: variance,
};

/** Unlike over time, without keeping what is rounded away: as Prometheus does it. */
function variance(values: Float64Array): number {
  let mean = values[0];
  let squares = Number.isFinite(values[0]) ? 0 : NaN;
  for (let i = 1; i < values.length; i++) {
    const distance = values[i] - mean;
    mean += distance / (i + 1);
    squares += distance * (values[i] - mean);
  }
  return squares / values.length;
}

/** How many steps of work an aggregation takes for each value: a heap asks for the same value many times. */
export function effortOf(operator: Aggregator): number {
  return operator === 'topk' || operator === 'bottomk' ? 300 : 10;
}

type Grouping = Pick<Aggregation, 'operator' | 'grouping' | 'without'>;

/** The groups of the columns folded to one column each, or for `topk` and `bottomk`, the columns with the other values taken out. */
export function aggregate(aggregation: Grouping, parameter: number, columns: readonly Column[], steps: Steps): Column[] {
  const { operator } = aggregation;
  const groups = new Map<string, { labels: Labels; members: Column[] }>();
  for (const column of columns) {
    const labels = groupOf(column.labels, aggregation);
    const key = keyOf(labels);
    const group = groups.get(key);
    if (group) group.members.push(column);
    else groups.set(key, { labels, members: [column] });
  }
  if (operator === 'topk' || operator === 'bottomk') {
    const count = checkedCount(parameter);
    return [...groups.values()].flatMap(({ members }) => kept(operator, count, members, steps)).filter((column) => !isEmpty(column));
  }
  return [...groups.values()]
    .map(({ labels, members }) => folded(FOLDS[operator], parameter, labels, members, steps))
    .filter((column) => !isEmpty(column));
}

function groupOf(labels: Labels, { grouping, without: left }: Grouping): Labels {
  return left ? without(labels, [...grouping, NAME]) : only(labels, grouping);
}

function folded(fold: Fold, parameter: number, labels: Labels, members: readonly Column[], steps: Steps): Column {
  const column = newColumn(labels, steps);
  const room = new Float64Array(members.length);
  for (let step = 0; step < steps.count; step++) {
    let count = 0;
    for (const { values, present } of members) if (present[step]) room[count++] = values[step];
    if (count === 0) continue;
    column.values[step] = fold(room.subarray(0, count), parameter);
    column.present[step] = 1;
  }
  return column;
}

/** Prometheus counts with whole numbers of 64 bits. */
function checkedCount(parameter: number): number {
  if (parameter < 1) return 0;
  if (Number.isNaN(parameter)) throw cannotExecute('Parameter value is NaN');
  if (parameter >= 2 ** 63) throw cannotExecute(`Scalar value ${parameter} overflows int64`);
  return Math.trunc(parameter);
}

/** One time at which there is a value: of the columns by their places, those to keep. */
function kept(operator: 'topk' | 'bottomk', count: number, members: readonly Column[], steps: Steps): Column[] {
  const columns = members.map(({ labels }) => newColumn(labels, steps));
  let order: number[] = [];
  for (let step = 0; step < steps.count; step++) {
    const value = (place: number) => members[place].values[step];
    // What is not a number comes before every number, whichever end is asked for.
    const before = (a: number, b: number) => Number.isNaN(value(a)) || (operator === 'topk' ? value(a) < value(b) : value(a) > value(b));
    const heap = new Heap<number>(Math.min(count, members.length), before);
    if (count > 0) {
      members.forEach(({ present }, place) => {
        const beats = (top: number) => (Number.isNaN(value(top)) && !Number.isNaN(value(place)))
          || (operator === 'topk' ? value(top) < value(place) : value(top) > value(place));
        if (present[step]) heap.offer(place, beats);
      });
    }
    for (const place of heap.items) {
      columns[place].values[step] = value(place);
      columns[place].present[step] = 1;
    }
    order = heap.items.sort((a, b) => (before(a, b) ? 1 : before(b, a) ? -1 : 0));
  }
  // At one time, the answer is in the order of the values.
  return steps.count === 1 ? order.map((place) => columns[place]) : columns;
}
