import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The samples of a series; numbers are texts, since JSON carries neither infinities nor a negative zero. */
export interface PlainSeries {
  readonly labels: Record<string, string>;
  readonly timestamps: readonly number[];
  readonly values: readonly string[];
}

/** A query at the time `start`, or with a `step`, from there to `end`; all in milliseconds. */
export interface PlainQuery {
  readonly query: string;
  readonly start: number;
  readonly end?: number;
  readonly step?: number;
}

export interface PlainResult {
  readonly type?: 'scalar' | 'vector' | 'matrix' | 'string';
  readonly series: readonly PlainSeries[];
  /** Why there is no result. */
  readonly failed?: 'parse' | 'execution';
  readonly error?: string;
}

/** Prometheus's own engine: `main.go` beside this file. */
export class Reference {
  private readonly folder = mkdtempSync(join(tmpdir(), 'promql-reference-'));
  private readonly program = join(this.folder, 'reference');

  public constructor() {
    if (spawnSync('go', ['version']).error) throw new Error('The PromQL comparison needs Go (1.26 or later), and there is no `go` on the PATH.');
    try {
      execFileSync('go', ['build', '-o', this.program, '.'], { cwd: __dirname, stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (error) {
      throw new Error(`Prometheus's engine cannot be built: ${(error as { stderr: Buffer }).stderr}`);
    }
  }

  public evaluate(series: readonly PlainSeries[], queries: readonly PlainQuery[]): PlainResult[] {
    const input = JSON.stringify({ series, queries });
    return JSON.parse(execFileSync(this.program, { input, maxBuffer: 2 ** 30, encoding: 'utf8' }));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
