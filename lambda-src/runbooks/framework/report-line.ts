/** Reading the line that ends every invocation: `REPORT RequestId: ...` in Lambda's text format, `platform.report` in JSON. */

/** Finds the lines in the log group; `parseReport` then reads each. */
export const REPORT_LINES = 'REPORT RequestId|platform\\.report';
/** Those of cold starts alone, so that they can be counted where there are too many lines to read. */
export const COLD_REPORT_LINES = 'REPORT RequestId.*(Init|Restore) Duration|platform\\.report.*(init|restore)DurationMs';

/** What one invocation took. */
export interface InvocationReport {
  /** In milliseconds. */
  readonly duration: number;
  /** In milliseconds; there if the invocation was a cold start: its initialisation, or with SnapStart the restore. */
  readonly init?: number;
  /** In MB. */
  readonly memory: number;
  readonly usedMemory: number;
  /** Such as `timeout`, `error`; absent or `success` if all went well. */
  readonly status?: string;
  readonly errorType?: string;
}

export function parseReport(message: string): InvocationReport | undefined {
  const line = message.trim();
  return line.startsWith('{') ? fromJson(line) : fromText(line);
}

function fromText(line: string): InvocationReport | undefined {
  if (!line.startsWith('REPORT ')) return undefined;
  const figure = (label: string) => numberOf(line.match(new RegExp(`(?:^|\\t)${label}: ([\\d.]+) `))?.[1]);
  const word = (label: string) => line.match(new RegExp(`(?:^|\\t)${label}: (\\S+)`))?.[1];
  return complete({
    duration: figure('Duration'),
    init: figure('Init Duration') ?? figure('Restore Duration'),
    memory: figure('Memory Size'),
    usedMemory: figure('Max Memory Used'),
    status: word('Status'),
    errorType: word('Error Type'),
  });
}

function fromJson(line: string): InvocationReport | undefined {
  try {
    const { type, record } = JSON.parse(line) as { type?: unknown; record?: PlatformReport };
    if (type !== 'platform.report' || !record?.metrics) return undefined;
    const { durationMs, initDurationMs, restoreDurationMs, memorySizeMB, maxMemoryUsedMB } = record.metrics;
    return complete({
      duration: numberOf(durationMs),
      init: numberOf(initDurationMs) ?? numberOf(restoreDurationMs),
      memory: numberOf(memorySizeMB),
      usedMemory: numberOf(maxMemoryUsedMB),
      status: record.status,
      errorType: record.errorType,
    });
  } catch {
    return undefined;
  }
}

interface PlatformReport {
  readonly metrics?: Record<string, unknown>;
  readonly status?: string;
  readonly errorType?: string;
}

/** A line that was cut, or that only looks like a report, is none. */
function complete({ duration, memory, usedMemory, init, status, errorType }: Partial<InvocationReport>): InvocationReport | undefined {
  if (duration === undefined || memory === undefined || usedMemory === undefined) return undefined;
  return { duration, memory, usedMemory, ...(init !== undefined && { init }), ...(status && { status }), ...(errorType && { errorType }) };
}

function numberOf(value: unknown): number | undefined {
  const number = value === undefined || value === null ? NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}
