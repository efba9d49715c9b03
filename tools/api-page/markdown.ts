/** A table; the cells are Markdown. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\n/g, ' ')).join(' | ')} |`.replace(/ {2}\|/g, ' |');
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** JSON as a person would write it: what fits on a line stands on one. */
export function json(value: unknown): string {
  return code('json', lines(value, ''));
}

const WIDTH = 120;

function lines(value: unknown, indent: string): string {
  const short = oneLine(value);
  if (indent.length + short.length <= WIDTH || typeof value !== 'object' || value === null) return short;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((each) => deeper + lines(each, deeper)).join(',\n')}\n${indent}]`;
  const members = Object.entries(value).map(([name, each]) => `${deeper}${JSON.stringify(name)}: ${lines(each, deeper)}`);
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${oneLine(each)}`);
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
}

/** 11,000 for 11000. */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}
