import { aggregate } from './aggregations';
import { type Binary, type Expression, isComparison, type RangeCall, type RangeSelector, type Selector, typeOf } from './expression';
import { cannotExecute } from './failure';
import { costOf, FUNCTIONS } from './functions';
import { keyOf, withoutName } from './labels';
import { CALCULATE, COMPARE } from './operators';
import { type Column, isEmpty, newColumn, type SeriesSamples, type Steps } from './samples';
import { COST, type Work } from './work';

/** How far back the newest sample may be, in milliseconds: Prometheus's default. */
export const LOOKBACK = 5 * 60_000;

/** The samples of the series that a selector matches, in the order of their labels. */
export type Select = (selector: Selector) => readonly SeriesSamples[];

/** What a query comes to: one number at all times, or columns of numbers. */
export interface Evaluated {
  readonly result: number | Column[];
  readonly warnings: readonly string[];
}

/**
 * Evaluates an expression of numbers, as Prometheus 3 does. Pure, so that it can be compared with Prometheus.
 *
 * @throws Failure where it cannot be carried out with these series.
 */
export function evaluate(expression: Expression, steps: Steps, select: Select, work: Work): Evaluated {
  const evaluator = new Evaluator(steps, select, work);
  const result = typeOf(expression) === 'scalar' ? evaluator.scalar(expression) : evaluator.vector(expression);
  return { result, warnings: [...evaluator.warnings] };
}

class Evaluator {
  public readonly warnings = new Set<string>();

  public constructor(private readonly steps: Steps, private readonly select: Select, private readonly work: Work) {}

  /** No function of this subset changes with the time or takes its number from a series, so a scalar is one number at all times. */
  public scalar(expression: Expression): number {
    switch (expression.kind) {
      case 'number': return expression.value;
      case 'negation': return -this.scalar(expression.operand);
      case 'binary': {
        const [left, right] = [this.scalar(expression.left), this.scalar(expression.right)];
        const { operator } = expression;
        return isComparison(operator) ? Number(COMPARE[operator](left, right)) : CALCULATE[operator](left, right);
      }
      default: throw new Error(`${expression.kind} is no scalar`);
    }
  }

  public vector(expression: Expression): Column[] {
    switch (expression.kind) {
      case 'selector': return this.newest(expression);
      case 'call': return this.overTime(expression);
      case 'negation': return this.renamed(this.replaced(this.vector(expression.operand), (value) => -value));
      case 'binary': return this.binary(expression);
      case 'aggregation': {
        const parameter = expression.parameter ? this.scalar(expression.parameter) : NaN;
        if (expression.operator === 'quantile') this.warnOfQuantile(parameter);
        return aggregate(expression, parameter, this.vector(expression.operand), this.steps, this.work);
      }
      default: throw new Error(`${expression.kind} is no instant vector`);
    }
  }

  /** Counts what it costs to make or to change so many columns. */
  private spend(columns: number, cost: number): void {
    this.work.add(columns * (COST.column + this.steps.count * cost));
  }

  private newest(selector: Selector): Column[] {
    const { steps } = this;
    const series = this.select(selector);
    this.spend(series.length, COST.newest);
    return series.map(({ labels, timestamps, values }) => {
      const column = newColumn(labels, steps);
      let end = 0;
      for (let step = 0; step < steps.count; step++) {
        const at = steps.start + step * steps.step - selector.offset;
        end = firstAfter(timestamps, at, end);
        if (end === 0 || timestamps[end - 1] <= at - LOOKBACK) continue;
        column.values[step] = values[end - 1];
        column.present[step] = 1;
      }
      return column;
    }).filter((column) => !isEmpty(column));
  }

  private overTime({ name, parameter, argument }: RangeCall): Column[] {
    const { steps } = this;
    const { selector, range } = argument;
    const number = parameter ? this.scalar(parameter) : NaN;
    const series = this.select(selector);
    this.spend(series.length, COST.window);
    const columns = series.map(({ labels, timestamps, values }) => {
      const column = newColumn(labels, steps);
      let start = 0;
      let end = 0;
      for (let step = 0; step < steps.count; step++) {
        const to = steps.start + step * steps.step - selector.offset;
        start = firstAfter(timestamps, to - range, start);
        end = firstAfter(timestamps, to, Math.max(start, end));
        if (start === end) continue;
        this.work.add(costOf(name, end - start));
        const value = FUNCTIONS[name]({ timestamps, values, start, end, from: to - range, to }, number);
        if (value === undefined) continue;
        column.values[step] = value;
        column.present[step] = 1;
      }
      return column;
    }).filter((column) => !isEmpty(column));
    if (name === 'quantile_over_time' && columns.length > 0) this.warnOfQuantile(number);
    // Only the last sample is still a value of that metric.
    return name === 'last_over_time' ? columns : this.renamed(columns);
  }

  /** An operator between a vector and a number, on either side. */
  private binary({ operator, bool, left, right }: Binary): Column[] {
    const swapped = typeOf(left) === 'scalar';
    const scalar = this.scalar(swapped ? left : right);
    const columns = this.vector(swapped ? right : left);
    if (!isComparison(operator)) {
      const calculate = CALCULATE[operator];
      const cost = operator === '%' ? COST.remainder : operator === '^' ? COST.power : COST.changed;
      return this.renamed(this.replaced(columns, swapped ? (value) => calculate(scalar, value) : (value) => calculate(value, scalar), cost));
    }
    const compare = COMPARE[operator];
    const holds = (value: number) => (swapped ? compare(scalar, value) : compare(value, scalar));
    if (bool) return this.renamed(this.replaced(columns, (value) => Number(holds(value))));
    this.spend(columns.length, COST.changed);
    for (const { values, present } of columns) for (let step = 0; step < present.length; step++) if (!holds(values[step])) present[step] = 0;
    return columns.filter((column) => !isEmpty(column));
  }

  /** The columns with other values. They are large, and nobody else's: each value takes the place of the one before. */
  private replaced(columns: Column[], change: (value: number) => number, cost: number = COST.changed): Column[] {
    this.spend(columns.length, cost);
    for (const { values } of columns) for (let step = 0; step < values.length; step++) values[step] = change(values[step]);
    return columns;
  }

  /** What is no longer a value of the metric loses its name, by which series can become one. */
  private renamed(columns: readonly Column[]): Column[] {
    const merged = new Map<string, Column>();
    for (const each of columns) {
      const column = { ...each, labels: withoutName(each.labels) };
      const key = keyOf(column.labels);
      const known = merged.get(key);
      if (known) join(known, column);
      else merged.set(key, column);
    }
    return [...merged.values()];
  }

  private warnOfQuantile(quantile: number): void {
    if (!(quantile >= 0 && quantile <= 1)) this.warnings.add(`PromQL warning: quantile value should be between 0 and 1, got ${quantile}`);
  }
}

/** Adds the values of a column to those of another, which has none at the same times. */
function join(known: Column, other: Column): void {
  for (let step = 0; step < other.values.length; step++) {
    if (!other.present[step]) continue;
    if (known.present[step]) {
      throw cannotExecute('vector cannot contain metrics with the same labelset: without their names, several series have the same labels. '
        + 'Select one metric, or take last_over_time, which keeps the name.');
    }
    known.values[step] = other.values[step];
    known.present[step] = 1;
  }
}

/** The samples of a range at one time, as they are. */
export function samplesIn({ selector, range }: RangeSelector, at: number, select: Select): SeriesSamples[] {
  const to = at - selector.offset;
  return select(selector).flatMap(({ labels, timestamps, values }) => {
    const start = firstAfter(timestamps, to - range, 0);
    const end = firstAfter(timestamps, to, start);
    return start === end ? [] : [{ labels, timestamps: timestamps.subarray(start, end), values: values.subarray(start, end) }];
  });
}

/** The place of the first sample after a time, looked for from a place that is not beyond it: in steps that double, then by halves. */
function firstAfter(timestamps: Float64Array, time: number, from: number): number {
  let width = 1;
  let low = from;
  while (low + width <= timestamps.length && timestamps[low + width - 1] <= time) {
    low += width;
    width *= 2;
  }
  let high = Math.min(low + width, timestamps.length);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (timestamps[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
