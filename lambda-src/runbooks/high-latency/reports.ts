import { SAMPLED_REPORTS } from './thresholds';
import type { FunctionTarget } from '../../../src/private/shared/contract';
import type { Context } from '../framework/definition';
import { percent } from '../framework/judging';
import type { LogLines, Look, Span } from '../framework/port';
import { COLD_REPORT_LINES, type InvocationReport, parseReport, REPORT_LINES } from '../framework/report-line';
import { medianOf } from '../framework/series';

/** What the REPORT lines of one span tell: they alone know of cold starts and memory. */
export interface ReportFigures {
  /** Invocations, counted also where not all lines were read. */
  readonly calls: number;
  readonly cold: number;
  /** Median over the cold starts that were read, in milliseconds. */
  readonly init?: number;
  /** Median of initialisation and duration together. */
  readonly coldCall?: number;
  /** Most that was used, as a share of the memory, and both in MB. */
  readonly memoryShare: number;
  readonly usedMemory: number;
  readonly memory: number;
}

export interface ReportFacts {
  readonly incident: ReportFigures;
  /** Absent: unknown. */
  readonly before?: ReportFigures;
}

export async function collectReports({ port, windows, evidence, links }: Context, { name }: FunctionTarget, group: string): Promise<void> {
  const read = async (span: Span) => {
    const all = await port.logLines({ group, span, match: REPORT_LINES, limit: SAMPLED_REPORTS });
    // The first thousand lines are all of the first seconds, when a function scales: then the cold starts are counted apart.
    const cold = isCut(all) ? await port.logLines({ group, span, match: COLD_REPORT_LINES, limit: SAMPLED_REPORTS }) : undefined;
    return { all, figures: reportFigures(all, cold) };
  };
  const [now, before] = await Promise.all([read(windows.incident), read(windows.before)]);
  evidence.add({
    id: `reports.${name}`,
    kind: 'LOG',
    what: `cold starts and memory of ${name}`,
    look: now.all.status === 'OK' && !now.figures ? { status: 'NO_DATA' as const } : now.all,
    data: (): ReportFacts | undefined => now.figures && { incident: now.figures, ...(before.figures && { before: before.figures }) },
    says: () => now.figures ? `${inWords(now.figures)}; before: ${before.figures ? inWords(before.figures) : 'unknown'}` : 'no report',
    link: links.logs(group, windows.incident),
  });
}

function isCut({ data }: Look<LogLines>): boolean {
  return data !== undefined && (data.sampled || data.total > data.lines.length);
}

function reportFigures({ data }: Look<LogLines>, coldOnes: Look<LogLines> | undefined): ReportFigures | undefined {
  const reports = parsed(data);
  if (!data || reports.length === 0) return undefined;
  const counted = coldOnes?.status === 'NO_DATA' ? 0 : coldOnes?.data && !coldOnes.data.sampled ? coldOnes.data.total : undefined;
  const starts = (coldOnes?.data ? parsed(coldOnes.data) : reports)
    .flatMap(({ init, duration }) => init === undefined ? [] : [{ init, call: init + duration }]);
  const fullest = reports.reduce((most, one) => one.usedMemory / one.memory > most.usedMemory / most.memory ? one : most);
  const [init, coldCall] = [medianOf(starts.map((start) => start.init)), medianOf(starts.map(({ call }) => call))];
  return {
    // Either both are counted or both are of the lines that were read: a share of one to the other would be neither.
    ...(counted === undefined || data.sampled ? { calls: reports.length, cold: reports.filter((report) => report.init !== undefined).length }
      : { calls: data.total, cold: counted }),
    ...(init !== undefined && { init }),
    ...(coldCall !== undefined && { coldCall }),
    memoryShare: fullest.usedMemory / fullest.memory,
    usedMemory: fullest.usedMemory,
    memory: fullest.memory,
  };
}

const parsed = (data: LogLines | undefined): InvocationReport[] => data?.lines.flatMap(({ message }) => parseReport(message) ?? []) ?? [];

function inWords({ calls, cold, init, usedMemory, memory }: ReportFigures): string {
  const starts = init === undefined ? '' : `, initialised in ${Math.round(init)} ms`;
  return `${cold} of ${calls} calls cold (${percent(cold / calls)}${starts}), at most ${usedMemory} of ${memory} MB`;
}
