import { badData, cannotExecute, Failure, placeOf } from './failure';
import { type Token, tokensOf } from './lexer';
import { quote } from '../problem';

/** The longest query or selector, in characters: those that people and dashboards write are far shorter. */
const MAX_LENGTH = 8192;

/** Goes through the words of a query, or of a selector alone, and knows how to say what is wrong with them. */
export class TokenReader {
  private readonly tokens: Token[];
  private position = 0;
  private unsupported?: Failure;

  public constructor(private readonly text: string, private readonly parameter: 'query' | 'match[]') {
    if (text.length > MAX_LENGTH) throw this.invalid(`it has ${text.length} characters; at most ${MAX_LENGTH} are taken`);
    this.tokens = tokensOf(text);
  }

  public get next(): Token {
    return this.tokens[this.position];
  }

  /** Whether the next word is one of these; words that mean something may be written in capitals. */
  public nextIs(...words: string[]): boolean {
    const { kind, text } = this.next;
    return (kind === 'word' && words.includes(text.toLowerCase())) || (kind === 'symbol' && words.includes(text));
  }

  /** The symbol or word after the next one. */
  public afterNextIs(...words: string[]): boolean {
    const after = this.tokens[this.position + 1];
    return after !== undefined && words.includes(after.text.toLowerCase());
  }

  public take(): Token {
    return this.tokens[this.position++];
  }

  public takeIf(...words: string[]): boolean {
    const found = this.nextIs(...words);
    if (found) this.position++;
    return found;
  }

  public expect(symbol: string, context: string): Token {
    if (!this.nextIs(symbol)) throw this.unexpected(context, `"${symbol}"`);
    return this.take();
  }

  public unexpected(context: string, expected: string): Failure {
    const { kind, text, at } = this.next;
    return this.wrong(at, `unexpected ${kind === 'end' ? this.ending : quote(text)} in ${context}, expected ${expected}`);
  }

  public wrong(at: number, message: string): Failure {
    return this.invalid(`${placeOf(this.text, at)}: parse error: ${message}`);
  }

  private invalid(message: string): Failure {
    return badData(`invalid parameter "${this.parameter}": ${message}`);
  }

  private get ending(): string {
    return `end of the ${this.parameter === 'query' ? 'query' : 'selector'}`;
  }

  /** Remembers what is PromQL and cannot be evaluated here. A query that is wrong besides is told that first. */
  public cannot(at: number, what: string, hint = ''): Failure {
    return this.unsupported ??= cannotExecute(`${placeOf(this.text, at)}: ${what} is not supported by this subset of PromQL.${hint && ` ${hint}`}`);
  }

  public end(context: string): void {
    if (this.next.kind !== 'end') throw this.unexpected(context, `the ${this.ending}`);
    if (this.unsupported) throw this.unsupported;
  }
}
