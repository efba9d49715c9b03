/** Reading one line of a function's log, in Lambda's text and JSON formats and in what loggers make of them. */

/** Finds candidates in the log group; `isErrorLine` then judges each. Without word boundaries: NullPointerException counts. */
export const ERROR_WORDS = '(?i)(error|exception|fatal|critical|fail|timed out|timeout|denied|refused|throttl|killed|panic|traceback|out of memory)';

const ERROR_LEVELS = /^(error|fatal|critical|panic|emerg|alert)/i;
const OTHER_LEVELS = /^(info|notice|debug|trace|warn|verbose|log)/i;
/** Lambda's own lines about an invocation; one with a failure in it repeats what another line says. */
const PLATFORM_LINE = /^(START|END|REPORT|EXTENSION|INIT_START|XRAY) /;

export interface ParsedLine {
  readonly level?: string;
  /** What it says, without time, request id and level. */
  readonly text: string;
  readonly errorType?: string;
}

export function parseLine(message: string): ParsedLine {
  const line = message.trim();
  const json = asObject(line);
  if (json) return fromObject(json);
  // Lambda's text format for Node: time, request id and level before the message, separated by tabs.
  const [time, , level, ...rest] = line.split('\t');
  if (rest.length > 0 && /^\d{4}-\d\d-\d\dT/.test(time)) {
    const inner = rest.map((part) => asObject(part.trim())).find((found) => found !== undefined);
    return inner ? { level, ...withoutLevel(fromObject(inner)) } : { level, ...typed(rest.join(' ').trim()) };
  }
  // Python and Java loggers: `[ERROR] ValueError: ...`.
  const bracketed = line.match(/^\[([A-Z]+)\]\s*(?:\S+Z\s+\S+\s+)?(.*)$/s);
  return bracketed ? { level: bracketed[1], ...typed(bracketed[2]) } : typed(line);
}

export function isErrorLine(message: string): boolean {
  const line = message.trim();
  if (PLATFORM_LINE.test(line)) return false;
  const { level } = parseLine(line);
  if (level && ERROR_LEVELS.test(level)) return true;
  if (level && OTHER_LEVELS.test(level)) return false;
  return new RegExp(ERROR_WORDS.replace('(?i)', ''), 'i').test(line);
}

function fromObject(json: Record<string, unknown>): ParsedLine {
  // Lambda's JSON format for Node: the object that the console was given.
  const told = isObject(json.message) ? json.message : json;
  const inner = [told.error, told.err, told.exception, json.message].find(isObject) ?? {};
  const level = asText(json.level) ?? asText(json.severity);
  const errorType = asText(told.errorType) ?? asText(told.exceptionType) ?? asText(inner.errorType) ?? asText(inner.name) ?? asText(inner.type);
  const message = asText(told.message) ?? asText(told.msg);
  const said = asText(told.errorMessage) ?? asText(inner.errorMessage) ?? asText(inner.message) ?? message ?? asText(told.error) ?? '';
  const context = message !== undefined && message !== said ? `${message}: ` : '';
  const type = errorType && !said.startsWith(errorType) ? `${errorType}: ` : '';
  return {
    ...(level && { level }),
    text: platformText(json) ?? (`${context}${type}${said}`.replace(/: $/, '') || JSON.stringify(told)),
    ...(errorType && { errorType }),
  };
}

const asText = (value: unknown): string | undefined => typeof value === 'string' ? value : undefined;

/** Lambda's JSON format tells a time-out by the report's status. */
function platformText(json: Record<string, unknown>): string | undefined {
  const record = isObject(json.record) ? json.record : undefined;
  if (typeof json.type !== 'string' || !json.type.startsWith('platform.') || !record) return undefined;
  const status = typeof record.status === 'string' ? record.status : 'success';
  return status === 'success' ? `${json.type} success` : `${json.type} Status: ${status} ${typeof record.errorType === 'string' ? record.errorType : ''}`.trim();
}

/** `ValueError: no such order` and `java.lang.NullPointerException` begin with their type. */
function typed(text: string): ParsedLine {
  const errorType = text.match(/^(?:Uncaught |Unhandled |Caused by: )?((?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception|Fault))\b/)?.[1];
  return { text: text.split('\n')[0], ...(errorType && { errorType }) };
}

const withoutLevel = ({ text, errorType }: ParsedLine) => ({ text, ...(errorType && { errorType }) });

function asObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
