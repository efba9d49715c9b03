import { SERVICE_LINES } from './thresholds';
import type { ServiceTarget } from '../../../src/private/shared/contract';
import { addErrorLines } from '../framework/collect-logs';
import { round } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import { parseLine } from '../framework/log-line';
import type { LogLines, Look, Span } from '../framework/port';
import type { ServicePoint } from '../framework/port-data';

/** The stored samples of a service's metric in one span; no samples means no data. */
export interface ServiceFigures {
  readonly samples: number;
  readonly sum: number;
  readonly maximum: number;
}

export interface ServiceSeriesFacts {
  readonly service: string;
  readonly metric: string;
  readonly incident: ServiceFigures;
  readonly before: ServiceFigures;
}

export interface QuarantineFacts {
  readonly service: string;
  readonly lines: number;
}

/** A metric that came from the logs: its stored samples, what was quarantined, and error lines of its log objects. */
export async function collectService(context: Context, target: ServiceTarget): Promise<void> {
  await Promise.all([collectSamples(context, target), collectQuarantine(context, target), collectLines(context, target)]);
}

async function collectSamples({ port, windows, evidence }: Context, { name: service, metric }: ServiceTarget) {
  const [now, before] = await Promise.all([windows.incident, windows.before].map((span) => port.serviceSamples({ service, metric, span })));
  evidence.add({
    id: `service.${service}.${metric}`,
    kind: 'METRIC',
    what: `${metric} of the service ${service}, as stored`,
    look: now,
    data: ({ points }): ServiceSeriesFacts => ({ service, metric, incident: figures(points), before: figures(before.data?.points ?? []) }),
    says: ({ points }) => `${told(figures(points))}; in the same time before ${told(figures(before.data?.points ?? []))}`,
  });
}

async function collectQuarantine({ port, windows, evidence }: Context, { name: service }: ServiceTarget) {
  evidence.add({
    id: `quarantine.${service}`,
    kind: 'LOG',
    what: `quarantined lines of the log objects of ${service}`,
    look: await port.serviceQuarantine({ service, span: windows.incident }),
    data: (lines): QuarantineFacts => ({ service, lines }),
    says: (lines) => lines === 0 ? 'none' : `${lines}; the metric is without them`,
  });
}

async function collectLines({ port, windows, evidence }: Context, { name: service, metric }: ServiceTarget) {
  const ask = async (span: Span) => withErrors(await port.serviceLines({ service, span, limit: SERVICE_LINES }), metric);
  const [now, before] = await Promise.all([ask(windows.incident), ask(windows.before)]);
  addErrorLines({ evidence, windows }, { id: `logs.${service}`, group: service, what: `error lines of the service ${service}`, now, before });
}

/** A line that counts no error is none, though it holds the word: `{"metrics": {"errors": 0}}`. */
function withErrors(look: Look<LogLines>, metric: string): Look<LogLines> {
  if (!look.data) return look;
  const lines = look.data.lines.filter(({ message }) => parseLine(message).level !== undefined || !countsNone(message, metric));
  return { ...look, data: { ...look.data, lines, total: look.data.sampled ? look.data.total : lines.length } };
}

function countsNone(message: string, metric: string): boolean {
  try {
    return (JSON.parse(message) as { metrics?: Record<string, unknown> }).metrics?.[metric] === 0;
  } catch {
    return false;
  }
}

function figures(points: ServicePoint[]): ServiceFigures {
  return {
    samples: points.reduce((total, { count }) => total + count, 0),
    sum: points.reduce((total, { sum }) => total + sum, 0),
    maximum: points.reduce((greatest, { max }) => Math.max(greatest, max), 0),
  };
}

const told = ({ samples, sum, maximum }: ServiceFigures) => samples === 0 ? 'no samples' : `${samples} samples, ${round(sum)} in all, ${round(maximum)} at most`;
