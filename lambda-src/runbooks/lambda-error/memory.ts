import { AT_MEMORY } from './thresholds';
import type { FunctionTarget } from '../../../src/private/shared/contract';
import type { Context } from '../framework/definition';
import { type InvocationReport, parseReport, REPORT_LINES } from '../framework/report-line';

/** So many reports are read: enough to meet the failing ones among many. */
const SAMPLED_REPORTS = 1000;

/** What the reports of the incident's invocations tell about memory. */
export interface MemoryFacts {
  readonly reports: number;
  /** In MB. */
  readonly limit: number;
  readonly most: number;
  /** Invocations that filled their memory. */
  readonly full: number;
}

export async function collectMemory({ port, windows, evidence, links }: Context, { name }: FunctionTarget, group: string): Promise<void> {
  const look = await port.logLines({ group, span: windows.incident, match: REPORT_LINES, limit: SAMPLED_REPORTS });
  const reports = look.data?.lines.flatMap(({ message }) => parseReport(message) ?? []) ?? [];
  evidence.add({
    id: `memory.${name}`,
    kind: 'LOG',
    what: `memory of ${name}`,
    look: look.status === 'OK' && reports.length === 0 ? { status: 'NO_DATA' as const } : look,
    data: () => memoryFacts(reports),
    says: () => {
      const { limit, most, full } = memoryFacts(reports);
      return `at most ${most} of ${limit} MB used, full in ${full} of ${reports.length} invocations`;
    },
    link: links.logs(group, windows.incident),
  });
}

function memoryFacts(reports: InvocationReport[]): MemoryFacts {
  return {
    reports: reports.length,
    limit: reports.reduce((most, { memory }) => Math.max(most, memory), 0),
    most: reports.reduce((most, { usedMemory }) => Math.max(most, usedMemory), 0),
    // Each against its own limit: the memory may have been changed in between.
    full: reports.filter(({ usedMemory, memory }) => usedMemory >= AT_MEMORY * memory).length,
  };
}
