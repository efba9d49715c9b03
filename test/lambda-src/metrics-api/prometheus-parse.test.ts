import { Failure } from '../../../lambda-src/metrics-api/prometheus/failure';
import { Matcher } from '../../../lambda-src/metrics-api/prometheus/matcher';
import { parse, parseMatch } from '../../../lambda-src/metrics-api/prometheus/parse';
import fc from '../../property';

/** An expression as a fully parenthesised text. */
function shown(expression: ReturnType<typeof parse>): string {
  switch (expression.kind) {
    case 'number': return String(expression.value);
    case 'string': return JSON.stringify(expression.value);
    case 'selector': {
      const matchers = expression.matchers.map(({ label, operator, value }) => `${label}${operator}${value}`).join(',');
      return `{${matchers}}${expression.offset ? `@-${expression.offset}` : ''}`;
    }
    case 'range': return `${shown(expression.selector)}[${expression.range}]`;
    case 'negation': return `(-${shown(expression.operand)})`;
    case 'binary': return `(${shown(expression.left)}${expression.operator}${expression.bool ? 'bool ' : ''}${shown(expression.right)})`;
    case 'call': return `${expression.name}(${[expression.parameter, expression.argument].filter((each) => each !== undefined).map(shown).join()})`;
    case 'aggregation': {
      const { operator, parameter, operand, grouping, without } = expression;
      return `${operator}${without ? ' without' : ' by'}(${grouping})(${[parameter, operand].filter((each) => each !== undefined).map(shown).join()})`;
    }
    default: throw new Error(`a parsed query holds ${expression.kind}`);
  }
}

function failureOf(query: string, parser: (text: string) => unknown = parse): Failure {
  try {
    parser(query);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`${query} is accepted`);
}

describe('a query', () => {
  test.each([
    ['1 + 2 * 3', '(1+(2*3))'],
    ['1 - 2 - 3', '((1-2)-3)'],
    ['2 ^ 3 ^ 2', '(2^(3^2))'],
    ['-2 ^ 2', '(-(2^2))'],
    ['2 ^ -1 ^ 2', '(2^(-(1^2)))'],
    ['-1 * 3', '((-1)*3)'],
    ['a + 1 > bool 2', '(({__name__=a}+1)>bool 2)'],
    // An editor's grammar takes the offset for that of the sum.
    ['1 + a offset 5m * 2', '(1+({__name__=a}@-300000*2))'],
    ['-a offset 5m', '(-{__name__=a}@-300000)'],
    ['a offset -1m30s', '{__name__=a}@--90000'],
    ['a offset 90', '{__name__=a}@-90000'],
    ['a[5m] offset 1h', '{__name__=a}@-3600000[300000]'],
    ['a[0.5]', '{__name__=a}[500]'],
    ['a{b="c", d!="e", f=~"g", h!~"i",}', '{__name__=a,b=c,d!=e,f=~g,h!~i}'],
    ['{"a.b", "c d"="e"}', '{__name__=a.b,c d=e}'],
    ['{__name__="a"} # and why', '{__name__=a}'],
    ['sum by (service) (a)', 'sum by(service)({__name__=a})'],
    ['SUM(a) Without ("x",)', 'sum without(x)({__name__=a})'],
    ['topk(3, a)', 'topk by()(3,{__name__=a})'],
    ['quantile_over_time(0.9, a[5m])', 'quantile_over_time(0.9,{__name__=a}[300000])'],
    ['sum_over_time((a[1m]))', 'sum_over_time({__name__=a}[60000])'],
    ['offset > 1', '({__name__=offset}>1)'],
    ['sum{x="y"}', '{__name__=sum,x=y}'],
    ['a:b', '{__name__=a:b}'],
  ])('%s', (query, expected) => {
    expect(shown(parse(query))).toBe(expected);
  });

  test.each([
    ['0x1F', 31], ['1e3', 1000], ['.5', 0.5], ['5.', 5], ['1_000', 1000], ['010', 8], ['08', 8], ['Inf', Infinity], ['inF', Infinity], ['nan', NaN],
    ['5m', 300], ['1h30m', 5400], ['500ms', 0.5], ['0x_ff', 255], ['9223372036854775808', 2 ** 63],
  ])('the number %s', (query, value) => {
    expect(parse(query)).toEqual({ kind: 'number', at: 0, value });
  });

  test.each(['1e', '0x', '1__0', '5mm', '1m1h', '1e400', '1.5h', '0xffffffffffffffff', '1_0.5', '1y1y'])('%s is no number', (query) => {
    expect(failureOf(query)).toMatchObject({ status: 400, errorType: 'bad_data' });
  });

  test.each([
    [String.raw`"a\"b\\\n\x41\101\u00e9\U0001f600"`, 'a"b\\\nAA\u00e9\u{1f600}'], [String.raw`'it\'s'`, 'it\'s'], ['`a\\n`', 'a\\n'], [String.raw`"\xc3\xa9"`, 'é'], ['""', ''],
  ])('the text %s', (query, value) => {
    expect(parse(query)).toMatchObject({ kind: 'string', value });
  });

  test.each([String.raw`"\q"`, String.raw`"\'"`, String.raw`'\"'`, String.raw`"\x4"`, String.raw`"\ud800"`, String.raw`"\400"`])('%s has a wrong escape', (query) => {
    expect(failureOf(query).message).toContain('escape');
  });

  test.each([
    ['', '1:1: parse error: no expression found in input'],
    ['a b', '1:3: parse error: unexpected "b" in the query, expected the end of the query'],
    ['sum(', '1:5: parse error: unexpected end of the query in an expression, expected a metric, a number, a function or "("'],
    ['1 +\n*', '2:1: parse error: unexpected "*"'],
    ['a{b="c" d="e"}', '1:9: parse error: unexpected "d" in label matching, expected ","'],
    ['a{b}', '1:4: parse error: unexpected "}" in label matching, expected one of = != =~ !~'],
    ['a{b=c}', '1:5: parse error: unexpected "c" in label matching, expected a text in quotes'],
    ['a{__name__="b"}', '1:1: parse error: metric name must not be set twice: "a" or "b"'],
    ['{service=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['a{b=~"("}', '1:3: parse error: error parsing regexp: missing closing )'],
    ['a{b=~"c(?=d)"}', 'invalid or unsupported Perl syntax'],
    ['a[5m', '1:5: parse error: unexpected end of the query in a range, expected "]"'],
    ['a[0]', 'duration must be greater than 0'],
    ['(a)[5m]', 'ranges only allowed for vector selectors'],
    ['a offset 1m [5m]', 'no offset modifiers allowed before range'],
    ['a offset 1m offset 1m', 'offset may not be set multiple times'],
    ['(a + 1) offset 1m', 'offset modifier must be preceded by'],
    ['a[300y]', 'bad number or duration syntax: 300y'],
    ['1 > 2', 'comparisons between scalars must use BOOL modifier'],
    ['a + bool 1', 'bool modifier can only be used on comparison operators'],
    ['a[5m] + 1', 'binary expression must contain only scalar and instant vector types, got range vector and scalar'],
    ['-a[5m]', 'unary expression only allowed on expressions of type scalar or instant vector, got range vector'],
    ['sum(a[5m])', 'expected type instant vector in call to sum, got range vector'],
    ['sum_over_time(a)', 'expected type range vector in call to sum_over_time, got instant vector'],
    ['topk(a)', 'expected 2 argument(s) in call to topk, got 1'],
    ['sum("x")', 'expected type instant vector in call to sum, got string'],
    ['sumx(a)', 'unknown function with name "sumx"'],
    ['toString(a)', 'unknown function with name "toString"'],
    ['"a', 'unexpected "\\""'],
    ['\u00e9', 'unexpected "\u00e9"'],
    ['\u{1f600}', 'unexpected "\u{1f600}"'],
    ['rate(a[5m]) )', 'unexpected ")"'],
  ])('%s is refused with its place', (query, message) => {
    const failure = failureOf(query);
    expect(failure).toMatchObject({ status: 400, errorType: 'bad_data' });
    expect(failure.message).toContain(message);
  });

  test.each([
    ['sum(rate(a[5m])) by (service)', '1:5: The function rate(...) is not supported by this subset of PromQL. Our samples are amounts per line, so every decrease would be taken for a counter reset: take sum_over_time.'],
    ['irate(a[5m])', 'take sum_over_time'],
    ['increase(a[5m])', 'take sum_over_time'],
    ['histogram_quantile(0.9, a)', '1:1: The function histogram_quantile(...)'],
    ['a / b', '1:3: The operator / between two instant vectors is not supported by this subset of PromQL. One side has to be a number.'],
    ['sum + by', '1:5: The operator + between two instant vectors'],
    ['a * on(service) group_left(x) b', '1:5: Vector matching by on(...)'],
    ['a and b', '1:3: The operator and'],
    ['a atan2 1', '1:3: The operator atan2'],
    ['max_over_time(a[5m:1m])', '1:16: A subquery'],
    ['sum_over_time(sum(a)[5m:])', 'A subquery'],
    ['a @ 1609746000', '1:3: The modifier @'],
    ['a @ end()', 'The modifier @'],
    ['count_values("x", a)', 'The aggregation count_values'],
    ['limitk(1, a)', 'The aggregation limitk'],
    ['scalar(a) + 1', 'The function scalar(...)'],
    ['vector(1)', 'The function vector(...)'],
    ['a[5m + 1m]', 'A calculated duration'],
  ])('%s is PromQL, and not supported', (query, message) => {
    const failure = failureOf(query);
    expect(failure).toMatchObject({ status: 422, errorType: 'execution' });
    expect(failure.message).toContain(message);
  });
});

describe('a hostile query', () => {
  test.each([
    ['10,000 parentheses', '('.repeat(10_000) + '1' + ')'.repeat(10_000), 'at most 8192 are taken'],
    ['4,000 parentheses', '('.repeat(4000) + '1' + ')'.repeat(4000), 'nested deeper than 100'],
    ['8,000 signs', `${'-'.repeat(8000)}1`, 'nested deeper than 100'],
    ['4,000 powers', `${'2^'.repeat(4000)}2`, 'nested deeper than 100'],
    ['4,000 sums', `${'1+'.repeat(4000)}1`, 'more than 1000 parts'],
    ['1,000 functions', 'sum('.repeat(1000), 'nested deeper than 100'],
    ['a regular expression that repeats repetitions', `a{b=~"${'a{1000}'.repeat(100)}"}`, '1:3: parse error: the regular expressions up to here grow to about'],
    ['repetitions in several regular expressions', `{a="b",${'c=~"(?:xxxxxxxxxx){1000}",'.repeat(10)}}`, '1:242: parse error: the regular expressions up to here grow to about 201200 steps'],
    ['classes of letters', `a{b=~'${'\\\\pL'.repeat(1500)}'}`, 'grow to about'],
    ['classes of letters of either case', `a{b=~"(?i)${'[a-\uffff]'.repeat(50)}"}`, 'grow to about'],
    ['a regular expression of repetitions of repetitions', 'a{b=~"((a{1000}){1000}){1000}"}', 'invalid repeat count'],
  ])('%s', (_, query, message) => {
    expect(failureOf(query).message).toContain(message);
  });

  test.each([
    ['a thousand services', Array.from({ length: 1000 }, (_, i) => `straße-${i}`).join('|').slice(0, 8000)],
    ['addresses', String.raw`([0-9]{1,3}\.){3}[0-9]{1,3}`],
    ['words', String.raw`(?i)straße-[a-z]+|\pL{1,20}`],
  ])('a regular expression of %s is taken', (_, value) => {
    expect(shown(parse(`{a=~\`${value}\`}`))).toBe(`{a=~${value}}`);
  });

  test('a regular expression that would take JavaScript\'s own forever takes no time', () => {
    expect(new Matcher('a', '=~', '(a+)+b').matches('a'.repeat(256))).toBe(false);
  });

  test('whatever it is, it is read or refused', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'a{}[]()"\'`\\=~!<>+-*/^%@,:#0159.xemsoffset \n') })), (query) => {
      try {
        parse(query);
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
        expect([400, 422]).toContain((error as Failure).status);
      }
    }), { numRuns: 2000 });
  });
});

describe('match[]', () => {
  test('takes a selector', () => {
    expect(shown(parseMatch('a{service=~"b.*"}'))).toBe('{__name__=a,service=~b.*}');
  });

  test.each(['', '1', 'a offset 5m', 'a[5m]', 'sum(a)', '{}', '"a"'])('and not %s', (text) => {
    expect(failureOf(text, parseMatch).status).toBe(400);
  });
});

describe('a matcher', () => {
  test.each([
    ['=', 'a', ['a'], ['', 'ab']], ['!=', 'a', ['', 'ab'], ['a']], ['=~', 'a|b', ['a', 'b'], ['', 'ab', 'ba']], ['!~', 'a.*', ['', 'ba'], ['a', 'ab']],
    ['=~', 'a.b', ['a\nb', 'axb', 'a\u{1f600}b'], ['ab']], ['=~', '', [''], ['a']],
  ] as const)('%s %j', (operator, value, yes, no) => {
    const matcher = new Matcher('label', operator, value);
    expect(yes.filter((text) => !matcher.matches(text))).toEqual([]);
    expect(no.filter((text) => matcher.matches(text))).toEqual([]);
  });
});
