/** Tells the story: numbered steps, what each does, how long it took, and nothing that did not happen. */
export class Narrator {
  private steps = 0;
  private started = Date.now();
  private readonly begun = Date.now();
  private unfinished = false;

  public title(text: string) {
    console.log(`${text}\n${'='.repeat(text.length)}`);
  }

  /** A new step; the time of the one before counts up to here. */
  public step(text: string) {
    this.endProgress();
    this.steps += 1;
    this.started = Date.now();
    console.log(`\n${this.steps}. ${text}`);
  }

  public say(text: string) {
    this.endProgress();
    console.log(text.split('\n').map((line) => `   ${line}`).join('\n'));
  }

  /** What was reached so far; on a terminal it replaces what it said before. */
  public progress(text: string) {
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\x1b[K   ${text}`);
      this.unfinished = true;
    } else {
      console.log(`   ${text}`);
    }
  }

  /** The step worked: says so, with its time. */
  public done(text: string) {
    this.say(`ok: ${text} (${seconds(Date.now() - this.started)})`);
  }

  public table(rows: string[][]) {
    const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    rows.forEach((row) => this.say(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()));
  }

  /** A text as it reached somebody, in a frame. */
  public quote(text: string) {
    this.endProgress();
    console.log(`   ${'-'.repeat(100)}`);
    text.trimEnd().split('\n').forEach((line) => console.log(`   | ${line}`));
    console.log(`   ${'-'.repeat(100)}`);
  }

  /** Time since the story began. */
  public get elapsed(): string {
    return seconds(Date.now() - this.begun);
  }

  private endProgress() {
    if (this.unfinished) process.stdout.write('\n');
    this.unfinished = false;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
