import type { Matcher } from './matcher';

/** A query as it was understood. Every part knows where in the text it begins. */
export type Expression = NumberLiteral | StringLiteral | Selector | RangeSelector | Negation | Binary | RangeCall | Aggregation | Unsupported;

export interface NumberLiteral { readonly kind: 'number'; readonly at: number; readonly value: number }
export interface StringLiteral { readonly kind: 'string'; readonly at: number; readonly value: string }

/** The newest sample of each series that matches. */
export interface Selector {
  readonly kind: 'selector';
  readonly at: number;
  readonly matchers: readonly Matcher[];
  /** How far back from the time of evaluation, in milliseconds; below zero, ahead of it. */
  readonly offset: number;
}

/** All samples of a length of time, of each series that matches. */
export interface RangeSelector {
  readonly kind: 'range';
  readonly at: number;
  readonly selector: Selector;
  /** In milliseconds. */
  readonly range: number;
}

export interface Negation { readonly kind: 'negation'; readonly at: number; readonly operand: Expression }

export interface Binary {
  readonly kind: 'binary';
  readonly at: number;
  readonly operator: BinaryOperator;
  /** Whether a comparison answers 0 or 1 in the place of filtering. */
  readonly bool: boolean;
  readonly left: Expression;
  readonly right: Expression;
}

export interface RangeCall {
  readonly kind: 'call';
  readonly at: number;
  readonly name: RangeFunction;
  /** The first argument of `quantile_over_time`. */
  readonly parameter?: Expression;
  readonly argument: RangeSelector;
}

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly at: number;
  readonly operator: Aggregator;
  /** The first argument of `topk`, `bottomk` and `quantile`. */
  readonly parameter?: Expression;
  readonly operand: Expression;
  /** Which labels make the groups, or with `without` which do not. */
  readonly grouping: readonly string[];
  readonly without: boolean;
}

/** Stands for what is PromQL and cannot be evaluated here, while the rest of the query is read; no parsed query holds one. */
export interface Unsupported { readonly kind: 'unsupported'; readonly at: number; readonly type: Type }

export const ARITHMETIC = ['+', '-', '*', '/', '%', '^'] as const;
export const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='] as const;
export type Arithmetic = typeof ARITHMETIC[number];
export type Comparison = typeof COMPARISONS[number];
export type BinaryOperator = Arithmetic | Comparison;

export const RANGE_FUNCTIONS = [
  'avg_over_time', 'min_over_time', 'max_over_time', 'sum_over_time', 'count_over_time', 'last_over_time', 'present_over_time',
  'quantile_over_time', 'stddev_over_time', 'stdvar_over_time', 'delta',
] as const;
export type RangeFunction = typeof RANGE_FUNCTIONS[number];

export const AGGREGATORS = ['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk', 'quantile', 'stddev', 'stdvar', 'group'] as const;
export type Aggregator = typeof AGGREGATORS[number];

export type Type = 'scalar' | 'string' | 'instant vector' | 'range vector';

export function isComparison(operator: BinaryOperator): operator is Comparison {
  return (COMPARISONS as readonly string[]).includes(operator);
}

export function typeOf(expression: Expression): Type {
  switch (expression.kind) {
    case 'number': return 'scalar';
    case 'string': return 'string';
    case 'range': return 'range vector';
    case 'unsupported': return expression.type;
    case 'negation': return typeOf(expression.operand);
    case 'binary': return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar' ? 'scalar' : 'instant vector';
    default: return 'instant vector';
  }
}
