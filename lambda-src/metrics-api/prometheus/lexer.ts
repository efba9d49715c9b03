/** One word of a query. */
export interface Token {
  readonly kind: 'number' | 'duration' | 'text' | 'word' | 'symbol' | 'unknown' | 'end';
  /** As it stands in the query. */
  readonly text: string;
  readonly at: number;
}

const BLANK = /(?:[ \t\r\n]|#[^\r\n]*)*/y;
const DURATION = /\d+(?:ms|[smhdwy])(?:\d+(?:ms|[smhdw]))*(?![a-zA-Z0-9_])/y;
const NUMBER = /(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![a-zA-Z0-9_.])/y;
const TEXT = /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|`[^`]*`/y;
const WORD = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
/** Between braces and brackets, a colon is a sign of its own. */
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const SYMBOL = /==|!=|=~|!~|<=|<\/|<|>=|>\/|>|=|[-+*/%^(){}[\],:@]/y;
/** What is told back of a character that no query has: all of it, where it takes two units. */
const ANYTHING = /./suy;

/** Cuts a query into words; what is none ends it, as a token of its own kind. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  const kinds = (word: RegExp) => [['duration', DURATION], ['number', NUMBER], ['text', TEXT], ['word', word], ['symbol', SYMBOL], ['unknown', ANYTHING]] as const;
  const outside = kinds(WORD);
  const inside = kinds(LABEL);
  let within = false;
  let at = 0;
  const textAt = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(query)?.[0];
  };
  for (;;) {
    at += textAt(BLANK)!.length;
    if (at >= query.length) break;
    for (const [kind, pattern] of within ? inside : outside) {
      const text = textAt(pattern);
      if (text === undefined) continue;
      tokens.push({ kind, text, at });
      break;
    }
    const { kind, text } = tokens.at(-1)!;
    if (kind === 'unknown') return tokens;
    if (kind === 'symbol') within = /[{[]/.test(text) || (within && !/[}\]]/.test(text));
    at += text.length;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}
