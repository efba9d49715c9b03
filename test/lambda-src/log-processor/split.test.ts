import { endOfObject } from '../../../lambda-src/log-processor/scan';
import { splitDocuments } from '../../../lambda-src/log-processor/split';
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
    ['a document with records of its own', '{"Records":1}', [{ Records: 1 }]],
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
    ['places after characters of several bytes', '{"a":"é€😀"}\nx', [{ a: 'é€😀' }, 'not_json 2:18']],
    ['places after a pretty-printed document and a byte order mark', '\ufeff{\n"a":1\n}\nx', [{ a: 1 }, 'not_json 4:13']],
    ['a line that is too long', `{"a":"${'x'.repeat(MAX_LINE)}"}\n{"a":2}`, ['line_too_long 1:0', { a: 2 }]],
    ['a pretty-printed document that is too long', `{\n"a":"${'x'.repeat(MAX_LINE)}"}\n{"a":2}`, ['line_too_long 1:0', 'not_json 2:2', { a: 2 }]],
  ])('%s', (_, text, pieces) => expect(read(text)).toEqual(pieces));

  test('bytes that are not UTF-8, a character cut in the middle among them', () => {
    const text = Buffer.concat([Buffer.from('{"a":"'), Buffer.from('é').subarray(0, 1), Buffer.from('"}\n{"a":2}\n'), Buffer.of(0xff, 0xfe)]);
    expect(read(text)).toEqual(['not_utf8 1:0', { a: 2 }, 'not_json 3:18']);
  });

  test('a limit on documents, not on the line that many of them share', () => {
    expect(read(`[${'{"a":1},'.repeat(100)}{"a":2}]`, 10)).toHaveLength(101);
  });
});

test('an array on one line costs no more than its length: the line\'s end is looked for once', () => {
  const bytes = Buffer.from(`[${'{"a":1},'.repeat(1_000)}{"a":2}]\n`);
  const search = jest.spyOn(bytes, 'indexOf');
  expect(split(bytes)).toHaveLength(1_001);
  expect(search).toHaveBeenCalledTimes(1);
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
