import type { Aggregation, Aggregator } from './expression';
import { cannotExecute } from './failure';
import { greatest, least } from './functions';
import { Heap } from './heap';
import { keyOf, type Labels, NAME, only, without } from './labels';
import { type Column, isEmpty, type Steps } from './samples';
import { meanOf, quantileOf, sumOf } from './sums';
import { COST, sorting, type Work } from './work';

/** What the first `count` values come to, which are those of a group at one time; there is at least one. */
type Fold = (values: Float64Array, count: number, parameter: number) => number;

const FOLDS: Record<Exclude<Aggregator, 'topk' | 'bottomk'>, Fold> = {
  sum: (values, count) => sumOf(values, 0, count),
  avg: (values, count) => meanOf(values, 0, count),
  min: (values, count) => least(values, 0, count),
  max: (values, count) => greatest(values, 0, count),
  count: (_, count) => count,
  group: () => 1,
  quantile: (values, count, quantile) => quantileOf(quantile, values, 0, count),
  stddev: (values, count) => Math.sqrt(variance(values, count)),
  stdvar: variance,
};

/** Unlike over time, without keeping what is rounded away: as Prometheus does it. */
function variance(values: Float64Array, count: number): number {
  let mean = values[0];
  let squares = Number.isFinite(values[0]) ? 0 : NaN;
  for (let i = 1; i < count; i++) {
    const distance = values[i] - mean;
    mean += distance / (i + 1);
    squares += distance * (values[i] - mean);
  }
  return squares / count;
}

type Grouping = Pick<Aggregation, 'operator' | 'grouping' | 'without'>;

/** The groups of the columns folded to one column each, or for `topk` and `bottomk`, the columns with the other values taken out of them. */
export function aggregate(aggregation: Grouping, parameter: number, columns: readonly Column[], steps: Steps, work: Work): Column[] {
  const { operator } = aggregation;
  work.add(columns.length * COST.column);
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
    return [...groups.values()].flatMap(({ members }) => kept(operator, count, members, steps, work)).filter((column) => !isEmpty(column));
  }
  return [...groups.values()]
    .map(({ labels, members }) => {
      work.add(steps.count * (COST.fold + members.length * COST.folded + (operator === 'quantile' ? sorting(members.length) : 0)));
      return { labels, ...folded(FOLDS[operator], parameter, members, steps) };
    })
    .filter((column) => !isEmpty(column));
}

function groupOf(labels: Labels, { grouping, without: left }: Grouping): Labels {
  return left ? without(labels, [...grouping, NAME]) : only(labels, grouping);
}

/** The values of a group at each time, in the place of its first column's, which nobody needs any more: columns are large. */
function folded(fold: Fold, parameter: number, members: readonly Column[], steps: Steps): Pick<Column, 'values' | 'present'> {
  const [{ values: results, present: found }] = members;
  const room = new Float64Array(members.length);
  for (let step = 0; step < steps.count; step++) {
    let count = 0;
    for (const { values, present } of members) if (present[step]) room[count++] = values[step];
    if (count === 0) continue;
    results[step] = fold(room, count, parameter);
    found[step] = 1;
  }
  return { values: results, present: found };
}

/** Prometheus counts with whole numbers of 64 bits. */
function checkedCount(parameter: number): number {
  if (parameter < 1) return 0;
  if (Number.isNaN(parameter)) throw cannotExecute('Parameter value is NaN');
  if (parameter >= 2 ** 63) throw cannotExecute(`Scalar value ${parameter} overflows int64`);
  return Math.trunc(parameter);
}

/** Takes the values out that are not among the so many greatest or least at their time. */
function kept(operator: 'topk' | 'bottomk', count: number, members: readonly Column[], steps: Steps, work: Work): readonly Column[] {
  if (count === 0) return [];
  // The greatest of the negated values are the least of the values.
  const sign = operator === 'topk' ? 1 : -1;
  const room = new Float64Array(members.length);
  // What is not a number comes before every number, whichever end is asked for.
  const before = (a: number, b: number) => Number.isNaN(room[a]) || room[a] < room[b];
  const beats = (top: number, place: number) => (Number.isNaN(room[top]) && !Number.isNaN(room[place])) || room[top] < room[place];
  let order: number[] = [];
  for (let step = 0; step < steps.count; step++) {
    const heap = new Heap<number>(Math.min(count, members.length), before);
    for (let place = 0; place < members.length; place++) {
      const { values, present } = members[place];
      if (!present[step]) continue;
      room[place] = values[step] * sign;
      heap.offer(place, beats);
      present[step] = 0;
    }
    for (const place of heap.items) members[place].present[step] = 1;
    work.add(COST.fold + members.length * COST.offered + heap.moves * COST.moved);
    order = heap.items;
  }
  if (steps.count > 1) return members;
  // At one time, the answer is in the order of the values.
  return order.sort((a, b) => (before(a, b) ? 1 : before(b, a) ? -1 : 0)).map((place) => members[place]);
}
