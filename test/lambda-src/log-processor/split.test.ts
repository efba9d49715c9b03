import { isUtf8 } from 'node:buffer';
import { endOfObject } from '../../../lambda-src/log-processor/scan';
import { type Place, splitDocuments, Splitter } from '../../../lambda-src/log-processor/split';
import fc from '../../property';

const MAX_LINE = 200;
const split = (text: string | Uint8Array, maxLine = MAX_LINE) => [...splitDocuments(typeof text === 'string' ? Buffer.from(text) : text, maxLine)];
/** Each piece as a test reads it: its value, or its reason with line and offset. */
const read = (text: string | Uint8Array, maxLine?: number) => split(text, maxLine).map(({ value, problem, line, offset }) => (
  problem ? `${problem.code} ${line}:${offset}` : value
));

describe('what holds documents', () => {
  test.each<[string, string, unknown[]]>([
    ['one a line', '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['no last newline', '{"a":1}\n{"a":2}', [{ a: 1 }, { a: 2 }]],
    ['CRLF and blank lines', '\r\n{"a":1}\r\n\r\n  \r\n{"a":2}\r\n', [{ a: 1 }, { a: 2 }]],
    ['a byte order mark', '\ufeff{"a":1}\n{"a":2}', [{ a: 1 }, { a: 2 }]],
    ['one a file, pretty-printed', '{\n  "a": {\n    "b": 1\n  }\n}\n', [{ a: { b: 1 } }]],
    ['several pretty-printed ones', '{\n  "a": 1\n}\n{\n  "a": 2\n}{\n"a":3}', [{ a: 1 }, { a: 2 }, { a: 3 }]],
    ['several on one line', '{"a":1}{"a":2} {"a":3}', [{ a: 1 }, { a: 2 }, { a: 3 }]],
    ['an array on one line', '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['an array, one element a line', '[\n{"a":1},\n{"a":2}\n]\n', [{ a: 1 }, { a: 2 }]],
    ['a pretty-printed array', '[\n  {\n    "a": [1, {"b": "]}"}]\n  },\n  {\n    "a": 2\n  }\n]', [{ a: [1, { b: ']}' }] }, { a: 2 }]],
    ['an array a line', '[{"a":1}]\n[{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['Records on one line', '{"Records":[{"a":1},{"a":2}]}', [{ a: 1 }, { a: 2 }]],
    ['pretty-printed Records', '{\n  "Records" : [\n    {\n      "a": 1\n    },\n    {"a": 2}\n  ]\n}', [{ a: 1 }, { a: 2 }]],
    ['Records a line', '{"Records":[{"a":1}]}\n{"Records":[{"a":2}]}', [{ a: 1 }, { a: 2 }]],
    ['Records with other members after it', '{"Records":[{"a":1}],"b":{"c":[1]},"d":"]}"}\n{"a":2}', [{ a: 1 }, { a: 2 }]],
    ['pretty-printed Records with other members', '{\n "Records": [\n  {"a":1}\n ] ,\n "b": {\n  "c": 1\n }\n}\n{"a":2}', [{ a: 1 }, { a: 2 }]],
    ['Records of arrays', '{"Records":[[{"a":1}],[{"a":2}]],"b":1}{"a":3}', [{ a: 1 }, { a: 2 }, { a: 3 }]],
    ['a document with records of its own', '{"Records":1}', [{ Records: 1 }]],
    ['braces in strings', '[{"a":"{"},{"a":"} b"},{"a":"},{"},{"a":"}"}]\n{"a":"{"}', ['{', '} b', '},{', '}', '{'].map((a) => ({ a }))],
    ['an object of many objects', `{"a":[${'{},'.repeat(50)}{}]}`, [{ a: Array.from({ length: 51 }, () => ({})) }]],
    ['deeper than the scan goes', `{"a":${'['.repeat(70)}${']'.repeat(70)}}`, [JSON.parse(`{"a":${'['.repeat(70)}${']'.repeat(70)}}`)]],
    ['strings with what looks like structure', '{"a":"}\\"{\\\\","b":"\\u007b"}\n{"a":1}', [{ a: '}"{\\', b: '{' }, { a: 1 }]],
    ['characters of several bytes', '{"a":"é€😀"}\n{\n"a":"é€😀"\n}', [{ a: 'é€😀' }, { a: 'é€😀' }]],
    ['nothing', '', []],
    ['only white space', ' \n\r\n\t', []],
    ['an empty array', '[]', []],
  ])('%s', (_, text, values) => expect(read(text)).toEqual(values));
});

describe('what does not', () => {
  test.each<[string, string, unknown[]]>([
    ['a bad line among good ones', '{"a":1}\nnonsense\n{"a":2}', [{ a: 1 }, 'not_json 2:8', { a: 2 }]],
    ['a cut-off line', '{"a":1}\n{"a":{"b":2\n{"a":3}\n{"a":4}', [{ a: 1 }, 'not_json 2:8', { a: 3 }, { a: 4 }]],
    ['a line cut off within a string', '{"a":"x\n{"a":3}', ['not_json 1:0', { a: 3 }]],
    ['a line cut off after a comma', '{"a":1,\n{"a":3}', ['not_json 1:0', { a: 3 }]],
    ['a line cut off after a colon', '{"a":\n{"a":3}\n{"a":4}', ['not_json 1:0', { a: 3 }, { a: 4 }]],
    ['a cut-off last line', '{"a":1}\n{"a":2', [{ a: 1 }, 'not_json 2:8']],
    ['scalars', '1\n"text"\nnull\n{"a":1}', ['not_json 1:0', 'not_json 2:2', 'not_json 3:9', { a: 1 }]],
    ['what follows a document on its line', '{"a":1} and more\n{"a":2}', [{ a: 1 }, 'not_json 1:8', { a: 2 }]],
    ['what looks like an object but is none', '{"a":01}\n{"a":tru}\n{\'a\':1}\n{"a":1}', ['not_json 1:0', 'not_json 2:9', 'not_json 3:19', { a: 1 }]],
    ['a broken element of an array', '[\n{"a":1},\n{"a":},\n{"a":3}\n]', [{ a: 1 }, 'not_json 3:11', { a: 3 }]],
    ['a broken element of Records', '{"Records":[\n{"a":1},\n{a:2},\n{"a":3}\n]}', [{ a: 1 }, 'not_json 3:22', { a: 3 }]],
    ['members after Records that make no sense', '{"Records":[{"a":1}],"b":tru}\n{"a":2}', [{ a: 1 }, 'not_json 1:21', { a: 2 }]],
    ['members after Records that do not end', '{"Records":[{"a":1}],"b":1\n{"a":2}', [{ a: 1 }, 'not_json 1:21', { a: 2 }]],
    ['members after what is no longer Records', '{"Records":[]}\n],"b":1}', ['not_json 2:17']],
    ['an escape at the end of a line', '{"a":"\\\n"}\n{"a":1}', ['not_json 1:0', 'not_json 2:8', { a: 1 }]],
    ['places after characters of several bytes', '{"a":"é€😀"}\nx', [{ a: 'é€😀' }, 'not_json 2:18']],
    ['places after a pretty-printed document and a byte order mark', '\ufeff{\n"a":1\n}\nx', [{ a: 1 }, 'not_json 4:13']],
    ['a line that is too long', `{"a":"${'x'.repeat(MAX_LINE)}"}\n{"a":2}`, ['line_too_long 1:0', { a: 2 }]],
    ['a pretty-printed document that is too long', `{\n"a":"${'x'.repeat(MAX_LINE)}"}\n{"a":2}`, ['line_too_long 1:0', 'not_json 2:2', { a: 2 }]],
  ])('%s', (_, text, pieces) => expect(read(text)).toEqual(pieces));

  test('bytes that are not UTF-8, a character cut in the middle among them', () => {
    const text = Buffer.concat([Buffer.from('{"a":"'), Buffer.from('é').subarray(0, 1), Buffer.from('"}\n{"a":2}\n'), Buffer.of(0xff, 0xfe)]);
    expect(read(text)).toEqual(['not_utf8 1:0', { a: 2 }, 'not_json 3:18']);
  });

  test('what is exactly as long as it may be, and what is a byte longer', () => {
    expect(read('{"a":12}{"a":123}', 8)).toEqual([{ a: 12 }, 'line_too_long 1:8']);
    expect(read('{"Records":[],"b":12345}', 12)).toEqual([]);
    expect(read('{"Records":[],"b":123456}', 12)).toEqual(['not_json 1:14']);
    expect(read(Buffer.from('{"a":"\xff', 'latin1'), 7)).toEqual(['not_utf8 1:0']);
    expect(read(Buffer.from('{"a":"\xff', 'latin1'), 6)).toEqual(['line_too_long 1:0']);
  });

  test('a limit on documents, not on the line that many of them share', () => {
    expect(read(`[${'{"a":1},'.repeat(100)}{"a":2}]`, 10)).toHaveLength(101);
  });
});

test('any documents in any layout come back, each at its place', () => {
  const document = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  const layout = fc.record({
    indent: fc.constantFrom(undefined, 1, 2, '\t'), between: fc.constantFrom('\n', '\r\n', ' \n\n', ','), wrap: fc.constantFrom(['', ''], ['[', ']'], ['{"Records":[', ']}']),
  });
  fc.assert(fc.property(fc.array(document), layout, (documents, { indent, between, wrap }) => {
    const bytes = Buffer.from(wrap[0] + documents.map((value) => JSON.stringify(value, undefined, indent)).join(between) + wrap[1]);
    const pieces = split(bytes, bytes.length);
    expect(pieces.map(({ value }) => value)).toEqual(documents.map((value) => JSON.parse(JSON.stringify(value))));
    for (const { line, offset, end, value } of pieces) {
      expect(JSON.parse(bytes.subarray(offset, end).toString())).toEqual(value);
      expect(line).toBe(bytes.subarray(0, offset).toString().split('\n').length);
    }
  }));
});

test('whatever is cut or changed, no good line beside it is lost', () => {
  fc.assert(fc.property(fc.nat(), fc.constantFrom(...'{}[]",:\\0x '), (position, character) => {
    const lines = Array.from({ length: 5 }, (_, i) => JSON.stringify({ service: 'a', metrics: { [`m${i}`]: i }, note: '"{[' }));
    const spoilt = lines[2];
    const at = position % spoilt.length;
    for (const line of [spoilt.slice(0, at), spoilt.slice(0, at) + character + spoilt.slice(at + 1)]) {
      const values = read([...lines.slice(0, 2), line, ...lines.slice(3)].join('\n')).filter((piece) => typeof piece === 'object');
      for (const good of [0, 1, 3, 4]) expect(values).toContainEqual(JSON.parse(lines[good]));
    }
  }));
});

test('the scan ends where the object does, and where it makes no sense any more', () => {
  const end = (text: string, max = 1000) => endOfObject(Buffer.from(text), 0, max);
  expect(end('{"a":[1,-2.5e+3,true,null,{}]} rest')).toBe(30);
  for (const text of ['{', '{"a"', '{"a":}', '{"a":1,}', '{"a" 1}', '{,}', '{"a":[1,]}', '{"a":[1}', '{"a":"\n"}', '{"a":1 2}', '{1:2}', '{"a":"\\']) {
    expect(`${text} ${end(text)}`).toBe(`${text} not_json`);
  }
  expect(end('{"a":"12345"}', 8)).toBe('line_too_long');
  expect(end('{"a":'.repeat(64) + '1' + '}'.repeat(64))).toBe(385);
  expect(end('{"a":'.repeat(65) + '1' + '}'.repeat(65))).toBe('not_json');
});

/** A piece, with what its place tells. */
interface Found { readonly line: number; readonly offset: number; readonly sample: string; readonly value?: unknown; readonly code?: string }

function found(chunks: Iterable<Uint8Array>, maxLine: number): Found[] {
  const pieces: Found[] = [];
  const spot = (place: Place) => ({ line: place.line, offset: place.offset, sample: Buffer.from(place.sample(Infinity)).toString('latin1') });
  const splitter = new Splitter({
    document: (value, place) => pieces.push({ ...spot(place), value }),
    problem: ({ code }, place) => pieces.push({ ...spot(place), code }),
  }, maxLine);
  for (const chunk of chunks) {
    // Whoever reads may use the same memory again.
    const reused = Uint8Array.from(chunk);
    splitter.write(reused);
    reused.fill(0);
  }
  splitter.end();
  return pieces;
}

/** Cuts into chunks of the given sizes, again and again. */
function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]) yield bytes.subarray(at, at + sizes[i % sizes.length]);
}

/** The same, the slow and obvious way: recursive descent over the text up to where a document must end, from each place anew. */
function obvious(bytes: Buffer, maxLine: number): Found[] {
  const text = bytes.toString('latin1');
  const pieces: Found[] = [];
  let brackets = 0;
  let at = text.startsWith('\xef\xbb\xbf') ? 3 : 0;
  const put = (end: number, what: { value: unknown } | { code: string }) => {
    pieces.push({ line: text.slice(0, at).split('\n').length, offset: at, sample: text.slice(at, end), ...what });
  };
  while (at < text.length) {
    const rest = text.slice(at, at + maxLine);
    const records = /^\{[ \t\r\n]*"Records"[ \t\r\n]*:[ \t\r\n]*\[/.exec(rest);
    if (records) {
      brackets = 1;
      at += records[0].length;
    } else if (/^[ \t\r\n,[\]}]/.test(rest)) {
      const isEnd = rest[0] === ']' && brackets === 1;
      if (rest[0] === '[' && brackets > 0) brackets++;
      if (rest[0] === ']' && brackets > 0) brackets--;
      const end = isEnd ? objectEnd(`{"":[${rest}`) : 'bad';
      at += typeof end === 'number' && 'value' in parsed(Buffer.from(`{"":[${rest}`, 'latin1').subarray(0, end)) ? end - 5 : 1;
    } else {
      const lineEnd = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
      const end = rest[0] === '{' ? objectEnd(rest) : 'bad';
      if (typeof end === 'number') {
        put(at + end, parsed(bytes.subarray(at, at + end)));
        at += end;
        continue;
      }
      const isBadText = rest[0] === '{' && lineEnd - at <= maxLine && !isUtf8(bytes.subarray(at, lineEnd));
      const isTooLong = end === 'open' && at + maxLine < text.length;
      put(Math.min(lineEnd, at + maxLine), { code: isTooLong ? 'line_too_long' : isBadText ? 'not_utf8' : 'not_json' });
      at = lineEnd;
    }
  }
  return pieces;
}

function parsed(bytes: Uint8Array): { value: unknown } | { code: string } {
  if (!isUtf8(bytes)) return { code: 'not_utf8' };
  try {
    return { value: JSON.parse(Buffer.from(bytes).toString()) };
  } catch {
    return { code: 'not_json' };
  }
}

/** The offset after the object that a text begins with, or whether it may be the beginning of one. A scalar is any run of its characters. */
function objectEnd(text: string): number | 'open' | 'bad' {
  const tokens = /[ \t\r\n]*([{}[\],:]|"(?:[^"\\\0-\x1f]|\\[^\0-\x1f])*"|[\da-z.E+-]+)/y;
  const openEnd = /^[ \t\r\n]*(?:"(?:[^"\\\0-\x1f]|\\[^\0-\x1f])*\\?)?$/;
  const next = (): string => {
    const at = tokens.lastIndex;
    const token = tokens.exec(text);
    if (!token) throw openEnd.test(text.slice(at)) ? 'open' : 'bad';
    return token[1];
  };
  const expect = (token: string, isExpected: boolean) => {
    if (!isExpected) throw 'bad';
    return token;
  };
  const members = (end: string, member: (token: string) => void) => {
    for (let token = next(), first = true; !(first && token === end); first = false) {
      member(token);
      token = next();
      if (token === end) return;
      expect(token, token === ',');
      token = next();
    }
  };
  const value = (token: string): void => {
    if (token === '[') return members(']', value);
    if (token === '{') return members('}', (key) => { expect(key, key[0] === '"'); expect(':', next() === ':'); value(next()); });
    expect(token, !'}],:'.includes(token));
  };
  try {
    value(next());
    return tokens.lastIndex;
  } catch (failure) {
    if (failure === 'open' || failure === 'bad') return failure;
    throw failure;
  }
}

describe('what comes in chunks', () => {
  const json = (value: unknown, indent?: number) => JSON.stringify(value, undefined, indent);
  const document = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  const token = fc.constantFrom(
    ...'{}[],:"\\ \n1', '\r\n', '\n\n', 'null', 'x', '{"a":', '{"a":1}', '{"a":1},', '{"a":1,\n', '"a":[1,', '{"a":tru}',
    '{"a":"{"}', '{"a":"}"},', '{"a":"} b"}', '{"Records":[', '{ "Records"\n: [', '{"Records":[{"a":1},', '],"b":1}', '],"b":{"c":[1]}}', '],"b":01}',
    'é', '€', '😀', '\ufffd', '\ufeff', `"${'x'.repeat(40)}"`,
  );
  const deep = fc.constantFrom(`{"a":${'['.repeat(70)}${']'.repeat(70)}}`, '{"a":{"b":\n'.repeat(40));
  const fragments = (more: fc.Arbitrary<string>) => fc.array(fc.oneof(
    { weight: 3, arbitrary: fc.tuple(document, fc.constantFrom(undefined, 1)).map((written) => Buffer.from(json(...written))) },
    { weight: 6, arbitrary: fc.oneof(token, more).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)) },
  ), { maxLength: 30 }).map((buffers) => Buffer.concat(buffers));
  const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
  const maxLines = fc.constantFrom(8, 30, 1_000);

  test('is what an obvious parser finds in the whole, wherever it is cut', () => {
    fc.assert(fc.property(fragments(token), sizes, maxLines, (bytes, chunks, maxLine) => {
      const pieces = obvious(bytes, maxLine);
      expect(found([bytes], maxLine)).toEqual(pieces);
      expect(found(cut(bytes, chunks), maxLine)).toEqual(pieces);
      expect([...splitDocuments(bytes, maxLine)].map(({ line, offset, end }) => ({ line, offset, end })))
        .toEqual(pieces.map(({ line, offset, sample }) => ({ line, offset, end: offset + sample.length })));
    }), { numRuns: 1_000 });
  });

  test('is the same wherever it is cut, however deep', () => {
    fc.assert(fc.property(fragments(deep), sizes, maxLines, (bytes, chunks, maxLine) => {
      expect(found(cut(bytes, chunks), maxLine)).toEqual(found([bytes], maxLine));
    }), { numRuns: 300 });
  });

  test.each([
    '\ufeff{"a":1}\n{"a":2}',
    `[{"a":${'['.repeat(70)}${']'.repeat(70)}} and more\n{"a":1}`,
    '{"Records":[{"a":"é{"},{"a":1}],"b":{"c":"}"}}\r\n{"a":2}',
  ])('is the same wherever it is cut in two: %j', (text) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at++) expect(found([bytes.subarray(0, at), bytes.subarray(at)], 1_000)).toEqual(found([bytes], 1_000));
  });

  test('may be longer than what is looked at in one go', () => {
    const lines = Array.from({ length: 2_000 }, (_, i) => (
      i % 50 === 0 ? `{"broken":"${'é'.repeat(i % 7)}` : json({ i, note: '€'.repeat(i % 20), more: 'x'.repeat(i % 90) }, i % 3 === 0 ? 1 : undefined)
    ));
    const bytes = Buffer.from(lines.join('\n'));
    expect(bytes.length).toBeGreaterThan(2 * 64 * 1024);
    const pieces = obvious(bytes, 1_000);
    expect(pieces.filter(({ code }) => code)).toHaveLength(40);
    for (const size of [bytes.length, 100_000, 64 * 1024, 16 * 1024 - 1]) expect(found(cut(bytes, [size]), 1_000)).toEqual(pieces);
  });

  test('is found behind ten thousand broken lines as it is before, though the parser is no longer made to throw for them', () => {
    const lines = ['{"a":1,', '{"a":{"b":"}"}}', '[{"a":"{"},{"a":"}"}]', '{"é":1}', '{"a":tru}'].join('\n');
    const bytes = Buffer.concat([Buffer.from(`${lines}\n`), Buffer.from('{"a":"\xff\n', 'latin1')]);
    const parse = jest.spyOn(JSON, 'parse');
    const pieces = found([bytes, Buffer.from('{"a":1,\n'.repeat(20_000)), bytes], 1_000);
    expect(parse.mock.calls.length).toBeLessThan(10_100);
    parse.mockRestore();
    const what = ({ value, code }: Found) => value ?? code;
    const first = obvious(bytes, 1_000).map(what);
    expect(first).toEqual(['not_json', { a: { b: '}' } }, { a: '{' }, { a: '}' }, { é: 1 }, 'not_json', 'not_utf8']);
    expect(pieces.slice(0, first.length).map(what)).toEqual(first);
    expect(pieces.slice(-first.length).map(what)).toEqual(first);
  });

  test.each([
    ['a string without end', '{"a":"', 'line_too_long'], ['no JSON', 'x', 'not_json'],
  ])('is not held beyond the longest line: %s', (_, beginning, code) => {
    const maxLine = 200_000;
    const problems: string[] = [];
    const values: unknown[] = [];
    const splitter = new Splitter({
      document: (value) => values.push(value), problem: (problem, { line, offset }) => problems.push(`${problem.code} ${line}:${offset}`),
    }, maxLine);
    const write = (text: string) => {
      splitter.write(Buffer.from(text));
      const { held, length } = splitter as unknown as { held: Uint8Array; length: number };
      expect(length).toBeLessThanOrEqual(maxLine + 64 * 1024);
      // The buffer may have grown to twice what it needed.
      expect(held.length).toBeLessThanOrEqual(2 * (maxLine + 64 * 1024));
    };
    write(`{"a":1}\n${beginning}`);
    for (let i = 0; i < 200; i++) write('x'.repeat(90_000));
    expect(problems).toEqual([`${code} 2:8`]);
    write('\n{"a":2}\nx');
    splitter.end();
    expect(values).toEqual([{ a: 1 }, { a: 2 }]);
    expect(problems).toEqual([`${code} 2:8`, `not_json 4:${8 + beginning.length + 200 * 90_000 + 9}`]);
  });
});

/** Counts the bytes and characters that the splitter looks through, itself or by what it calls. */
const mockMeter = { work: 0, isOn: false };

function mockWatched(bytes: Uint8Array): Uint8Array {
  return mockMeter.isOn ? new Proxy(bytes, {
    get: (target, key) => {
      mockMeter.work++;
      return target[key as unknown as number];
    },
  }) : bytes;
}

jest.mock('../../../lambda-src/log-processor/scan', () => {
  const scan = jest.requireActual('../../../lambda-src/log-processor/scan');
  return {
    ...scan,
    endOfObject: (bytes: Uint8Array, ...rest: unknown[]) => scan.endOfObject(mockWatched(bytes), ...rest),
    endOfMembers: (bytes: Uint8Array, ...rest: unknown[]) => scan.endOfMembers(mockWatched(bytes), ...rest),
  };
});

function workOf(bytes: Buffer, chunk: number, maxLine: number): number {
  const [{ indexOf }, { toString }, { parse }] = [String.prototype, Buffer.prototype, JSON];
  const splitter = new Splitter({ document: () => undefined, problem: () => undefined }, maxLine);
  Object.assign(mockMeter, { work: 0, isOn: true });
  try {
    String.prototype.indexOf = function (this: string, text: string, from = 0) {
      const at = indexOf.call(this, text, from);
      mockMeter.work += (at < 0 ? this.length : at) - from;
      return at;
    };
    Buffer.prototype.toString = function (this: Buffer, encoding?: BufferEncoding, from = 0, to = this.length) {
      mockMeter.work += to - from;
      return toString.call(this, encoding, from, to);
    };
    JSON.parse = (text: string) => {
      mockMeter.work += text.length;
      return parse(text);
    };
    for (const bytesOfChunk of cut(bytes, [chunk])) splitter.write(bytesOfChunk);
    splitter.end();
  } finally {
    mockMeter.isOn = false;
    String.prototype.indexOf = indexOf;
    Buffer.prototype.toString = toString;
    JSON.parse = parse;
  }
  return mockMeter.work;
}

describe('twice as much costs twice as much', () => {
  test.each<[string, (repeat: number) => string, chunk?: number, maxLine?: number]>([
    ['lines', (n) => '{"a":{"b":1}}\n'.repeat(n)],
    ['an array on one line', (n) => `[${'{"a":1},'.repeat(n)}{"a":2}]`],
    ['an array on one line, with braces in strings', (n) => `[${'{"a":"{"},'.repeat(n)}{"a":2}]`],
    ['an array on one line, with text of several bytes', (n) => `[${'{"a":"é"},'.repeat(n)}{"a":2}]`],
    ['lines that are cut off', (n) => '{"a":1\n'.repeat(n)],
    ['lines that are cut off, with text of several bytes', (n) => '{"é":1\n'.repeat(n)],
    ['lines that are no JSON', (n) => 'abc é\n'.repeat(n)],
    ['lines with what is no value', (n) => '{"a":NaN}\n'.repeat(n)],
    ['openings without an end', (n) => '{"a":\n'.repeat(n)],
    ['openings without an end on one line', (n) => '{"a":'.repeat(n)],
    ['beginnings of Records', (n) => '{"Records":[\n'.repeat(n)],
    ['members after Records without an end', (n) => '{"Records":[],"a":\n'.repeat(n)],
    ['a long document', (n) => `{"a":[\n${'1,\n'.repeat(n)}1]}`, 500, 1_000_000],
    ['a long line', (n) => `{"a":"${'x'.repeat(10 * n)}"}`, 500, 1_000_000],
    ['a line that is too long', (n) => 'x'.repeat(10 * n)],
    ['separators', (n) => '}],'.repeat(n)],
  ])('%s', (_, text, chunk = Infinity, maxLine = 10_000) => {
    const costs = [500, 1_000, 2_000].map((n) => workOf(Buffer.from(text(n)), chunk, maxLine));
    expect(costs[1] / costs[0]).toBeLessThan(2.6);
    expect(costs[2] / costs[0]).toBeLessThan(5);
  });
});
