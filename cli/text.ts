/** What people read is for 80 columns. */
const WIDTH = 80;

/** Breaks a text at spaces; what has none stays whole, so that it can be copied. */
export function wrapped(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Rows of a label and a text, the texts one below the other; an empty label goes on with the one before. */
export function labelled(rows: readonly (readonly [label: string, text: string])[], indent = ''): string[] {
  const column = Math.max(0, ...rows.map(([label]) => label.length)) + 2;
  return rows.flatMap(([label, text]) => {
    const lines = wrapped(text, Math.max(30, WIDTH - indent.length - column));
    return (lines.length > 0 ? lines : ['']).map((line, index) => `${indent}${(index === 0 ? label : '').padEnd(column)}${line}`.trimEnd());
  });
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
