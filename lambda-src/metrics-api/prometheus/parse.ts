import {
  type Aggregation, type Aggregator, AGGREGATORS, type Binary, type BinaryOperator, type Expression, isComparison, RANGE_FUNCTIONS,
  type RangeFunction, type Selector, type Type, typeOf,
} from './expression';
import type { Token } from './lexer';
import { Expansion } from './matcher';
import { durationOf, numberOf, parseLabelList, parseSelector, textOf } from './parse-selector';
import { TokenReader } from './token-reader';
import { OTHER_AGGREGATORS, OTHER_FUNCTIONS, OTHER_OPERATORS, SCALAR_FUNCTIONS } from './unsupported';

/** Expressions within expressions are read and evaluated by functions within functions, of which there is no end of room. */
const MAX_DEPTH = 100;
const MAX_PARTS = 1000;

/** Operators by how strongly they bind. */
const PRECEDENCE: readonly (readonly string[])[] = [
  ['or'], ['and', 'unless'], ['==', '!=', '<=', '<', '>=', '>', '</', '>/'], ['+', '-'], ['*', '/', '%', 'atan2'], ['^'],
];
const POWER = PRECEDENCE.length - 1;

/** Words that are no metric's name where one could stand. */
const RESERVED = ['bool', 'on', 'ignoring', 'group_left', 'group_right', 'atan2'];

/**
 * Reads a query.
 *
 * @throws Failure where it is no PromQL (400), or PromQL that cannot be evaluated here (422).
 */
export function parse(query: string): Expression {
  return new Parser(new TokenReader(query, 'query')).parse();
}

/** Reads what `match[]` takes: a selector without range and offset. A request's `match[]` share what their regular expressions may grow to. */
export function parseMatch(text: string, expansion = new Expansion()): Selector {
  const reader = new TokenReader(text, 'match[]');
  if (reader.next.kind !== 'word' && !reader.nextIs('{')) throw reader.unexpected('match[]', 'a selector such as {service="checkout"}');
  const selector = parseSelector(reader, expansion);
  reader.end('match[]');
  return selector;
}

class Parser {
  private depth = 0;
  private parts = 0;
  private readonly expansion = new Expansion();

  public constructor(private readonly reader: TokenReader) {}

  public parse(): Expression {
    if (this.reader.next.kind === 'end') throw this.reader.wrong(0, 'no expression found in input');
    const expression = this.expression(0);
    this.reader.end('the query');
    return expression;
  }

  /** An expression whose operators bind at least so strongly. */
  private expression(precedence: number): Expression {
    const { at } = this.reader.next;
    if (++this.depth > MAX_DEPTH) throw this.reader.wrong(at, `expressions are nested deeper than ${MAX_DEPTH}`);
    let left = this.unary();
    for (let found = this.operator(precedence); found !== undefined; found = this.operator(precedence)) {
      const operator = this.reader.take();
      const bool = this.reader.takeIf('bool');
      this.matchingModifiers();
      // Of equal ones the left binds first; only powers go from right to left.
      const right = this.expression(found === POWER ? POWER : found + 1);
      left = this.binary(operator, bool, left, right);
    }
    this.depth -= 1;
    return left;
  }

  /** How strongly the next operator binds, if there is one that binds strongly enough. */
  private operator(precedence: number): number | undefined {
    const found = PRECEDENCE.findIndex((operators) => this.reader.nextIs(...operators));
    return found >= precedence ? found : undefined;
  }

  /** A sign binds as products do: `-2^2` is -4. */
  private unary(): Expression {
    if (++this.parts > MAX_PARTS) throw this.reader.wrong(this.reader.next.at, `the query has more than ${MAX_PARTS} parts`);
    const { at, text: sign } = this.reader.next;
    if (!this.reader.takeIf('-', '+')) return this.postfix();
    const operand = this.expression(POWER);
    const type = typeOf(operand);
    if (type !== 'scalar' && type !== 'instant vector') {
      throw this.reader.wrong(at, `unary expression only allowed on expressions of type scalar or instant vector, got ${type}`);
    }
    return sign === '-' ? { kind: 'negation', at, operand } : operand;
  }

  private binary(operator: Token, bool: boolean, left: Expression, right: Expression): Expression {
    const { at } = operator;
    const types = [typeOf(left), typeOf(right)];
    const name = operator.text.toLowerCase();
    if (types.some((type) => type !== 'scalar' && type !== 'instant vector')) {
      throw this.reader.wrong(at, `binary expression must contain only scalar and instant vector types, got ${types.join(' and ')}`);
    }
    const scalars = types.filter((type) => type === 'scalar').length;
    const comparison = isComparison(name as BinaryOperator);
    if (bool && !comparison) throw this.reader.wrong(at, 'bool modifier can only be used on comparison operators');
    if (comparison && !bool && scalars === 2) throw this.reader.wrong(at, 'comparisons between scalars must use BOOL modifier');
    if (scalars > 0 && /^(and|or|unless)$/.test(name)) throw this.reader.wrong(at, `set operator "${name}" not allowed in binary scalar expression`);
    if (OTHER_OPERATORS.includes(name)) {
      this.reader.cannot(at, `The operator ${name}`);
      return { kind: 'unsupported', at, type: scalars === 2 ? 'scalar' : 'instant vector' };
    }
    if (scalars === 0) this.reader.cannot(at, `The operator ${name} between two instant vectors`, 'One side has to be a number.');
    return { kind: 'binary', at, operator: name, bool, left, right } as Binary;
  }

  /** How the series of two vectors find each other: read, so that what is wrong beside it is told first. */
  private matchingModifiers(): void {
    const { at, text } = this.reader.next;
    if (this.reader.takeIf('on', 'ignoring')) {
      this.reader.cannot(at, `Vector matching by ${text}(...)`);
      parseLabelList(this.reader);
      if (this.reader.takeIf('group_left', 'group_right') && this.reader.nextIs('(')) parseLabelList(this.reader);
    }
    while (this.reader.nextIs('fill', 'fill_left', 'fill_right') && this.reader.afterNextIs('(')) {
      this.reader.cannot(this.reader.next.at, 'fill(...)');
      this.reader.take();
      this.reader.expect('(', 'fill');
      this.unary();
      this.reader.expect(')', 'fill');
    }
  }

  /** What stands alone, and what may follow it: a range, an offset, a time. */
  private postfix(): Expression {
    const parenthesised = this.reader.nextIs('(');
    let expression = this.primary();
    for (;;) {
      const { at } = this.reader.next;
      if (this.reader.takeIf('[')) expression = this.range(expression, parenthesised, at);
      else if (this.reader.takeIf('offset')) expression = this.offset(expression, parenthesised, at);
      else if (this.reader.takeIf('@')) expression = this.fixedTime(expression, parenthesised, at);
      else return expression;
    }
  }

  private range(operand: Expression, parenthesised: boolean, at: number): Expression {
    this.refuseDurationExpression();
    const range = durationOf(this.reader, 'a range');
    this.refuseDurationExpression();
    if (range <= 0) throw this.reader.wrong(at, 'duration must be greater than 0');
    if (this.reader.takeIf(':')) {
      if (!this.reader.nextIs(']')) durationOf(this.reader, 'a subquery');
      this.reader.expect(']', 'a subquery');
      if (typeOf(operand) !== 'instant vector') throw this.reader.wrong(at, `subquery is only allowed on instant vector, got ${typeOf(operand)} instead`);
      this.reader.cannot(at, 'A subquery', 'Take the function over time of a selector, such as avg_over_time(cpu[5m]).');
      return { kind: 'unsupported', at: operand.at, type: 'range vector' };
    }
    this.reader.expect(']', 'a range');
    if (operand.kind === 'unsupported' && !parenthesised) return { ...operand, type: 'range vector' };
    if (operand.kind !== 'selector' || parenthesised) throw this.reader.wrong(operand.at, 'ranges only allowed for vector selectors');
    if (operand.offset !== 0) throw this.reader.wrong(operand.at, 'no offset modifiers allowed before range');
    return { kind: 'range', at: operand.at, selector: operand, range };
  }

  private refuseDurationExpression(): void {
    if (!this.reader.nextIs('(', '-', '+', '*', '/', '%', '^', 'step', 'range', 'min_of', 'max_of')) return;
    // Nothing here reads such a thing, so what comes after it cannot be told to be right or wrong.
    throw this.reader.cannot(this.reader.next.at, 'A calculated duration');
  }

  private offset(operand: Expression, parenthesised: boolean, at: number): Expression {
    let sign = 1;
    while (this.reader.nextIs('-', '+')) if (this.reader.take().text === '-') sign = -sign;
    this.refuseDurationExpression();
    const offset = durationOf(this.reader, 'an offset') * sign;
    if (operand.kind === 'unsupported') return operand;
    if ((operand.kind !== 'selector' && operand.kind !== 'range') || parenthesised) {
      throw this.reader.wrong(at, 'offset modifier must be preceded by an instant vector selector or range vector selector');
    }
    const selector = operand.kind === 'range' ? operand.selector : operand;
    if (selector.offset !== 0) throw this.reader.wrong(at, 'offset may not be set multiple times');
    const moved = { ...selector, offset: offset + 0 };
    return operand.kind === 'range' ? { ...operand, selector: moved } : moved;
  }

  private fixedTime(operand: Expression, parenthesised: boolean, at: number): Expression {
    if (this.reader.takeIf('start', 'end')) {
      this.reader.expect('(', '@');
      this.reader.expect(')', '@');
    } else {
      this.reader.takeIf('-', '+');
      if (this.reader.next.kind === 'symbol') throw this.reader.unexpected('@', 'a time in seconds');
      durationOf(this.reader, '@');
    }
    if ((operand.kind !== 'selector' && operand.kind !== 'range' && operand.kind !== 'unsupported') || parenthesised) {
      throw this.reader.wrong(at, '@ modifier must be preceded by an instant vector selector or range vector selector');
    }
    this.reader.cannot(at, 'The modifier @', 'Ask at another time, or take an offset.');
    return operand;
  }

  private primary(): Expression {
    const { kind, text, at } = this.reader.next;
    if (this.reader.takeIf('(')) {
      const inside = this.expression(0);
      this.reader.expect(')', 'an expression in parentheses');
      return inside;
    }
    if (kind === 'number' || kind === 'duration' || this.reader.nextIs('inf', 'nan')) {
      this.reader.take();
      return { kind: 'number', at, value: numberOf(this.reader, text, at) };
    }
    if (kind === 'text') return { kind: 'string', at, value: textOf(this.reader, 'an expression') };
    if (this.reader.nextIs('{')) return parseSelector(this.reader, this.expansion);
    if (kind !== 'word' || this.reader.nextIs(...RESERVED)) throw this.reader.unexpected('an expression', 'a metric, a number, a function or "("');
    if (this.reader.nextIs(...AGGREGATORS, ...OTHER_AGGREGATORS) && this.reader.afterNextIs('(', 'by', 'without')) return this.aggregation();
    if (this.reader.afterNextIs('(')) return this.call();
    return parseSelector(this.reader, this.expansion);
  }

  private aggregation(): Expression {
    const { text, at } = this.reader.take();
    const operator = text.toLowerCase();
    const before = this.grouping();
    const inside = this.arguments();
    const { grouping, without } = before ?? this.grouping() ?? { grouping: [], without: false };
    if (OTHER_AGGREGATORS.includes(operator)) {
      this.reader.cannot(at, `The aggregation ${operator}`);
      return { kind: 'unsupported', at, type: 'instant vector' };
    }
    const expected: Type[] = /^(topk|bottomk|quantile)$/.test(operator) ? ['scalar', 'instant vector'] : ['instant vector'];
    this.checkArguments(operator, inside, expected, at);
    const operand = inside.at(-1)!;
    return { kind: 'aggregation', at, operator: operator as Aggregator, parameter: inside.at(-2), operand, grouping, without };
  }

  private grouping(): Pick<Aggregation, 'grouping' | 'without'> | undefined {
    const without = this.reader.nextIs('without');
    return this.reader.takeIf('by', 'without') ? { grouping: parseLabelList(this.reader), without } : undefined;
  }

  private call(): Expression {
    const { text: name, at } = this.reader.take();
    const inside = this.arguments();
    if (!(RANGE_FUNCTIONS as readonly string[]).includes(name)) {
      if (!OTHER_FUNCTIONS.has(name)) throw this.reader.wrong(at, `unknown function with name ${JSON.stringify(name)}`);
      this.reader.cannot(at, `The function ${name}(...)`, OTHER_FUNCTIONS.get(name));
      return { kind: 'unsupported', at, type: SCALAR_FUNCTIONS.includes(name) ? 'scalar' : 'instant vector' };
    }
    this.checkArguments(name, inside, name === 'quantile_over_time' ? ['scalar', 'range vector'] : ['range vector'], at);
    const argument = inside.at(-1)!;
    // What is not supported has been noted, and the query ends by it.
    if (argument.kind !== 'range') return { kind: 'unsupported', at, type: 'instant vector' };
    return { kind: 'call', at, name: name as RangeFunction, parameter: inside.at(-2), argument };
  }

  private arguments(): Expression[] {
    this.reader.expect('(', 'a call');
    const found: Expression[] = [];
    if (this.reader.takeIf(')')) return found;
    do found.push(this.expression(0)); while (this.reader.takeIf(','));
    this.reader.expect(')', 'a call');
    return found;
  }

  private checkArguments(name: string, found: readonly Expression[], expected: readonly Type[], at: number): void {
    if (found.length !== expected.length) throw this.reader.wrong(at, `expected ${expected.length} argument(s) in call to ${name}, got ${found.length}`);
    found.forEach((argument, i) => {
      const type = typeOf(argument);
      if (type !== expected[i]) throw this.reader.wrong(argument.at, `expected type ${expected[i]} in call to ${name}, got ${type}`);
    });
  }
}
